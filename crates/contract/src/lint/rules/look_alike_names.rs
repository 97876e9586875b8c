//! Roles and teams that pass for one another: an approver `qa-1ead` beside the role `qa-lead`.
//!
//! Ids have letters of one script only, so what remains are letters and digits drawn alike
//! (Unicode Technical Standard 39, section 4).

use baton_terms::{Code, Diagnostic, Id, lookalike};

use crate::lint::{Rule, Subject};
use crate::model::Contract;

pub(super) const RULE: Rule = Rule {
    code: Code::new(386),
    name: "look-alike-names",
    summary: "No role or team passes for another.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    let kinds = [("role", roles(contract)), ("team", teams(contract))];
    let alike = |(kind, names): &(&str, Vec<(String, &Id)>)| -> Vec<Diagnostic> {
        let texts: Vec<&str> = names.iter().map(|(_, name)| name.as_str()).collect();
        let pairs = lookalike::pairs(&texts).into_iter();
        pairs
            .filter_map(|(later, first)| {
                let ((at, name), (_, other)) = (names.get(later)?, names.get(first)?);
                let diagnostic = subject
                    .error(RULE.code, at, format!("{kind} looks like another"))
                    .expected(format!("a {kind} that no reader takes for another"))
                    .found(format!("`{name}` beside `{other}`"))
                    .hint("if both are one, spell them alike; else rename one");
                Some(diagnostic)
            })
            .collect()
    };
    kinds.iter().flat_map(alike).collect()
}

fn roles(contract: &Contract) -> Vec<(String, &Id)> {
    let parties = [&contract.from, &contract.to].into_iter().flatten();
    let mut roles: Vec<_> = parties
        .map(|party| (format!("{}/role", party.at), &party.role))
        .collect();
    for gate in &contract.gates {
        let approvers = gate.approvers.iter().enumerate();
        roles.extend(approvers.map(|(at, role)| (format!("{}/approvers/{at}", gate.at), role)));
    }
    let rungs = contract
        .routing
        .iter()
        .flat_map(|routing| &routing.escalation);
    roles.extend(rungs.map(|rung| (format!("{}/to", rung.at), &rung.to)));
    roles
}

fn teams(contract: &Contract) -> Vec<(String, &Id)> {
    let parties = [&contract.from, &contract.to].into_iter().flatten();
    let mut teams: Vec<_> = parties
        .flat_map(|party| {
            let teams = party.teams.iter().enumerate();
            teams.map(|(at, team)| (format!("{}/teams/{at}", party.at), team))
        })
        .collect();
    if let Some(routing) = &contract.routing {
        let candidates = routing.candidates.iter();
        teams.extend(candidates.map(|one| (format!("{}/team", one.at), &one.team)));
        let fallback = routing.fallback.iter();
        teams.extend(fallback.map(|team| (format!("{}/fallback", routing.at), team)));
    }
    teams
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn a_role_that_passes_for_another_is_found() {
        let approvers = "approvers: [impact-reviewer]";
        check(
            &RULE,
            approvers,
            "approvers: [impact-reviewer, deslgner, des1gner]",
            &["E0386 error \"des1gner\""],
        );
        check(&RULE, approvers, "approvers: [designer, design-lead]", &[]);
    }

    #[test]
    fn a_team_that_passes_for_another_is_found() {
        check(
            &RULE,
            "teams: [payments, search]",
            "teams: [payments, payrnents]",
            &["E0386 error \"payrnents\""],
        );
    }
}
