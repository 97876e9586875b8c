//! A threshold at its end switches a posture off.

use baton_terms::{BasisPoints, Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(383),
    name: "threshold-extremes",
    summary: "No threshold switches a posture off.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let thresholds = subject.contract().thresholds;
    [
        (
            "ready_min",
            thresholds.ready_min,
            "no score is too low to be ready",
        ),
        ("review_min", thresholds.review_min, "no score is critical"),
        (
            "review_risk",
            thresholds.review_risk,
            "every risk needs review",
        ),
        (
            "critical_risk",
            thresholds.critical_risk,
            "every risk is critical",
        ),
    ]
    .into_iter()
    .filter(|(_, value, _)| *value == BasisPoints::ZERO)
    .map(|(field, _, effect)| {
        subject
            .warning(
                RULE.code,
                &format!("/thresholds/{field}"),
                "threshold switches a posture off",
            )
            .expected("more than 0")
            .found(format!("0: {effect}"))
            .hint("leave the threshold out to use its default")
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn zero_is_a_warning() {
        for field in [
            "ready_min: 7400",
            "review_min: 5400",
            "review_risk: 6200",
            "critical_risk: 8100",
        ] {
            let (name, _) = field.split_once(':').unwrap();
            check(
                &RULE,
                field,
                &format!("{name}: 0"),
                &["E0383 warning \"0\""],
            );
        }
    }
}
