//! Work is routed to teams that may receive it, and the way out leads elsewhere.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::{Routing, Strategy};

pub(super) const RULE: Rule = Rule {
    code: Code::new(367),
    name: "routing-candidates",
    summary: "Candidates are receiver teams, one if fixed, and the fallback is another team.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some(routing) = &subject.contract().routing else {
        return Vec::new();
    };
    let mut diagnostics = foreign(subject, routing);
    if routing.strategy == Strategy::Fixed && routing.candidates.len() > 1 {
        let at = format!("{}/strategy", routing.at);
        diagnostics.push(
            subject
                .error(RULE.code, &at, "fixed routing has several candidates")
                .expected("one candidate, or another strategy")
                .found(format!("{} candidates", routing.candidates.len()))
                .hint(
                    "the others would never receive anything: use `round-robin` or `least-loaded`",
                ),
        );
    }
    let fallback = routing.fallback.as_ref();
    if let Some(team) = fallback.filter(|team| routing.candidates.iter().any(|c| c.team == **team))
    {
        let at = format!("{}/fallback", routing.at);
        diagnostics.push(
            subject
                .error(RULE.code, &at, "fallback is one of the candidates")
                .expected("a team that is no candidate")
                .found(format!("`{team}`"))
                .hint("the fallback receives when no candidate can, so it must be another team"),
        );
    }
    diagnostics
}

/// Returns an error for each candidate that may not receive.
fn foreign(subject: &Subject<'_>, routing: &Routing) -> Vec<Diagnostic> {
    let receiver = subject.contract().to.as_ref();
    let Some(receiver) = receiver.filter(|receiver| !receiver.teams.is_empty()) else {
        return Vec::new();
    };
    let foreign = routing
        .candidates
        .iter()
        .filter(|c| !receiver.teams.contains(&c.team));
    foreign
        .map(|candidate| {
            let teams: Vec<_> = receiver.teams.iter().map(ToString::to_string).collect();
            let at = format!("{}/team", candidate.at);
            subject
                .error(RULE.code, &at, "candidate is no receiver team")
                .expected(format!("one of {}", teams.join(", ")))
                .found(format!("`{}`", candidate.team))
                .hint("add the team under `to`, or remove the candidate")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn fixed_means_one() {
        check(
            &RULE,
            "strategy: least-loaded",
            "strategy: fixed",
            &["E0367 error \"fixed\""],
        );
    }

    #[test]
    fn candidates_are_receivers_and_the_fallback_is_not() {
        check(
            &RULE,
            "{team: search,",
            "{team: legal,",
            &["E0367 error \"legal\""],
        );
        check(
            &RULE,
            "fallback: platform",
            "fallback: search",
            &["E0367 error \"search\""],
        );
        check(
            &RULE,
            "role: engineer, teams: [payments, search]",
            "role: engineer",
            &[],
        );
    }
}
