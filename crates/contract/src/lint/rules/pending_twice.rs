//! A clause is pending once.

use std::collections::BTreeSet;

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(360),
    name: "pending-twice",
    summary: "No clause is pending twice.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let clauses = subject.texts("pending", "clause");
    let pending = subject.contract().pending.iter();
    if clauses.is_empty() {
        return Vec::new();
    }
    pending
        .filter(|entry| !seen.insert(&entry.clause))
        .map(|entry| {
            subject
                .error(RULE.code, &entry.at, "clause is pending twice")
                .expected("one entry per clause")
                .found(format!("`{}` again", entry.clause))
                .hint("keep the entry whose end is meant")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn the_second_entry_is_an_error() {
        check(
            &RULE,
            "pending:\n",
            "pending:\n  - {clause: share-covered, until_first_met: true}\n",
            &["E0360 error \"share-covered\""],
        );
        check(
            &RULE,
            "pending:\n",
            "pending:\n  - {clause: owner-named, until_first_met: true}\n",
            &[],
        );
    }
}
