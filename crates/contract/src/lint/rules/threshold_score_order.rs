//! A score can't be good enough to be ready and bad enough to be critical.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(333),
    name: "threshold-score-order",
    summary: "`review_min` is at most `ready_min`.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let thresholds = subject.contract().thresholds;
    let (ready, review) = (thresholds.ready_min.get(), thresholds.review_min.get());
    if review <= ready {
        return Vec::new();
    }
    vec![
        subject
            .error(
                RULE.code,
                "/thresholds/review_min",
                "`review_min` is above `ready_min`",
            )
            .expected(format!("at most {ready}"))
            .found(format!("{review}"))
            .hint("scores from `review_min` up to `ready_min` need review; swap the two"),
    ]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn review_begins_below_ready() {
        check(
            &RULE,
            "review_min: 5400",
            "review_min: 7401",
            &["E0333 error \"7401\""],
        );
        check(&RULE, "review_min: 5400", "review_min: 7400", &[]);
        // Against the default of 5400.
        check(
            &RULE,
            "ready_min: 7400, review_min: 5400, ",
            "ready_min: 5000, ",
            &["E0333 error \"{ready_min: 5000, review_risk: 6200, critical_risk: 8100}\""],
        );
    }
}
