//! Holds file sizes as a ratchet. A file over the limit, or a function that clippy was told to let
//! pass, needs an entry in `tidy-ratchet.toml`; an entry must equal what is there, so it can only
//! be lowered and goes away with its reason.

use std::collections::BTreeMap;

use super::problem::{At, Problem};
use super::text::{numbered, pattern};
use super::tree::Tree;

/// Lines a Rust source may have.
const LINES_MAX: usize = 600;
/// The file of exceptions.
const RATCHET: &str = "tidy-ratchet.toml";
/// The two tables it may hold.
const TABLES: [&str; 2] = ["lines", "functions"];

#[derive(Debug, Clone, Copy)]
struct Entry {
    value: usize,
    line: usize,
}

/// Exceptions by table and path.
type Entries = BTreeMap<(String, String), Entry>;

/// Checks every Rust source against the limit and every exception against its source.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let (mut entries, mut problems) = read_ratchet(tree.text(RATCHET).unwrap_or_default());
    for (path, text) in tree.rust() {
        let lines = text.lines().count();
        let allowed = entries.remove(&("lines".to_owned(), path.to_owned()));
        problems.extend(compare(path, "file too long", allowed, (lines, LINES_MAX)));
        let functions = text.lines().filter(|line| excuses_length(line)).count();
        let allowed = entries.remove(&("functions".to_owned(), path.to_owned()));
        problems.extend(compare(
            path,
            "functions excused from too_many_lines",
            allowed,
            (functions, 0),
        ));
    }
    for ((table, path), entry) in entries {
        problems.push(
            At {
                path: RATCHET,
                line: entry.line,
            }
            .problem(
                "stale exception",
                "an entry for a Rust source",
                format!("`{path}` in [{table}]"),
            ),
        );
    }
    problems
}

fn excuses_length(line: &str) -> bool {
    let line = line.trim_start();
    !line.starts_with("//") && line.contains(concat!("clippy::too_many", "_lines"))
}

fn compare(
    path: &str,
    what: &str,
    allowed: Option<Entry>,
    (found, limit): (usize, usize),
) -> Option<Problem> {
    let at = At { path, line: 1 };
    match allowed {
        None if found > limit => {
            Some(at.problem(what, format!("at most {limit}"), found.to_string()))
        }
        Some(entry) if found > entry.value => Some(at.problem(
            what,
            format!("at most {} ({RATCHET}:{})", entry.value, entry.line),
            found.to_string(),
        )),
        Some(entry) if found <= limit => Some(
            At {
                path: RATCHET,
                line: entry.line,
            }
            .problem(
                "stale exception",
                "no entry",
                format!("`{path}` within the limit ({found})"),
            ),
        ),
        Some(entry) if found < entry.value => Some(
            At {
                path: RATCHET,
                line: entry.line,
            }
            .problem(
                "exception can shrink",
                found.to_string(),
                entry.value.to_string(),
            ),
        ),
        _ => None,
    }
}

/// Reads `[table]`, `"path" = number`, comments and blank lines; anything else is a problem.
fn read_ratchet(text: &str) -> (Entries, Vec<Problem>) {
    let entry = pattern(r#"^"([^"]+)" = (\d{1,6})$"#);
    let mut entries = Entries::new();
    let mut problems = Vec::new();
    let mut table = String::new();
    for (number, line) in numbered(text) {
        let heading = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        if let Some(name) = heading.filter(|name| TABLES.contains(name)) {
            name.clone_into(&mut table);
        } else if let Some(groups) = entry.captures(line).filter(|_| !table.is_empty()) {
            let path = groups.get(1).map_or("", |group| group.as_str());
            let value = groups
                .get(2)
                .and_then(|group| group.as_str().parse().ok())
                .unwrap_or(0);
            entries.insert(
                (table.clone(), path.to_owned()),
                Entry {
                    value,
                    line: number,
                },
            );
        } else if !line.is_empty() && !line.starts_with('#') {
            problems.push(
                At {
                    path: RATCHET,
                    line: number,
                }
                .problem(
                    "unreadable line",
                    "`[lines]`, `[functions]`, `\"path\" = number` or a comment",
                    format!("`{line}`"),
                ),
            );
        }
    }
    (entries, problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tree;

    #[track_caller]
    fn check_one(lines: usize, ratchet: &str, expected: &[&str]) {
        let text = "//! x\n".repeat(lines);
        let tree = tree(&[("a.rs", &text), (RATCHET, ratchet)]);
        let found: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_file_has_at_most_600_lines() {
        check_one(600, "", &[]);
        check_one(
            601,
            "",
            &["a.rs:1: file too long: expected at most 600, found 601"],
        );
    }

    #[test]
    fn an_exception_only_shrinks() {
        check_one(700, "# why\n[lines]\n\"a.rs\" = 700\n", &[]);
        check_one(
            701,
            "[lines]\n\"a.rs\" = 700\n",
            &["a.rs:1: file too long: expected at most 700 (tidy-ratchet.toml:2), found 701"],
        );
        check_one(
            690,
            "[lines]\n\"a.rs\" = 700\n",
            &["tidy-ratchet.toml:2: exception can shrink: expected 690, found 700"],
        );
    }

    #[test]
    fn a_stale_exception_fails() {
        check_one(
            600,
            "[lines]\n\"a.rs\" = 700\n",
            &[
                "tidy-ratchet.toml:2: stale exception: expected no entry, found `a.rs` within the limit (600)",
            ],
        );
        check_one(
            1,
            "[lines]\n\"gone.rs\" = 700\n",
            &[
                "tidy-ratchet.toml:2: stale exception: expected an entry for a Rust source, found `gone.rs` in [lines]",
            ],
        );
    }

    #[test]
    fn an_unreadable_line_fails() {
        for line in [
            "\"a.rs\" = 700",
            "[other]",
            "[lines]\na.rs = 700",
            "[lines]\n\"a.rs\" = -1",
        ] {
            let tree = tree(&[(RATCHET, line)]);
            assert_eq!(check(&tree).len(), 1, "{line}");
        }
    }

    #[test]
    fn an_excused_function_is_counted() {
        let text = concat!(
            "//! x\n#[expect(clippy::too_many",
            "_lines, reason = \"table\")]\n"
        );
        let one = |ratchet| check(&tree(&[("a.rs", text), (RATCHET, ratchet)])).len();
        assert_eq!(one(""), 1);
        assert_eq!(one("[functions]\n\"a.rs\" = 1\n"), 0);
        assert_eq!(one("[functions]\n\"a.rs\" = 2\n"), 1);
    }
}
