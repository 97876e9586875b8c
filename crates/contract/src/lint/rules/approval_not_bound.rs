//! An approval counts for exactly what was approved.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::{BuiltIn, GateKind};

pub(super) const RULE: Rule = Rule {
    code: Code::new(348),
    name: "approval-not-bound",
    summary: "A contract with approvals checks that the package is the approved one.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let word = BuiltIn::UnchangedSinceApproval.word();
    let mut gates = subject.contract().gates.iter();
    let approval = gates.find(|gate| gate.kind == GateKind::Approval);
    let (Some(gate), false) = (
        approval,
        subject.is_checked(BuiltIn::UnchangedSinceApproval),
    ) else {
        return Vec::new();
    };
    vec![
        subject
            .error(RULE.code, &gate.at, "package may change after its approval")
            .expected(format!("a clause with `check: {word}`"))
            .found(format!("approval gate `{}`, and no such clause", gate.id))
            .hint("add the clause with severity `blocker`"),
    ]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{check, check_changes};

    #[test]
    fn approvals_are_bound_to_what_was_approved() {
        let unbound = ("check: unchanged-since-approval", "expect: 'true'");
        check(
            &RULE,
            unbound.0,
            unbound.1,
            &["E0348 error \"human-impact\""],
        );
        check_changes(&RULE, &[unbound, ("kind: approval", "kind: policy")], &[]);
    }
}
