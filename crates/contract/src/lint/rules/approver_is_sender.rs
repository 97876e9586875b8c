//! A gate that only the sender's own role may pass separates nobody.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::GateKind;

pub(super) const RULE: Rule = Rule {
    code: Code::new(349),
    name: "approver-is-sender",
    summary: "An approval gate has an approver role other than the sender's.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some(sender) = &subject.contract().from else {
        return Vec::new();
    };
    let gates = subject.contract().gates.iter();
    gates
        .filter(|gate| gate.kind == GateKind::Approval && !gate.approvers.is_empty())
        .filter(|gate| gate.approvers.iter().all(|role| *role == sender.role))
        .map(|gate| {
            let at = format!("{}/approvers", gate.at);
            subject
                .error(RULE.code, &at, "only the sender's role may approve")
                .expected(format!("a role other than `{}`", sender.role))
                .found(format!("`{}` alone", sender.role))
                .hint("add the role that answers for the receiver or for the people affected")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn one_other_role_is_enough() {
        let approvers = "approvers: [impact-reviewer]";
        check(
            &RULE,
            approvers,
            "approvers: [designer]",
            &["E0349 error \"[designer]\""],
        );
        check(&RULE, approvers, "approvers: [designer, design-lead]", &[]);
    }
}
