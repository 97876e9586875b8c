//! A handoff crosses a seam: sender and receiver differ.

use std::collections::BTreeSet;

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(376),
    name: "same-party",
    summary: "Sender and receiver differ in role or teams.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    let (Some(from), Some(to)) = (&contract.from, &contract.to) else {
        return Vec::new();
    };
    let from_teams: BTreeSet<_> = from.teams.iter().collect();
    let to_teams: BTreeSet<_> = to.teams.iter().collect();
    if from.role != to.role || from_teams != to_teams {
        return Vec::new();
    }
    vec![
        subject
            .error(RULE.code, "/to", "sender and receiver are the same")
            .expected("another role, or other teams, than under `from`")
            .found(format!("`{}` on both sides", to.role))
            .hint("within one team a checklist will do; a contract is between two parties"),
    ]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn one_difference_is_enough() {
        let to = "role: engineer, teams: [payments, search]";
        check(
            &RULE,
            to,
            "role: designer, teams: [design]",
            &["E0376 error \"{role: designer, teams: [design], kind: human}\""],
        );
        check(&RULE, to, "role: designer, teams: [search]", &[]);
        check(&RULE, to, "role: engineer, teams: [design]", &[]);
    }
}
