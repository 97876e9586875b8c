//! Refuses leftovers: a mark for later work needs an issue number, so that it is somebody's.

use super::problem::{At, Problem};
use super::text::{numbered, pattern, prose_lines};
use super::tree::{Tree, has_extension};

/// Checks every text but corpora, whose content is data.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    // Assembled, so that this file does not report itself.
    let mark = pattern(concat!(r"\b(TO", "DO|FIX", r"ME|XX", r"X)\b(\(#\d+\))?"));
    let call = pattern(concat!(r"\b(to", "do|unimple", r"mented)!\s*[(\[{]"));
    let mut problems = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| is_ours(path)) {
        for (number, line) in readable_lines(path, text) {
            let at = At { path, line: number };
            let open = mark
                .captures_iter(&line)
                .find(|groups| groups.get(2).is_none());
            if let Some(word) = open.as_ref().and_then(|groups| groups.get(1)) {
                let word = word.as_str();
                problems.push(at.problem(
                    "leftover without an issue",
                    format!("`{word}(#12)` or no mark"),
                    format!("`{word}`"),
                ));
            }
            if let Some(found) = call.find(&line).filter(|_| has_extension(path, "rs")) {
                problems.push(at.problem(
                    "unfinished code",
                    "an implementation",
                    format!("`{}`", found.as_str()),
                ));
            }
        }
    }
    problems
}

fn is_ours(path: &str) -> bool {
    let data = ["corpus/", "examples/"]
        .iter()
        .any(|folder| path.starts_with(folder));
    !data && !has_extension(path, "lock")
}

fn readable_lines<'a>(path: &str, text: &'a str) -> Box<dyn Iterator<Item = (usize, String)> + 'a> {
    if has_extension(path, "md") {
        return Box::new(prose_lines(text));
    }
    Box::new(numbered(text).map(|(number, line)| (number, line.to_owned())))
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
    fn a_mark_needs_an_issue() {
        check_one("a.rs", concat!("// TO", "DO(#12): later"), 0);
        check_one("a.rs", concat!("// TO", "DO: later"), 1);
        check_one("a.sh", concat!("# FIX", "ME"), 1);
        check_one("a.rs", concat!("// XX", "X and TO", "DO(#3)"), 1);
        check_one("a.rs", concat!("let maxTO", "DOs = 1;"), 0);
    }

    #[test]
    fn unfinished_code_is_refused() {
        check_one("a.rs", concat!("    to", "do!()"), 1);
        check_one("a.rs", concat!("    unimple", "mented!(\"x\")"), 1);
        check_one("a.rs", "    todo_list(1)", 0);
    }

    #[test]
    fn code_in_a_page_and_data_are_left_alone() {
        check_one("a.md", concat!("no `TO", "DO` here"), 0);
        check_one("a.md", concat!("TO", "DO here"), 1);
        check_one("corpus/a.json", concat!("TO", "DO"), 0);
    }
}
