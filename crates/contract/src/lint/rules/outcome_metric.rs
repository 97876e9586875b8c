//! A metric is either computed by Baton, with a direction of its own, or reported from a named source.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::{Direction, Metric, Outcome};

pub(super) const RULE: Rule = Rule {
    code: Code::new(306),
    name: "outcome-metric",
    summary: "A custom metric has a source; a built-in metric has none and keeps its direction.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let outcomes = subject.contract().outcomes.iter();
    outcomes
        .flat_map(|outcome| problems(subject, outcome))
        .collect()
}

fn problems(subject: &Subject<'_>, outcome: &Outcome) -> Vec<Diagnostic> {
    let at = |field: &str| format!("{}/{field}", outcome.at);
    let mut diagnostics = Vec::new();
    if outcome.metric == Metric::Custom {
        if !subject.has(&outcome.at, "source") {
            diagnostics.push(
                subject
                    .error(RULE.code, &outcome.at, "custom metric has no source")
                    .expected("`source`: where the metric is measured")
                    .found("`metric: custom` without `source`")
                    .hint("name the system that reports it, or use a built-in metric"),
            );
        }
        return diagnostics;
    }
    if subject.has(&outcome.at, "source") {
        diagnostics.push(
            subject
                .error(RULE.code, &at("source"), "built-in metric has a source")
                .expected(format!("no `source`: Baton computes `{}`", outcome.metric))
                .found("`source`")
                .hint("remove `source`, or use `metric: custom`"),
        );
    }
    let better = match outcome.metric {
        Metric::LoadFairness => Direction::Higher,
        _ => Direction::Lower,
    };
    if outcome.direction != better {
        diagnostics.push(
            subject
                .error(
                    RULE.code,
                    &at("direction"),
                    "direction contradicts the metric",
                )
                .expected(format!("`{better}` for `{}`", outcome.metric))
                .found(format!("`{}`", outcome.direction))
                .hint(format!("write `direction: {better}`")),
        );
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn source_belongs_to_custom_metrics() {
        let metric = "metric: bounce-rate";
        check(
            &RULE,
            metric,
            "metric: custom",
            &["E0306 error \"bounces\""],
        );
        check(&RULE, metric, "metric: custom, source: survey", &[]);
        let sourced = "metric: bounce-rate, source: survey";
        check(&RULE, metric, sourced, &["E0306 error \"survey\""]);
    }

    #[test]
    fn fewer_bounces_are_better() {
        check(
            &RULE,
            "direction: lower",
            "direction: higher",
            &["E0306 error \"higher\""],
        );
        let fair = "metric: load-fairness";
        check(
            &RULE,
            "metric: bounce-rate",
            fair,
            &["E0306 error \"lower\""],
        );
    }
}
