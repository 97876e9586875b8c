//! A new version is first watched without judging anybody.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(363),
    name: "rollout-without-shadow",
    summary: "A rollout starts in shadow.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let rollout = subject.contract().rollout.iter();
    rollout
        .filter_map(|rollout| rollout.stages.first())
        .filter(|stage| stage.percent != 0)
        .map(|stage| {
            let at = format!("{}/percent", stage.at);
            subject
                .warning(RULE.code, &at, "rollout does not start in shadow")
                .expected("0 in the first stage")
                .found(format!("{}", stage.percent))
                .hint("add `{percent: 0, hold: 7d}` in front: it shows what would change, and changes nothing")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn shadow_comes_first() {
        check(
            &RULE,
            "{percent: 0, hold: 7d}, ",
            "",
            &["E0363 warning \"10\""],
        );
    }
}
