//! The tables of `corpus/kpi`: each is accepted, or refused with the codes and lines that stand beside it.
#![expect(
    clippy::disallowed_methods,
    reason = "tests read the files they are about and stop at the first surprise"
)]

use std::fs;
use std::path::Path;

use baton_rootcause::localise::{Columns, Settings, localise, read};

#[test]
fn every_table_of_the_corpus_is_answered_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/kpi");
    let mut tables: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "csv"))
        .collect();
    tables.sort();
    for path in &tables {
        let bytes = fs::read(path).unwrap();
        let expected = fs::read_to_string(path.with_extension("expected")).unwrap();
        assert_eq!(answer(&bytes), expected, "{}", path.display());
    }
    assert!(tables.len() >= 20, "{} tables", tables.len());
}

/// Returns a line per problem: its code, and its line in the table when it has one.
fn answer(bytes: &[u8]) -> String {
    let problems = match read(bytes, &Columns::default()) {
        Ok(table) => {
            localise(&table, Settings::default());
            return String::new();
        }
        Err(problems) => problems,
    };
    problems
        .iter()
        .map(|problem| match problem.place.span {
            Some(span) => {
                let before = bytes.iter().take(span.start);
                let line = before.filter(|byte| **byte == b'\n').count() + 1;
                format!("{} {line}\n", problem.code)
            }
            None => format!("{}\n", problem.code),
        })
        .collect()
}
