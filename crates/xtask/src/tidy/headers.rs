//! Every Rust source opens by saying what it is; a domain crate's root also states its invariants;
//! `lib.rs` and `mod.rs` only declare and re-export, so that a reader finds code by its file's name.

use super::edges::{Layer, ROWS};
use super::problem::{At, Problem};
use super::text::{numbered, pattern};
use super::tree::Tree;

/// Checks the opening of every Rust source and the content of declaring files.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let item = pattern(
        r"^\s*(pub(\([a-z: ]+\))? )?((const|async|unsafe) )*(fn|struct|enum|union|trait|impl|macro_rules!)\b",
    );
    let mut problems = Vec::new();
    for (path, text) in tree.rust() {
        let first = text.lines().next().unwrap_or_default();
        if !first.starts_with("//! ") {
            problems.push(At { path, line: 1 }.problem(
                "file without a header",
                "`//! what it is, why, how it fits`",
                format!("`{first}`"),
            ));
        }
        if is_domain_root(path, tree) && !states_invariants(text) {
            problems.push(At { path, line: 1 }.problem(
                "crate without invariants",
                "a header ending in `Invariants:` lines",
                "none",
            ));
        }
        if declares_only(path) {
            // The first item is enough to say; what follows moves with it.
            let code = numbered(text).find(|(_, line)| item.is_match(line));
            problems.extend(code.map(|(line, found)| {
                At { path, line }.problem(
                    "code in a declaring file",
                    "only `mod` and `use`",
                    format!("`{}`", found.trim()),
                )
            }));
        }
    }
    problems
}

fn declares_only(path: &str) -> bool {
    path.contains("/src/") && (path.ends_with("/lib.rs") || path.ends_with("/mod.rs"))
}

fn states_invariants(text: &str) -> bool {
    let mut header = text.lines().take_while(|line| line.starts_with("//!"));
    let named = header.any(|line| line == "//! Invariants:");
    named && header.any(|line| line.starts_with("//! - "))
}

fn is_domain_root(path: &str, tree: &Tree) -> bool {
    let Some(folder) = path.strip_suffix("/src/lib.rs") else {
        return false;
    };
    let manifest = tree
        .text(&format!("{folder}/Cargo.toml"))
        .unwrap_or_default();
    ROWS.iter().any(|row| {
        let name = format!("name = \"{}\"", row.name);
        row.layer == Layer::Domain && manifest.lines().any(|line| line == name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tree;

    const MANIFEST: (&str, &str) = (
        "crates/terms/Cargo.toml",
        "[package]\nname = \"baton-terms\"\n",
    );

    #[track_caller]
    fn check_one(path: &str, text: &str, expected: &[&str]) {
        let found = check(&tree(&[MANIFEST, (path, text)]));
        let found: Vec<&str> = found.iter().map(|problem| problem.what.as_str()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_file_opens_with_its_header() {
        check_one(
            "crates/terms/src/id.rs",
            "//! Identifiers.\n\nuse x;\n",
            &[],
        );
        check_one(
            "crates/terms/src/id.rs",
            "use x;\n",
            &["file without a header"],
        );
        check_one("crates/terms/src/id.rs", "", &["file without a header"]);
        check_one(
            "crates/terms/tests/a.rs",
            "\n//! Late.\n",
            &["file without a header"],
        );
    }

    #[test]
    fn a_domain_root_states_its_invariants() {
        let path = "crates/terms/src/lib.rs";
        check_one(
            path,
            "//! Words.\n//!\n//! Invariants:\n//! - no I/O.\n\nmod a;\n",
            &[],
        );
        check_one(
            path,
            "//! Words.\n\nmod a;\n",
            &["crate without invariants"],
        );
        check_one(
            path,
            "//! Words.\n//! Invariants:\n\nmod a;\n",
            &["crate without invariants"],
        );
        check_one("crates/other/src/lib.rs", "//! Words.\n", &[]);
    }

    #[test]
    fn declaring_files_hold_no_code() {
        let path = "crates/terms/src/a/mod.rs";
        check_one(path, "//! A.\n\nmod b;\n\npub use b::{B, fn_like};\n", &[]);
        check_one(
            path,
            "//! A.\n\npub(crate) const fn a() {}\n",
            &["code in a declaring file"],
        );
        check_one(
            path,
            "//! A.\n\n    impl A {}\n    fn b() {}\n",
            &["code in a declaring file"],
        );
        check_one(
            "crates/terms/tests/common/mod.rs",
            "//! A.\n\nfn a() {}\n",
            &[],
        );
    }
}
