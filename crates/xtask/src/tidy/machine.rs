//! Keeps one machine's paths and package mirrors out of the repository: what is committed must work
//! from a fresh clone anywhere.

use super::problem::{At, Problem};
use super::text::{numbered, pattern};
use super::tree::Tree;

/// The only source a lock file may name.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks every text but corpora, whose hostile paths are data.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    // Assembled, so that this file does not report itself.
    let paths = pattern(concat!(
        r"(^|[^\w.])/(wo",
        r"rk|fa",
        r"rm|ro",
        r"ot|ho",
        r"me/\w+|Us",
        r"ers/\w+)/"
    ));
    let hosts = pattern(concat!(
        r"(?i)\b((index|static)\.crates",
        r"\.io|registry\.npm",
        r"js\.org|files\.python",
        r"hosted\.org|pypi",
        r"\.org/simple|proxy\.go",
        r"lang\.org|(nexus|artifactory|mirror)\.[\w.-]+\.\w+)"
    ));
    let mut problems = Vec::new();
    for (path, text) in tree
        .texts()
        .filter(|(path, _)| !path.starts_with("corpus/"))
    {
        for (number, line) in numbered(text) {
            let at = At { path, line: number };
            if let Some(found) = paths.find(line) {
                let found = format!("`{}`", found.as_str());
                problems.push(at.problem("path of one machine", "a path from the root", found));
            }
            if let Some(found) = hosts.find(line) {
                let found = format!("`{}`", found.as_str());
                problems.push(at.problem("package host", "the tool's own default", found));
            }
            if path.ends_with("Cargo.lock")
                && line
                    .strip_prefix("source = ")
                    .is_some_and(|source| source.trim_matches('"') != REGISTRY)
            {
                problems.push(at.problem("source of a dependency", REGISTRY, line));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tree;

    #[track_caller]
    fn check_one(path: &str, text: &str, expected: usize) {
        let found = check(&tree(&[(path, text)]));
        assert_eq!(found.len(), expected, "{found:?}");
    }

    #[test]
    fn machine_paths_are_found() {
        check_one("a.md", concat!("see /wo", "rk/main"), 1);
        check_one("a.sh", concat!("cd \"/ho", "me/ana/baton\""), 1);
        check_one("a.rs", concat!("\"/ro", "ot/.cargo\""), 1);
        check_one("a.md", "crates/work/src, docs/root/a and ./home/b/c", 0);
        check_one("corpus/traversal.json", concat!("/ro", "ot/.ssh"), 0);
    }

    #[test]
    fn package_hosts_are_found() {
        check_one("a.toml", concat!("sparse+https://index.crates", ".io/"), 1);
        check_one("a.sh", concat!("https://nexus", ".example.com/simple"), 1);
        check_one("deny.toml", REGISTRY, 0);
        check_one(
            "README.md",
            "published on https://crates.io/crates/serde",
            0,
        );
    }

    #[test]
    fn a_lock_file_names_one_registry() {
        check_one("Cargo.lock", &format!("source = \"{REGISTRY}\"\n"), 0);
        check_one(
            "fuzz/Cargo.lock",
            "source = \"git+https://example.org/a\"\n",
            1,
        );
    }
}
