//! Keeps one word per concept: type names may not use a synonym that `docs/glossary.md` rejects.
//! Only words that mean nothing else in the field are listed, so that the check is never argued with.

use super::problem::{At, Problem};
use super::text::{numbered, pattern};
use super::tree::Tree;

/// Rejected word in a type name, and the glossary's word for it.
const REJECTED: &[(&str, &str)] = &[
    ("Agreement", "Contract"),
    ("Submission", "Package"),
    ("Attachment", "Evidence"),
    ("Violation", "Finding"),
    ("Grade", "Scorecard"),
    ("Signoff", "Approval"),
    ("Ticket", "Handoff"),
    ("Ack", "Receipt"),
    ("Workflow", "Mission"),
    ("Dataset", "EventLog"),
    ("Kpi", "Outcome"),
    ("Subgroup", "Cause"),
    ("Deployment", "Rollout"),
];

/// Checks the name of every type a crate declares.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let declaration =
        pattern(r"^\s*(?:pub(?:\([a-z: ]+\))? )?(?:struct|enum|trait|type) ([A-Z]\w*)");
    let mut problems = Vec::new();
    for (path, text) in tree.rust().filter(|(path, _)| path.starts_with("crates/")) {
        for (line, content) in numbered(text) {
            let Some(name) = declaration
                .captures(content)
                .and_then(|groups| groups.get(1))
            else {
                continue;
            };
            let words = camel_words(name.as_str());
            for (rejected, word) in REJECTED {
                if words.iter().any(|found| found == rejected) {
                    problems.push(At { path, line }.problem(
                        "rejected synonym in a type name",
                        format!("`{word}` (docs/glossary.md)"),
                        format!("`{}`", name.as_str()),
                    ));
                }
            }
        }
    }
    problems
}

/// Splits `HandoffTicket` into `Handoff` and `Ticket`.
fn camel_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for letter in name.chars() {
        match words.last_mut() {
            Some(word) if !letter.is_uppercase() => word.push(letter),
            _ => words.push(letter.to_string()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tree;

    #[track_caller]
    fn check_one(text: &str, expected: usize) {
        let found = check(&tree(&[("crates/a/src/b.rs", text)]));
        assert_eq!(found.len(), expected, "{found:?}");
    }

    #[test]
    fn a_rejected_synonym_is_found_as_a_word() {
        check_one("pub struct HandoffTicket {", 1);
        check_one("    pub(crate) enum Violation {", 1);
        check_one("pub type TicketGrade = u8;", 2);
    }

    #[test]
    fn other_words_are_left_alone() {
        check_one("pub struct Graded(u16);", 0);
        check_one("pub struct Background;", 0);
        check_one("/// A Ticket is a Handoff.\nlet violation = 1;", 0);
    }
}
