//! What can be accepted can turn out wrong; the way back is agreed before.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(361),
    name: "rollback-missing",
    summary: "A contract says when and where to roll back.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    if subject.root().get("rollback").is_some() {
        return Vec::new();
    }
    vec![
        subject
            .warning(RULE.code, "/rollback", "contract has no way back")
            .expected("`rollback`: when and where to")
            .found("no such section")
            .hint("add `rollback: {to: last-stable-baseline, on: [critical-posture]}`"),
    ]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn a_contract_has_a_way_back() {
        let rollback = "rollback: {to: last-stable-baseline, on: [critical-posture, repeated-failures], failures: 3}\n";
        check(&RULE, rollback, "", &["E0361 warning \"design-to-build\""]);
    }
}
