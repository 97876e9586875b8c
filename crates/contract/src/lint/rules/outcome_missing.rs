//! A contract exists for a measurable result.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(301),
    name: "outcome-missing",
    summary: "A contract names at least one outcome.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    if !subject.contract().outcomes.is_empty()
        || !subject
            .root()
            .get("outcomes")
            .is_some_and(|n| n.items().is_empty())
    {
        return Vec::new();
    }
    vec![
        subject
            .error(RULE.code, "/outcomes", "contract names no outcome")
            .expected("at least one outcome with baseline and target")
            .found("none")
            .hint("start with `metric: bounce-rate`, `baseline: measure` and a target"),
    ]
}

#[cfg(test)]
mod tests {
    use crate::lint::rules::tests::check;

    #[test]
    fn an_empty_list_is_an_error() {
        let outcomes = "outcomes:\n  - {id: bounces, metric: bounce-rate, unit: basis-points, direction: lower, baseline: 1800, target: 900, window: 90d}\n";
        check(
            &super::RULE,
            outcomes,
            "outcomes: []\n",
            &["E0301 error \"[]\""],
        );
        check(&super::RULE, "baseline: 1800", "baseline: measure", &[]);
    }
}
