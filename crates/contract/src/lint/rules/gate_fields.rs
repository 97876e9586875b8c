//! A policy gate is decided by an expression, an approval gate by approvers: never half by each.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::{Gate, GateKind};

pub(super) const RULE: Rule = Rule {
    code: Code::new(342),
    name: "gate-fields",
    summary: "A gate has the fields of its kind only.",
    check,
};

const OF_APPROVAL: &[&str] = &["approvers", "quorum", "of", "separation", "decided_by"];

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let gates = subject.contract().gates.iter();
    gates.flat_map(|gate| problems(subject, gate)).collect()
}

fn problems(subject: &Subject<'_>, gate: &Gate) -> Vec<Diagnostic> {
    let foreign: &[&str] = match gate.kind {
        GateKind::Policy => OF_APPROVAL,
        GateKind::Approval => &["expect"],
    };
    let kind = gate.kind;
    let mut diagnostics = Vec::new();
    if kind == GateKind::Policy && !subject.has(&gate.at, "expect") {
        diagnostics.push(
            subject
                .error(RULE.code, &gate.at, "policy gate decides nothing")
                .expected("`expect`: what must hold")
                .found(format!("gate `{}` without it", gate.id))
                .hint("add `expect`, or make it `kind: approval`"),
        );
    }
    let foreign = foreign.iter().filter(|field| subject.has(&gate.at, field));
    diagnostics.extend(foreign.map(|field| {
        let other = match kind {
            GateKind::Policy => GateKind::Approval,
            GateKind::Approval => GateKind::Policy,
        };
        subject
            .error(
                RULE.code,
                &format!("{}/{field}", gate.at),
                format!("`{kind}` gate has a field of `{other}` gates"),
            )
            .expected(format!("no `{field}` in a `{kind}` gate"))
            .found(format!("`{field}`"))
            .hint("make two gates of it: both must then be passed")
    }));
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn a_policy_gate_needs_its_expression() {
        let expect = "    expect: 'findings[\"valid\"] == \"passed\"'\n";
        check(&RULE, expect, "", &["E0342 error \"no-late-surprise\""]);
    }

    #[test]
    fn fields_of_the_other_kind_are_errors() {
        let policy = "    kind: policy\n";
        check(
            &RULE,
            policy,
            "    kind: policy\n    approvers: [lead]\n    quorum: 2\n",
            &["E0342 error \"[lead]\"", "E0342 error \"2\""],
        );
        check(
            &RULE,
            "    quorum: 1\n",
            "    quorum: 1\n    expect: 'true'\n",
            &["E0342 error \"'true'\""],
        );
    }
}
