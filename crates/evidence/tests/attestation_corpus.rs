//! The attestations under `corpus/evidence`, each with the codes and places it is refused with.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests read their own corpus and stop at the first surprise"
)]

use std::{fmt::Write as _, fs, num::NonZero, path::PathBuf};

use baton_evidence::{
    attestation::{Expectation, ExpectedSubject, SignerPattern, verify},
    keys::Keyring,
};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus/evidence")
}

fn expectation(circumstances: &Value, name: &str) -> Expectation {
    let threshold = circumstances["threshold"][name].as_u64().unwrap_or(1);
    Expectation {
        subjects: vec![ExpectedSubject {
            name: None,
            digest: circumstances["subject"].as_str().unwrap().parse().unwrap(),
        }],
        predicate_types: serde_json::from_value(circumstances["predicate_types"].clone()).unwrap(),
        threshold: NonZero::new(usize::try_from(threshold).unwrap()).unwrap(),
        signer: circumstances["signer"][name]
            .as_str()
            .map(SignerPattern::new),
    }
}

// spec: EVIDENCE-25
#[test]
fn every_attestation_verifies_or_is_refused_as_expected() {
    let keys = Keyring::parse(&fs::read(folder().join("keyring")).unwrap()).unwrap();
    let circumstances = fs::read(folder().join("circumstances")).unwrap();
    let circumstances: Value = serde_json::from_slice(&circumstances).unwrap();
    let as_of = circumstances["as_of"].as_str().unwrap().parse().unwrap();
    let mut paths: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let kind = path.extension().and_then(std::ffi::OsStr::to_str);
            kind.is_some_and(|kind| kind != "expected")
        })
        .collect();
    paths.sort();
    assert!(paths.len() >= 30, "only {} attestations", paths.len());
    for path in paths {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let expectation = expectation(&circumstances, name);
        let mut found = String::new();
        match verify(&fs::read(&path).unwrap(), &keys, as_of, &expectation) {
            Ok(verified) => {
                for signer in verified.signers {
                    writeln!(found, "verified {}", signer.identity).unwrap();
                }
            }
            Err(problems) => {
                for problem in problems {
                    let line = format!("{} {}", problem.code, problem.place.pointer);
                    writeln!(found, "{}", line.trim_end()).unwrap();
                }
            }
        }
        let expected = fs::read_to_string(path.with_extension("expected")).unwrap();
        assert_eq!(found, expected, "{}", path.display());
    }
}
