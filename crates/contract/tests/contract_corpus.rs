//! Contracts of `corpus/contracts/`, hostile ones among them, each with the diagnostics it gives.
//!
//! `NAME.expected` lists one diagnostic per line as `line:column code underlined text`. To record
//! new expectations, run with `BATON_UPDATE_CORPUS=1` and read the difference.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads files and fails by panicking"
)]

use std::path::{Path, PathBuf};

use baton_contract::document::Document;
use baton_contract::lint::lint;
use baton_terms::Source;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/contracts");
/// Characters of an underlined text that are compared.
const SHOWN: usize = 60;

fn contracts() -> Vec<PathBuf> {
    let files = std::fs::read_dir(CORPUS).unwrap();
    let mut contracts: Vec<_> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml" || e == "json"))
        .collect();
    contracts.sort();
    contracts
}

/// Returns `NAME.expected`; a JSON file keeps its ending, since a YAML file may have the same name.
fn expected_path(path: &Path) -> PathBuf {
    let file = path.file_name().unwrap().to_string_lossy().into_owned();
    let name = file.strip_suffix(".yaml").unwrap_or(&file);
    let name = name.strip_suffix(".contract").unwrap_or(name);
    path.with_file_name(format!("{name}.expected"))
}

fn diagnostics(path: &Path) -> String {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path).unwrap();
    let document = Document::alone(Source::new(name, text));
    let mut lines = String::new();
    for diagnostic in lint(&document).diagnostics {
        let span = diagnostic.place.span.unwrap_or_default();
        let at = document.main.line_column(span.start);
        let underlined = document.main.slice(span).lines().next().unwrap_or_default();
        let shown: String = underlined.escape_debug().take(SHOWN).collect();
        let line = format!("{}:{} {} {shown}", at.line, at.column, diagnostic.code);
        lines = format!("{lines}{}\n", line.trim_end());
    }
    lines
}

#[test]
fn every_contract_gives_its_diagnostics() {
    let contracts = contracts();
    assert!(contracts.len() >= 30, "{} contracts", contracts.len());
    let mut wrong = Vec::new();
    for path in contracts {
        let expected_path = expected_path(&path);
        let found = diagnostics(&path);
        if std::env::var("BATON_UPDATE_CORPUS").is_ok() {
            std::fs::write(&expected_path, &found).unwrap();
        }
        let expected = std::fs::read_to_string(&expected_path).unwrap_or_default();
        if found != expected || !expected_path.is_file() {
            let name = path.display();
            wrong.push(format!("{name}\nexpected:\n{expected}found:\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn twelve_mistakes_give_twelve_diagnostics() {
    let path = Path::new(CORPUS).join("twelve-mistakes.contract.yaml");
    let found = diagnostics(&path);
    assert_eq!(found.lines().count(), 12, "{found}");
    let mut codes: Vec<_> = found
        .lines()
        .filter_map(|line| line.split(' ').nth(1))
        .collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), 12, "{found}");
}

#[test]
fn every_diagnostic_of_the_corpus_has_a_page() {
    let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors");
    for path in contracts() {
        for line in diagnostics(&path).lines() {
            let code = line.split(' ').nth(1).unwrap();
            let page = format!("{pages}/{code}.md");
            assert!(Path::new(&page).is_file(), "{page}");
        }
    }
}
