//! Numbers of a metric Baton computes are in that metric's unit and range.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::{Baseline, Metric, Outcome, Unit};

pub(super) const RULE: Rule = Rule {
    code: Code::new(305),
    name: "outcome-unit",
    summary: "A built-in metric has its own unit and range.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let outcomes = subject.contract().outcomes.iter();
    outcomes
        .flat_map(|outcome| match units(outcome.metric) {
            [] => Vec::new(),
            units if !units.contains(&outcome.unit) => vec![wrong_unit(subject, outcome, units)],
            _ => out_of_range(subject, outcome),
        })
        .collect()
}

/// Returns the units a metric may be stated in; none named means any.
const fn units(metric: Metric) -> &'static [Unit] {
    match metric {
        Metric::BounceRate
        | Metric::NeedsInputRate
        | Metric::LateRate
        | Metric::ReworkRate
        | Metric::ReopenRate
        | Metric::RollbackRate
        | Metric::LoadFairness => &[Unit::BasisPoints],
        Metric::TimeToVerdictP50
        | Metric::TimeToVerdictP90
        | Metric::TimeToCompleteP50
        | Metric::TimeToCompleteP90
        | Metric::ApprovalLatencyP50 => &[Unit::BusinessMinutes, Unit::Minutes],
        Metric::WaiverDebt => &[Unit::Count],
        Metric::Custom => &[],
    }
}

fn wrong_unit(subject: &Subject<'_>, outcome: &Outcome, units: &[Unit]) -> Diagnostic {
    let words: Vec<_> = units.iter().map(|unit| format!("`{unit}`")).collect();
    let at = format!("{}/unit", outcome.at);
    subject
        .error(RULE.code, &at, "unit does not fit the metric")
        .expected(words.join(" or "))
        .found(format!("`{}` for `{}`", outcome.unit, outcome.metric))
        .hint("change the unit, and convert baseline and target")
}

fn out_of_range(subject: &Subject<'_>, outcome: &Outcome) -> Vec<Diagnostic> {
    let max = match outcome.unit {
        Unit::BasisPoints => 10_000,
        _ => i64::MAX,
    };
    let baseline = match outcome.baseline {
        Some(Baseline::Known(baseline)) => Some(baseline),
        _ => None,
    };
    [("baseline", baseline), ("target", outcome.target)]
        .into_iter()
        .filter_map(|(field, value)| Some((field, value.filter(|v| !(0..=max).contains(v))?)))
        .map(|(field, value)| {
            let at = format!("{}/{field}", outcome.at);
            let range = if max == 10_000 {
                "0 to 10000"
            } else {
                "0 or more"
            };
            subject
                .error(RULE.code, &at, "value lies outside the metric's range")
                .expected(range)
                .found(format!("{value}"))
                .hint("10000 basis points are 100%; times and counts are never negative")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{check, check_changes};

    #[test]
    fn each_metric_has_its_unit() {
        let unit = "unit: basis-points";
        check(&RULE, unit, "unit: minutes", &["E0305 error \"minutes\""]);
        let metric = "metric: bounce-rate, unit: basis-points";
        for (to, expected) in [
            ("metric: time-to-verdict-p90, unit: business-minutes", None),
            ("metric: time-to-complete-p50, unit: minutes", None),
            (
                "metric: approval-latency-p50, unit: count",
                Some("E0305 error \"count\""),
            ),
            ("metric: waiver-debt, unit: count", None),
            (
                "metric: load-fairness, unit: count",
                Some("E0305 error \"count\""),
            ),
            ("metric: custom, source: survey, unit: minor-currency", None),
        ] {
            check(&RULE, metric, to, expected.as_slice());
        }
    }

    #[test]
    fn a_rate_lies_between_nothing_and_everything() {
        check(
            &RULE,
            "baseline: 1800",
            "baseline: 10001",
            &["E0305 error \"10001\""],
        );
        check(&RULE, "target: 900", "target: -1", &["E0305 error \"-1\""]);
        let metric = "metric: bounce-rate, unit: basis-points";
        let waivers = (metric, "metric: waiver-debt, unit: count");
        check_changes(
            &RULE,
            &[waivers, ("baseline: 1800", "baseline: 20000")],
            &[],
        );
        check_changes(
            &RULE,
            &[waivers, ("target: 900", "target: -5")],
            &["E0305 error \"-5\""],
        );
    }
}
