//! Authority comes from the contract: an approval gate names the roles that may approve.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::GateKind;

pub(super) const RULE: Rule = Rule {
    code: Code::new(343),
    name: "gate-without-approvers",
    summary: "An approval gate names its approver roles.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let gates = subject.contract().gates.iter();
    gates
        .filter(|gate| gate.kind == GateKind::Approval && !subject.has(&gate.at, "approvers"))
        .map(|gate| {
            subject
                .error(RULE.code, &gate.at, "approval gate names no approver")
                .expected("`approvers`: roles that may approve")
                .found(format!("gate `{}` without them", gate.id))
                .hint("name at least one role; approvers are never taken from the request")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn somebody_must_be_able_to_approve() {
        let approvers = "    approvers: [impact-reviewer]\n";
        check(&RULE, approvers, "", &["E0343 error \"human-impact\""]);
    }
}
