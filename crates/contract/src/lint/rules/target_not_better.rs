//! A target on the wrong side of the baseline would reward standing still or getting worse.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::{Baseline, Direction};

pub(super) const RULE: Rule = Rule {
    code: Code::new(304),
    name: "target-not-better",
    summary: "A target is better than its baseline.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for outcome in &subject.contract().outcomes {
        let (Some(Baseline::Known(baseline)), Some(target)) = (outcome.baseline, outcome.target)
        else {
            continue;
        };
        let (is_better, than) = match outcome.direction {
            Direction::Lower => (target < baseline, "less"),
            Direction::Higher => (target > baseline, "more"),
        };
        if !is_better {
            let at = format!("{}/target", outcome.at);
            diagnostics.push(
                subject
                    .error(RULE.code, &at, "target is no better than the baseline")
                    .expected(format!("{than} than the baseline {baseline}"))
                    .found(format!("{target}"))
                    .hint("correct the target, the baseline or `direction`"),
            );
        }
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn better_depends_on_the_direction() {
        for (target, expected) in [
            ("target: 1799", None),
            ("target: 1800", Some("E0304 error \"1800\"")),
            ("target: 2000", Some("E0304 error \"2000\"")),
        ] {
            check(&RULE, "target: 900", target, expected.as_slice());
        }
        check(
            &RULE,
            "direction: lower",
            "direction: higher",
            &["E0304 error \"900\""],
        );
        check(&RULE, "baseline: 1800", "baseline: measure", &[]);
    }
}
