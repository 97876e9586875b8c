//! One metric has one target.

use std::collections::BTreeSet;

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(382),
    name: "same-metric",
    summary: "No two outcomes measure the same.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut seen = BTreeSet::new();
    let outcomes = subject.contract().outcomes.iter();
    outcomes
        .filter(|outcome| !seen.insert((outcome.metric, &outcome.source)))
        .map(|outcome| {
            let at = format!("{}/metric", outcome.at);
            subject
                .warning(RULE.code, &at, "two outcomes measure the same")
                .expected("one outcome per metric (and source)")
                .found(format!("`{}` again", outcome.metric))
                .hint("keep one: with two targets, the easier one is met")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn the_second_is_a_warning() {
        let second = |metric: &str| {
            format!(
                "outcomes:\n  - {{id: other, metric: {metric}, unit: basis-points, direction: lower, baseline: 9, target: 8, window: 30d}}\n"
            )
        };
        let outcomes = "outcomes:\n";
        check(
            &RULE,
            outcomes,
            &second("bounce-rate"),
            &["E0382 warning \"bounce-rate\""],
        );
        check(&RULE, outcomes, &second("late-rate"), &[]);
        check(&RULE, outcomes, &second("custom, source: survey"), &[]);
    }
}
