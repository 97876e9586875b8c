//! A clause is pending until something happens, and that is one thing.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::syntax::{Node, Value};

pub(super) const RULE: Rule = Rule {
    code: Code::new(358),
    name: "pending-until",
    summary: "Every pending entry has exactly one end.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let pending = subject.root().get("pending").map(Node::items);
    let mut diagnostics = Vec::new();
    for (index, entry) in pending.unwrap_or_default().iter().enumerate() {
        let has_date = entry.get("until").is_some();
        let first_met = entry.get("until_first_met").map(|node| &node.value);
        let (message, found) = match (has_date, first_met) {
            (true, Some(_)) => ("pending entry has two ends", "both"),
            (false, None) => ("pending entry has no end", "neither"),
            (false, Some(Value::Boolean(false))) => {
                ("pending entry has no end", "`until_first_met: false` alone")
            }
            _ => continue,
        };
        diagnostics.push(
            subject
                .error(RULE.code, &format!("/pending/{index}"), message)
                .expected("either `until` or `until_first_met: true`")
                .found(found)
                .hint("a clause that should never count is removed from the contract"),
        );
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn exactly_one_end() {
        let until = ", until: 2027-01-01T00:00:00Z";
        for (to, expected) in [
            ("", true),
            (", until_first_met: false", true),
            (", until: 2027-01-01T00:00:00Z, until_first_met: true", true),
            (", until_first_met: true", false),
        ] {
            let error = ["E0358 error \"share-covered\""];
            check(&RULE, until, to, if expected { &error } else { &[] });
        }
    }
}
