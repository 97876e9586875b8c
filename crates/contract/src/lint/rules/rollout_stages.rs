//! Exposure only grows, and ends with everybody.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(362),
    name: "rollout-stages",
    summary: "Rollout stages increase and end at 100.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let Some(rollout) = &subject.contract().rollout else {
        return Vec::new();
    };
    let pairs = rollout.stages.iter().zip(rollout.stages.iter().skip(1));
    let mut diagnostics: Vec<_> = pairs
        .filter(|(before, stage)| stage.percent <= before.percent)
        .map(|(before, stage)| {
            subject
                .error(
                    RULE.code,
                    &format!("{}/percent", stage.at),
                    "rollout stage does not grow",
                )
                .expected(format!("more than {}", before.percent))
                .found(format!("{}", stage.percent))
                .hint("order the stages; going back is a rollback, not a stage")
        })
        .collect();
    if let Some(last) = rollout.stages.last().filter(|stage| stage.percent != 100) {
        diagnostics.push(
            subject
                .error(
                    RULE.code,
                    &format!("{}/percent", last.at),
                    "rollout never ends",
                )
                .expected("100 in the last stage")
                .found(format!("{}", last.percent))
                .hint("add `{percent: 100}`: two versions in force for good are two contracts"),
        );
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn stages_grow_up_to_everybody() {
        check(
            &RULE,
            "percent: 50,",
            "percent: 10,",
            &["E0362 error \"10\""],
        );
        check(&RULE, ", {percent: 100}", "", &["E0362 error \"50\""]);
        check(
            &RULE,
            "{percent: 100}",
            "{percent: 20}",
            &["E0362 error \"20\"", "E0362 error \"20\""],
        );
    }
}
