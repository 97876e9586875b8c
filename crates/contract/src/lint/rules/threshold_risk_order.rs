//! Risk needs review before it is critical.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(334),
    name: "threshold-risk-order",
    summary: "`review_risk` is at most `critical_risk`.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let thresholds = subject.contract().thresholds;
    let (review, critical) = (thresholds.review_risk.get(), thresholds.critical_risk.get());
    if review <= critical {
        return Vec::new();
    }
    vec![
        subject
            .error(
                RULE.code,
                "/thresholds/review_risk",
                "`review_risk` is above `critical_risk`",
            )
            .expected(format!("at most {critical}"))
            .found(format!("{review}"))
            .hint("risks from `review_risk` up to `critical_risk` need review; swap the two"),
    ]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn review_begins_below_critical() {
        check(
            &RULE,
            "review_risk: 6200",
            "review_risk: 8101",
            &["E0334 error \"8101\""],
        );
        check(&RULE, "review_risk: 6200", "review_risk: 8100", &[]);
    }
}
