//! Where an agent may send or receive, an agent does not decide about high risk.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::{DecidedBy, Gate, GateKind, PartyKind};

pub(super) const RULE: Rule = Rule {
    code: Code::new(369),
    name: "agent-approves-agent",
    summary: "No agent decides a gate for high-risk work of an agent.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    let mut parties = contract.from.iter().chain(&contract.to);
    if parties.all(|party| party.kind == PartyKind::Human) {
        return Vec::new();
    }
    let gates = contract.gates.iter().filter(|gate| is_open_to_agents(gate));
    gates
        .map(|gate| {
            let at = format!("{}/decided_by", gate.at);
            subject
                .error(RULE.code, &at, "an agent may approve the work of an agent")
                .expected("`decided_by: people` where a party may be an agent")
                .found(format!("gate `{}` decided by anyone", gate.id))
                .hint("let people decide: an agent can't answer for harm to people")
        })
        .collect()
}

/// Returns whether agents may decide a gate that opens for high-risk work.
fn is_open_to_agents(gate: &Gate) -> bool {
    let opens = (gate.when.as_ref()).is_none_or(|when| when.contains("context.risk_tier"));
    gate.kind == GateKind::Approval && gate.decided_by == DecidedBy::Anyone && opens
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{check, check_changes};

    #[test]
    fn people_decide_about_agents() {
        let anyone = ("quorum: 1\n", "quorum: 1\n    decided_by: anyone\n");
        check(&RULE, anyone.0, anyone.1, &[]);
        for kind in ["agent", "any"] {
            let sender = ("[design], kind: human", format!("[design], kind: {kind}"));
            let sender = (sender.0, sender.1.as_str());
            check_changes(&RULE, &[anyone, sender], &["E0369 error \"anyone\""]);
            check_changes(&RULE, &[sender], &[]);
        }
    }
}
