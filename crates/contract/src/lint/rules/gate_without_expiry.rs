//! A gate that stays open forever parks work where nobody sees it.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::GateKind;

pub(super) const RULE: Rule = Rule {
    code: Code::new(347),
    name: "gate-without-expiry",
    summary: "An approval gate expires.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let gates = subject.contract().gates.iter();
    gates
        .filter(|gate| gate.kind == GateKind::Approval && !subject.has(&gate.at, "expires"))
        .map(|gate| {
            subject
                .warning(RULE.code, &gate.at, "approval gate may stay open forever")
                .expected("`expires`: how long it may stay open")
                .found(format!("gate `{}` without it", gate.id))
                .hint("add `expires: 3bd`; expiry rejects or escalates, it never approves")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn an_open_end_is_a_warning() {
        check(
            &RULE,
            "    expires: 3bd\n",
            "",
            &["E0347 warning \"human-impact\""],
        );
    }
}
