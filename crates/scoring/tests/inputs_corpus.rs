//! The documents under `corpus/inputs` that a check reads beside contract and package; the first
//! word of a name says which reader it is for. Each is read, or refused with codes and places.
#![expect(
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests read their own corpus and stop at the first surprise"
)]

use std::{fmt::Write as _, fs, path::PathBuf};

use baton_evidence::json::{Limits, read};
use baton_scoring::{
    evidence::EvidenceIndex,
    facts::{Context, History},
    waivers::Waivers,
};
use baton_terms::{Diagnostic, Source};

fn problems(name: &str, text: &str) -> Vec<Diagnostic> {
    let refused = if name.starts_with("waivers-") {
        Waivers::read(&Source::new(name, text)).err()
    } else {
        match read(text.as_bytes(), Limits::PACKAGE) {
            Err(problems) => Some(problems),
            Ok(document) if name.starts_with("history-") => History::read(&document).err(),
            Ok(document) if name.starts_with("context-") => Context::read(&document).err(),
            Ok(document) if name.starts_with("index-") => EvidenceIndex::read(&document).err(),
            Ok(_) => panic!("no reader for `{name}`"),
        }
    };
    refused.unwrap_or_default()
}

// spec: PACKAGE-10
// spec: PACKAGE-11
// spec: PACKAGE-20
// spec: PACKAGE-21
#[test]
fn every_document_is_read_or_refused_as_expected() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus/inputs");
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kind != "expected"));
    paths.sort();
    assert!(paths.len() >= 30, "only {} documents", paths.len());
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        let mut found = String::new();
        for problem in problems(name, &fs::read_to_string(&path).unwrap()) {
            let line = format!("{} {}", problem.code, problem.place.pointer);
            writeln!(found, "{}", line.trim_end()).unwrap();
        }
        let expected = fs::read_to_string(path.with_extension("expected")).unwrap();
        assert_eq!(found, expected, "{name}");
    }
}
