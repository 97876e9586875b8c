//! Ties the specification to tests: each clause of `docs/spec/*.md` is named by a `// spec: ID`
//! comment above a test, and each such comment names a clause that exists.

use std::collections::BTreeMap;

use regex::Regex;

use super::problem::{At, Problem};
use super::text::{numbered, pattern, prose_lines};
use super::tree::Tree;

/// Folder of the normative pages.
const PAGES: &str = "docs/spec/";
/// Names of outside standards that look like clause ids.
const STANDARDS: [&str; 5] = ["RFC-", "SHA-", "ISO-", "UTF-", "IEEE-"];

/// Checks clauses against tests and tests against clauses.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let clauses = clauses(tree, &mut problems);
    let mut proven: BTreeMap<String, bool> = clauses.keys().map(|id| (id.clone(), false)).collect();
    for (path, text) in tree
        .rust()
        .filter(|(path, _)| !path.starts_with("crates/xtask/"))
    {
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in numbered(text) {
            let Some(ids) = line.trim_start().strip_prefix("// spec: ") else {
                continue;
            };
            let at = At { path, line: number };
            if !stands_above_a_test(lines.iter().skip(number)) {
                problems.push(at.problem("spec comment", "directly above a test", "no test below"));
            }
            for id in ids.split(',').map(str::trim) {
                match proven.get_mut(id) {
                    Some(seen) => *seen = true,
                    None => problems.push(at.problem(
                        "test of an unknown clause",
                        "a clause id of docs/spec",
                        format!("`{id}`"),
                    )),
                }
            }
        }
    }
    for (id, (path, line)) in &clauses {
        if proven.get(id) == Some(&false) {
            let expected = format!("`// spec: {id}` above a test");
            problems.push(At { path, line: *line }.problem(
                "clause without a test",
                expected,
                "none",
            ));
        }
    }
    problems
}

/// Returns each clause and where it is written: an id that opens a list item, a table row or a heading.
fn clauses(tree: &Tree, problems: &mut Vec<Problem>) -> BTreeMap<String, (String, usize)> {
    let opening: Regex = pattern(r"^\s*(?:[-*|]|\d+\.|#{2,4})\s+[*`]*([A-Z]+(?:-[A-Z]+)*-\d+)\b");
    let mut clauses: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for (path, text) in tree.markdown().filter(|(path, _)| path.starts_with(PAGES)) {
        let raw: Vec<&str> = text.lines().collect();
        for (line, _) in prose_lines(text) {
            let content = raw.get(line - 1).copied().unwrap_or_default();
            let Some(id) = opening.captures(content).and_then(|groups| groups.get(1)) else {
                continue;
            };
            if STANDARDS
                .iter()
                .any(|standard| id.as_str().starts_with(standard))
            {
                continue;
            }
            let place = (path.to_owned(), line);
            if let Some((earlier, at)) = clauses.insert(id.as_str().to_owned(), place) {
                problems.push(At { path, line }.problem(
                    "clause id used twice",
                    format!("only at {earlier}:{at}"),
                    format!("`{}`", id.as_str()),
                ));
            }
        }
    }
    clauses
}

/// Says whether only attributes and comments stand between here and a test attribute.
fn stands_above_a_test<'a>(lines: impl Iterator<Item = &'a &'a str>) -> bool {
    lines
        .map(|line| line.trim_start())
        .take_while(|line| line.starts_with("//") || line.starts_with("#["))
        .any(|line| line.starts_with("#[test]"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tree;

    // Assembled, so that this file names no clause itself.
    const MARK: &str = concat!("// sp", "ec: ");

    #[track_caller]
    fn check_one(page: &str, test: &str, expected: &[&str]) {
        let test = test.replace("MARK ", MARK);
        let found = check(&tree(&[
            ("docs/spec/contract.md", page),
            ("crates/a/tests/a.rs", &test),
        ]));
        let found: Vec<&str> = found.iter().map(|problem| problem.what.as_str()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn clauses_and_tests_belong_together() {
        let test = "MARK CONTRACT-1\n#[test]\nfn a() {}\n";
        for page in [
            "- CONTRACT-1 a",
            "- **CONTRACT-1**: a",
            "| `CONTRACT-1` | a |",
            "### CONTRACT-1: a",
        ] {
            check_one(page, test, &[]);
            check_one(page, "", &["clause without a test"]);
        }
        check_one("", test, &["test of an unknown clause"]);
    }

    #[test]
    fn one_test_may_prove_several() {
        let page = "- CONTRACT-1 a\n- CONTRACT-2 b\n";
        check_one(
            page,
            "    MARK CONTRACT-1, CONTRACT-2\n    // why\n    #[test]\n",
            &[],
        );
    }

    #[test]
    fn a_comment_stands_above_a_test() {
        check_one(
            "- CONTRACT-1 a",
            "MARK CONTRACT-1\nfn a() {}\n#[test]\n",
            &["spec comment"],
        );
    }

    #[test]
    fn ids_are_unique_and_mentions_are_not_clauses() {
        let test = "MARK CONTRACT-1\n#[test]\n";
        check_one(
            "- CONTRACT-1 a\n- CONTRACT-1 b",
            test,
            &["clause id used twice"],
        );
        check_one(
            "- CONTRACT-1 as CONTRACT-9\n- SHA-256 is used\n```\n- CONTRACT-7\n```",
            test,
            &[],
        );
    }
}
