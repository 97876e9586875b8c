//! The commands as their users meet them: exit codes, the line that matters, and JSON as published.
//! What they decide is tested where it is decided.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests write the files they are about and stop at the first surprise"
)]

mod compose;
mod diff;
mod digest;
mod discover;
mod golden;
mod help;
mod import;
mod init;
mod keys;
mod lint;
mod mine;
mod propose;
mod run;
mod run_packages;
mod sample;
mod store;
mod tour;

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

/// What a command did.
struct Ran {
    code: Option<i32>,
    answer: String,
    problems: String,
}

impl Ran {
    /// Checks the exit code, and that the answer shows each of `parts`.
    fn shows(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "{}{}", self.answer, self.problems);
        for part in parts {
            let Self { answer, .. } = self;
            assert!(answer.contains(part), "`{part}` is missing from:\n{answer}");
        }
    }

    /// Checks the exit code, and that standard error shows each of `parts` and nothing is answered.
    fn refuses(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "{}{}", self.answer, self.problems);
        assert_eq!(self.answer, "");
        for part in parts {
            let Self { problems, .. } = self;
            assert!(
                problems.contains(part),
                "`{part}` is missing from:\n{problems}"
            );
        }
    }

    /// Returns the answer as JSON after checking it against the schema `baton schema` prints.
    fn json(&self, code: i32, document: &str) -> Value {
        assert_eq!(self.code, Some(code), "{}{}", self.answer, self.problems);
        let answer = serde_json::from_str(&self.answer).unwrap();
        let schema = baton(&["schema", document]).answer;
        let schema = serde_json::from_str(&schema).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let problems: Vec<_> = validator.iter_errors(&answer).collect();
        assert!(problems.is_empty(), "{problems:?} in {answer:#}");
        answer
    }
}

/// Runs `baton` in the root of the repository, without anything of the environment.
fn baton(arguments: &[&str]) -> Ran {
    baton_in(&repository(), arguments)
}

fn baton_in(folder: &Path, arguments: &[&str]) -> Ran {
    let output = Command::cargo_bin("baton")
        .unwrap()
        .current_dir(folder)
        .env_clear()
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran {
        code: output.status.code(),
        answer: text(output.stdout),
        problems: text(output.stderr),
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every shipped contract's folder, from the root of the repository.
fn shipped() -> Vec<String> {
    let entries = std::fs::read_dir(repository().join("contracts")).unwrap();
    let folders = entries.map(Result::unwrap).filter(|e| e.path().is_dir());
    let mut names: Vec<_> = folders
        .map(|folder| format!("contracts/{}", folder.file_name().to_str().unwrap()))
        .collect();
    names.sort();
    assert!(names.len() >= 9, "{names:?}");
    names
}

/// A folder with one edited copy of a shipped contract; returns it with the contract's path.
fn edited(contract: &str, edits: &[(&str, &str)]) -> (tempfile::TempDir, String) {
    let from = repository().join("contracts").join(contract);
    let folder = tempfile::tempdir().unwrap();
    for name in ["package.schema.json", "outputs.schema.json"] {
        std::fs::copy(from.join(name), folder.path().join(name)).unwrap();
    }
    let mut text = std::fs::read_to_string(from.join("contract.yaml")).unwrap();
    for (before, after) in edits {
        assert!(text.contains(before), "the contract has no `{before}`");
        text = text.replacen(before, after, 1);
    }
    let path = folder.path().join("contract.yaml");
    std::fs::write(&path, text).unwrap();
    (folder, path.to_str().unwrap().to_owned())
}
