//! Every contract shipped with Baton passes its own suites, under every condition it asks for.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read the shipped files"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use baton_contract::document::Document;
use baton_scoring::CheckedContract;
use baton_simulation::suites::{self, Files, FilesError, Outcome, Subject, TestFile};
use baton_terms::{Digest, Source};

/// The files beside a contract's test file; deliveries go through memory.
struct Beside(PathBuf);

fn read(path: &Path) -> Result<Vec<u8>, FilesError> {
    fs::read(path).map_err(|error| FilesError(error.to_string()))
}

impl Files for Beside {
    fn read(&self, path: &str) -> Result<Vec<u8>, FilesError> {
        read(&self.0.join(path))
    }

    fn read_artifact(&self, package: &str, name: &str) -> Result<Vec<u8>, FilesError> {
        let package = self.0.join(package);
        read(&package.parent().unwrap_or(&self.0).join(name))
    }

    fn deliver(&self, _name: &str, bytes: &[u8]) -> Result<Vec<u8>, FilesError> {
        Ok(bytes.to_vec())
    }
}

fn document(folder: &Path) -> Document {
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let main = Source::new("contract.yaml", text("contract.yaml"));
    let files: BTreeMap<String, Source> = Document::files_named_in(&main)
        .into_iter()
        .map(|name| (name.clone(), Source::new(name.clone(), text(&name))))
        .collect();
    Document { main, files }
}

/// Returns what did not pass, one line each.
fn failures(folder: &Path) -> Vec<String> {
    let reading = document(folder).read();
    let contract = match CheckedContract::compile(&reading) {
        Ok(contract) => contract,
        Err(problems) => return vec![format!("{problems:?}")],
    };
    let tests = folder.join("tests");
    let text = fs::read_to_string(tests.join("contract-tests.yaml")).unwrap();
    let source = Source::new("contract-tests.yaml", text.clone());
    let file = match TestFile::read(&source) {
        Ok(file) => file,
        Err(problems) => return vec![format!("{problems:?}")],
    };
    let subject = Subject {
        contract: &contract,
        form: &reading.normal_form().unwrap(),
        tests: &file,
        tests_digest: Digest::of(text.as_bytes()),
    };
    let report = suites::run(&subject, &Beside(tests));
    let failed = report.suites.iter().flat_map(|suite| {
        let failed = |case: &&suites::CaseReport| case.outcome != Outcome::Passed;
        suite.cases.iter().filter(failed).map(move |case| {
            let messages = case.messages.join("\n    ");
            format!("{} · {}:\n    {messages}", suite.suite, case.name)
        })
    });
    let open = report
        .not_covered
        .iter()
        .map(|open| format!("not covered: {open}"));
    failed.chain(open).collect()
}

#[test]
fn shipped_contracts_pass_their_suites() {
    let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    let mut folders: Vec<PathBuf> = fs::read_dir(contracts)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("contract.yaml").is_file())
        .collect();
    folders.sort();
    assert_eq!(folders.len(), 9);
    let failed: Vec<String> = folders
        .iter()
        .flat_map(|folder| {
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            failures(folder)
                .into_iter()
                .map(move |line| format!("{name}: {line}"))
        })
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
