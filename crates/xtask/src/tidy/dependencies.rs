//! Each dependency is a decision: it is declared once, in the root manifest, and has a row in
//! `docs/dependencies.md` that says what for, why this one, and under which licence.

use std::collections::BTreeSet;

use super::problem::{At, Problem};
use super::text::{numbered, pattern};
use super::tree::Tree;

/// The page of reasons.
const PAGE: &str = "docs/dependencies.md";

/// Checks the root manifest against the page, and every crate against the root manifest.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let row = pattern(r"^\| `([\w-]+)` \|");
    let page = tree.text(PAGE).unwrap_or_default();
    let rows: Vec<(usize, &str)> = numbered(page)
        .filter_map(|(line, text)| Some((line, row.captures(text)?.get(1)?.as_str())))
        .collect();
    let mut declared = BTreeSet::new();
    for (line, name, value) in entries(tree.text("Cargo.toml").unwrap_or_default()) {
        declared.insert(name);
        let ours = value.contains("path = \"crates/");
        if !ours && !rows.iter().any(|(_, named)| *named == name) {
            problems.push(
                At {
                    path: "Cargo.toml",
                    line,
                }
                .problem(
                    "dependency without a reason",
                    format!("a row in {PAGE}"),
                    format!("none for `{name}`"),
                ),
            );
        }
    }
    let mut told = BTreeSet::new();
    for (line, name) in &rows {
        if !told.insert(name) {
            let at = At {
                path: PAGE,
                line: *line,
            };
            let found = format!("a second one for `{name}`");
            problems.push(at.problem("reason given twice", "one row", found));
        }
    }
    for (line, name) in rows
        .into_iter()
        .filter(|(_, name)| !declared.contains(name))
    {
        problems.push(At { path: PAGE, line }.problem(
            "reason without a dependency",
            "an entry in [workspace.dependencies]",
            format!("none for `{name}`"),
        ));
    }
    let manifests = tree
        .texts()
        .filter(|(path, _)| path.starts_with("crates/") && path.ends_with("/Cargo.toml"));
    for (path, text) in manifests {
        for (line, name, value) in entries(text) {
            if !value.contains("workspace = true") {
                problems.push(At { path, line }.problem(
                    "dependency declared outside the root manifest",
                    format!("`{name}.workspace = true`"),
                    format!("`{}`", value.trim()),
                ));
            }
        }
    }
    problems
}

/// Returns line, name and text of each entry of a manifest's dependency tables.
fn entries(manifest: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let mut inside = false;
    numbered(manifest).filter_map(move |(line, text)| {
        if text.starts_with('[') {
            inside = text.trim_end().ends_with("dependencies]");
            return None;
        }
        let end = text.find(['.', ' ', '='])?;
        let name = text.get(..end)?;
        let opens = name
            .chars()
            .next()
            .is_some_and(|letter| letter.is_ascii_alphanumeric());
        (inside && opens).then_some((line, name, text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tree;

    const ROOT: &str = "[package]\nname = \"x\"\n[workspace.dependencies]\n\
                        baton-terms = { path = \"crates/terms\" }\n\nserde = \"1\"\n";

    #[track_caller]
    fn check_one(page: &str, manifest: &str, expected: &[&str]) {
        let files = [
            ("Cargo.toml", ROOT),
            (PAGE, page),
            ("crates/a/Cargo.toml", manifest),
        ];
        let found: Vec<String> = check(&tree(&files))
            .into_iter()
            .map(|found| found.what)
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_dependency_has_a_reason() {
        check_one("| `serde` | a | b |\n", "", &[]);
        check_one("", "", &["dependency without a reason"]);
        check_one(
            "| `serde` | a |\n| `serde` | b |\n",
            "",
            &["reason given twice"],
        );
        check_one(
            "| `serde` | a |\n| `gone` | a |\n",
            "",
            &["reason without a dependency"],
        );
    }

    #[test]
    fn a_crate_takes_versions_from_the_root() {
        let page = "| `serde` | a | b |\n";
        check_one(page, "[dependencies]\nserde.workspace = true\n", &[]);
        check_one(
            page,
            "[dev-dependencies]\nserde = { workspace = true, features = [] }\n",
            &[],
        );
        check_one(
            page,
            "[dev-dependencies]\nserde = \"1\"\n[[bin]]\nname = \"a\"\n",
            &["dependency declared outside the root manifest"],
        );
    }
}
