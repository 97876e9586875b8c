//! Every contract shipped with Baton lints without an error or a warning.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read the shipped files"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use baton_contract::compose::containment::{Containment, contains};
use baton_contract::document::Document;
use baton_contract::lint;
use baton_terms::Source;

fn shipped() -> Vec<PathBuf> {
    let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    let mut folders: Vec<PathBuf> = fs::read_dir(contracts)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("contract.yaml").is_file())
        .collect();
    folders.sort();
    folders
}

fn document(folder: &Path) -> Document {
    let main = Source::new(
        "contract.yaml",
        fs::read_to_string(folder.join("contract.yaml")).unwrap(),
    );
    let files: BTreeMap<String, Source> = Document::files_named_in(&main)
        .into_iter()
        .map(|name| {
            let text = fs::read_to_string(folder.join(&name)).unwrap();
            (name.clone(), Source::new(name, text))
        })
        .collect();
    Document { main, files }
}

#[test]
fn shipped_contracts_have_no_problem() {
    let folders = shipped();
    assert!(!folders.is_empty());
    let mut problems = Vec::new();
    for folder in &folders {
        let lint = lint::lint(&document(folder));
        assert!(lint.is_accepted() || !lint.diagnostics.is_empty());
        problems.extend(lint.diagnostics.iter().map(|d| {
            format!(
                "{}: {} {} at {} ({}; {})",
                folder.display(),
                d.code,
                d.message,
                d.place.pointer,
                d.found,
                d.hint
            )
        }));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn shipped_contracts_are_named_after_their_folder_and_have_all_their_parts() {
    for folder in shipped() {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let reading = document(&folder).read();
        let contract = reading.contract().unwrap();
        assert_eq!(contract.name.as_str(), name);
        for part in [
            "README.md",
            "package.schema.json",
            "examples/complete.json",
            "examples/needs-work.json",
            "examples/high-risk.json",
            "tests/contract-tests.yaml",
        ] {
            assert!(folder.join(part).is_file(), "{name} has no {part}");
        }
        let clauses = contract.clauses.len();
        assert!((8..=20).contains(&clauses), "{name}: {clauses} clauses");
    }
}

#[test]
fn neighbors_of_the_delivery_chain_fit() {
    let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    let schema = |name: &str, file: &str| -> serde_json::Value {
        let text = fs::read_to_string(contracts.join(name).join(file)).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    for (before, after) in [
        ("requirements-to-engineering", "engineering-to-qa"),
        ("design-to-engineering", "engineering-to-qa"),
        ("engineering-to-qa", "qa-to-release"),
        ("qa-to-release", "release-to-support"),
    ] {
        let outputs = schema(before, "outputs.schema.json");
        let inputs = schema(after, "package.schema.json");
        assert_eq!(
            contains(&outputs, &inputs),
            Containment::Yes,
            "{before} {after}"
        );
        // What is guaranteed is stricter than what is asked for, so the other way round it does not fit.
        assert_ne!(
            contains(&inputs, &outputs),
            Containment::Yes,
            "{after} {before}"
        );
    }
}
