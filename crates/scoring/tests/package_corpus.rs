//! The packages under `corpus/packages`: what each is refused with, or what its evidence is worth.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests read their own corpus and stop at the first surprise"
)]

use std::{collections::BTreeMap, fmt::Write as _, fs, path::PathBuf};

use baton_contract::document::Document;
use baton_evidence::{
    canonical,
    json::{Limits, read},
    keys::Keyring,
};
use baton_scoring::{
    CheckedContract,
    evidence::{Artifact, Available},
    facts::Context,
    package::Package,
};
use baton_terms::{Diagnostic, Digest, Source};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus/packages")
}

fn packages() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kind == "json"));
    paths.sort();
    paths
}

fn contract() -> CheckedContract {
    let text = fs::read_to_string(folder().join("contract.yaml")).unwrap();
    let reading = Document::alone(Source::new("contract.yaml", text)).read();
    CheckedContract::compile(&reading).unwrap()
}

/// What the evidence of a package is worth: one line per artifact.
fn judged(package: &Package, contract: &CheckedContract, keyring: &Keyring) -> String {
    let declared = package.evidence().iter();
    let artifacts: BTreeMap<String, Artifact> = declared
        .filter_map(|item| {
            let bytes = fs::read(folder().join(item.path.as_ref()?)).ok()?;
            Some((item.id.to_string(), Artifact::Bytes(bytes)))
        })
        .collect();
    let context = Context::at("2026-11-20T09:00:00Z".parse().unwrap());
    let available = Available {
        artifacts: &artifacts,
        keyring,
        as_of: context.as_of,
    };
    let mut lines = String::new();
    for item in contract
        .evidence_index(package, &context, &available)
        .items()
    {
        let line = format!("{} {} {}", item.id, item.state.word(), item.reason);
        writeln!(lines, "{}", line.trim_end()).unwrap();
    }
    lines
}

fn refused(problems: &[Diagnostic]) -> String {
    let mut lines = String::new();
    for problem in problems {
        assert!(!problem.expected.is_empty(), "{problem:?}");
        let line = format!("{} {}", problem.code, problem.place.pointer);
        writeln!(lines, "{}", line.trim_end()).unwrap();
    }
    lines
}

// spec: PACKAGE-2
// spec: PACKAGE-3
// spec: PACKAGE-32
#[test]
fn every_package_is_refused_or_judged_as_expected() {
    let contract = contract();
    let keyring = Keyring::parse(&fs::read(folder().join("keyring")).unwrap()).unwrap();
    let paths = packages();
    assert!(paths.len() >= 40, "only {} packages", paths.len());
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        let found = match read(&bytes, Limits::PACKAGE).and_then(Package::read) {
            Ok(package) => judged(&package, &contract, &keyring),
            Err(problems) => refused(&problems),
        };
        let expected = fs::read_to_string(path.with_extension("expected")).unwrap();
        assert_eq!(found, expected, "{}", path.display());
    }
}

// spec: PACKAGE-5
#[test]
fn the_digest_is_that_of_the_canonical_form() {
    for path in packages() {
        let Ok(document) = read(&fs::read(&path).unwrap(), Limits::PACKAGE) else {
            continue;
        };
        let canonical = canonical::to_bytes(&document);
        if let Ok(package) = Package::read(document) {
            assert_eq!(
                package.digest(),
                Digest::of(&canonical),
                "{}",
                path.display()
            );
        }
    }
}
