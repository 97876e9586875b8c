//! The artifacts of a package: read one at a time, and kept only where their bytes are needed.

use std::collections::BTreeMap;
use std::path::Path;

use baton_scoring::CheckedContract;
use baton_scoring::evidence::Artifact;
use baton_scoring::package::{Evidence, Package};
use baton_terms::{Digest, limits};

use crate::files;

/// Bytes that may still be read of one package's artifacts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    /// Of all of them.
    all: usize,
    /// Of those that are verified as attestations, whose bytes are in memory together.
    attestations: usize,
}

impl Allowance {
    /// What a check may read.
    pub(crate) const FULL: Self = Self {
        all: limits::EVIDENCE_TOTAL_BYTES_MAX,
        attestations: limits::ATTESTATIONS_BYTES_MAX,
    };
}

/// Reads the artifacts that stand in the folder of a package. What can't be read is no failure of
/// the check: the evidence is then unverifiable, with the reason.
pub(crate) fn read(
    folder: &Path,
    package: &Package,
    contract: &CheckedContract,
    mut allowance: Allowance,
) -> BTreeMap<String, Artifact> {
    let mut artifacts = BTreeMap::new();
    for item in package.evidence() {
        let artifact = match &item.path {
            None => Artifact::Unreadable("the package names no file for it".to_owned()),
            Some(name) if contract.verifies(&item.id) => {
                attestation((folder, name), item, &mut allowance)
            }
            Some(name) => digest((folder, name), &mut allowance),
        };
        artifacts.insert(item.id.to_string(), artifact);
    }
    artifacts
}

/// Returns the bytes of an attestation; of one that is not the file declared, its digest says enough.
fn attestation(
    (folder, name): (&Path, &str),
    item: &Evidence,
    allowance: &mut Allowance,
) -> Artifact {
    let left = allowance.attestations.min(allowance.all);
    let bytes = match files::artifact(folder, name, limits::EVIDENCE_BYTES_MAX.min(left)) {
        Ok(bytes) => bytes,
        Err(why) => return Artifact::Unreadable(told(why, left)),
    };
    allowance.all = allowance.all.saturating_sub(bytes.len());
    let digest = Digest::of(&bytes);
    if digest != item.digest {
        return Artifact::Digest(digest);
    }
    allowance.attestations = allowance.attestations.saturating_sub(bytes.len());
    Artifact::Bytes(bytes)
}

fn digest((folder, name): (&Path, &str), allowance: &mut Allowance) -> Artifact {
    let left = allowance.all;
    match files::artifact_digest(folder, name, limits::EVIDENCE_BYTES_MAX.min(left)) {
        Ok((digest, size)) => {
            allowance.all = left.saturating_sub(size);
            Artifact::Digest(digest)
        }
        Err(why) => Artifact::Unreadable(told(why, left)),
    }
}

/// Returns why an artifact can't be read, and where that follows from the others, that it does.
fn told(why: String, left: usize) -> String {
    if left < limits::EVIDENCE_BYTES_MAX {
        format!("{why}; {left} bytes are left of what all evidence together may have")
    } else {
        why
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_contract::document::Document;
    use baton_terms::Source;
    use serde_json::json;

    const CONTRACT: &str = include_str!("../../../corpus/packages/contract.yaml");

    /// What becomes of a document and a report of these sizes.
    fn read_within(sizes: (usize, usize), allowance: Allowance) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let reading = Document::alone(Source::new("contract.yaml", CONTRACT)).read();
        let contract = CheckedContract::compile(&reading).unwrap();
        let item = |id: &str, size: usize| {
            let bytes = vec![b'x'; size];
            files::write(&folder.path().join(id), &bytes).unwrap();
            json!({
                "id": id, "media_type": "text/plain", "digest": Digest::of(&bytes).to_string(),
                "created_at": "2026-11-19T09:00:00Z", "path": id,
            })
        };
        let package = json!({
            "baton": "package/v1", "contract": {"name": "corpus"}, "work_item": "PAY-7",
            "sender": {"role": "designer", "team": "design"}, "risk_tier": "low",
            "payload": {}, "evidence": [item("doc", sizes.0), item("report", sizes.1)],
        });
        let package = Package::read(package).unwrap();
        let read = read(folder.path(), &package, &contract, allowance);
        let told = |artifact: &Artifact| match artifact {
            Artifact::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Artifact::Digest(_) => "digest".to_owned(),
            Artifact::Unreadable(why) => why.clone(),
        };
        read.values().map(told).collect()
    }

    #[test]
    fn only_what_is_verified_is_kept_and_all_of_it_is_limited() {
        assert_eq!(read_within((10, 5), Allowance::FULL), ["digest", "5 bytes"]);
        let small = Allowance {
            all: 12,
            attestations: 4,
        };
        assert_eq!(read_within((8, 4), small), ["digest", "4 bytes"]);
        let [document, report] = <[String; 2]>::try_from(read_within((8, 5), small)).unwrap();
        assert_eq!(document, "digest");
        assert_eq!(
            report,
            "its file `report` is too large: expected at most 4 bytes (E0902); 4 bytes are left of what all evidence together may have"
        );
        let [document, report] = <[String; 2]>::try_from(read_within((13, 4), small)).unwrap();
        assert!(document.contains("E0902"), "{document}");
        assert_eq!(report, "4 bytes");
    }
}
