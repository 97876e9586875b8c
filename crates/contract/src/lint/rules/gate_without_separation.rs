//! Nobody approves their own work.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::{GateKind, Separation};

pub(super) const RULE: Rule = Rule {
    code: Code::new(345),
    name: "gate-without-separation",
    summary: "An approval gate keeps the sender from approving.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let gates = subject.contract().gates.iter();
    let approvals = gates.filter(|gate| gate.kind == GateKind::Approval);
    approvals
        .filter(|gate| !gate.separation.contains(&Separation::NotSender))
        .map(|gate| {
            let at = format!("{}/separation", gate.at);
            subject
                .error(RULE.code, &at, "sender could approve their own work")
                .expected("`separation` with `not-sender`")
                .found(format!("gate `{}` without it", gate.id))
                .hint("add `separation: [not-sender]`")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn the_sender_is_kept_out() {
        let both = "    separation: [not-sender, not-sender-team]\n";
        check(&RULE, both, "", &["E0345 error \"human-impact\""]);
        let team = "    separation: [not-sender-team]\n";
        check(&RULE, both, team, &["E0345 error \"[not-sender-team]\""]);
        check(&RULE, both, "    separation: [not-sender]\n", &[]);
    }
}
