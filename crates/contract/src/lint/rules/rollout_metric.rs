//! A rollout is judged by what the contract exists for.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(364),
    name: "rollout-metric",
    summary: "A rollout analyses outcomes of the contract.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    let outcomes = &contract.outcomes;
    let analysis = contract
        .rollout
        .iter()
        .flat_map(|rollout| &rollout.analysis);
    analysis
        .filter(|entry| {
            outcomes
                .iter()
                .all(|outcome| outcome.metric != entry.metric)
        })
        .map(|entry| {
            let metrics: Vec<_> = outcomes.iter().map(|o| o.metric.word()).collect();
            let at = format!("{}/metric", entry.at);
            subject
                .warning(
                    RULE.code,
                    &at,
                    "rollout analyses a metric that is no outcome",
                )
                .expected(format!("one of {}", metrics.join(", ")))
                .found(format!("`{}`", entry.metric))
                .hint("add an outcome with this metric, so that its target is agreed")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn other_metrics_are_a_warning() {
        check(
            &RULE,
            "[{metric: bounce-rate",
            "[{metric: late-rate",
            &["E0364 warning \"late-rate\""],
        );
    }
}
