//! How many approvals count is written down, and can be reached.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::GateKind;

pub(super) const RULE: Rule = Rule {
    code: Code::new(344),
    name: "gate-quorum",
    summary: "An approval gate has a quorum that can be reached.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let gates = subject.contract().gates.iter();
    let approvals = gates.filter(|gate| gate.kind == GateKind::Approval);
    approvals
        .filter_map(|gate| match (gate.quorum, gate.of) {
            (None, _) if !subject.has(&gate.at, "quorum") => Some(
                subject
                    .error(RULE.code, &gate.at, "approval gate has no quorum")
                    .expected("`quorum`: number of approvals needed")
                    .found(format!("gate `{}` without it", gate.id))
                    .hint("write `quorum: 1` if one approval really is enough"),
            ),
            (Some(quorum), Some(of)) if quorum > of => Some(
                subject
                    .error(
                        RULE.code,
                        &format!("{}/quorum", gate.at),
                        "quorum is larger than the number of approvers asked",
                    )
                    .expected(format!("at most {of}"))
                    .found(format!("{quorum}"))
                    .hint("lower `quorum`, or ask more approvers with `of`"),
            ),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn a_quorum_is_explicit_and_reachable() {
        check(
            &RULE,
            "    quorum: 1\n",
            "",
            &["E0344 error \"human-impact\""],
        );
        check(&RULE, "quorum: 1", "quorum: 4", &["E0344 error \"4\""]);
        check(&RULE, "quorum: 1", "quorum: 3", &[]);
        check(&RULE, "    of: 3\n", "", &[]);
    }
}
