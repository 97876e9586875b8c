//! The bundles under `corpus/bundle`, each with the verdict and findings it must get.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests read their own corpus and stop at the first surprise"
)]

use std::{fmt::Write as _, fs, path::PathBuf};

use baton_evidence::{
    bundle::{Report, verify},
    keys::Keyring,
    trace::Verdict,
};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus/bundle")
}

fn shown(report: &Report) -> String {
    let mut text = match report.verdict() {
        Verdict::Verified => "verified\n".to_owned(),
        Verdict::InPart => "in part\n".to_owned(),
        Verdict::Untrusted => "untrusted\n".to_owned(),
        Verdict::Refused => "refused\n".to_owned(),
    };
    for finding in &report.findings {
        writeln!(text, "{} {finding}", finding.code()).unwrap();
    }
    text
}

// spec: EVIDENCE-73
#[test]
fn every_bundle_gets_its_verdict_and_findings() {
    let keys = Keyring::parse(&fs::read(folder().join("keyring")).unwrap()).unwrap();
    let as_of = "2026-12-01T00:00:00Z".parse().unwrap();
    let mut seen = 0;
    let mut paths: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        if !path
            .extension()
            .is_some_and(|kind| kind == "json" || kind == "html")
        {
            continue;
        }
        let report = verify(&fs::read(&path).unwrap(), Some(&keys), as_of);
        let expected = fs::read_to_string(path.with_extension("expected")).unwrap();
        assert_eq!(shown(&report), expected, "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} bundles");
}
