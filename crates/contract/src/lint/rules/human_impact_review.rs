//! Work that can hurt people is looked at by a person who is not its sender.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::{DecidedBy, Gate, GateKind, Separation};

pub(super) const RULE: Rule = Rule {
    code: Code::new(346),
    name: "human-impact-review",
    summary: "High-risk work passes an approval gate decided by people other than the sender.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    if subject.contract().gates.iter().any(is_review) {
        return Vec::new();
    }
    vec![
        subject
            .error(RULE.code, "/gates", "nobody reviews the impact on people")
            .expected("an approval gate decided by people, separate from the sender, for high risk")
            .found("no such gate")
            .hint(
                "add one with `when: context.risk_tier == \"high\"` and `separation: [not-sender]`",
            ),
    ]
}

fn is_review(gate: &Gate) -> bool {
    let opens = (gate.when.as_ref()).is_none_or(|when| when.contains("context.risk_tier"));
    opens
        && gate.kind == GateKind::Approval
        && gate.decided_by == DecidedBy::People
        && gate.separation.contains(&Separation::NotSender)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn some_gate_must_open_for_high_risk() {
        for (from, to) in [
            ("kind: approval", "kind: policy"),
            ("quorum: 1\n", "quorum: 1\n    decided_by: anyone\n"),
            (
                "separation: [not-sender, not-sender-team]",
                "separation: [not-sender-team]",
            ),
        ] {
            check(&RULE, from, to, &["E0346 error \"gates\""]);
        }
        let tier = "    when: context.risk_tier == \"high\"\n    approvers";
        check(&RULE, tier, "    approvers", &[]);
        let owner = "    when: package.owner == \"design\"\n    approvers";
        check(&RULE, tier, owner, &["E0346 error \"gates\""]);
    }
}
