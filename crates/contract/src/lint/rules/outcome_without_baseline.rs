//! An improvement without a starting point can't be shown.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(302),
    name: "outcome-without-baseline",
    summary: "Every outcome says where it starts.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let outcomes = subject.contract().outcomes.iter();
    let without = outcomes.filter(|outcome| !subject.has(&outcome.at, "baseline"));
    without
        .map(|outcome| {
            subject
                .error(RULE.code, &outcome.at, "outcome has no baseline")
                .expected("the value before the contract, or `measure`")
                .found(format!("outcome `{}` without `baseline`", outcome.id))
                .hint("write `baseline: measure` to measure one window before judging the target")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn a_baseline_is_known_or_measured_first() {
        check(&RULE, "baseline: 1800, ", "", &["E0302 error \"bounces\""]);
        check(&RULE, "baseline: 1800", "baseline: measure", &[]);
    }
}
