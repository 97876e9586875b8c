//! Without a target nobody can say whether the contract helped.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(303),
    name: "outcome-without-target",
    summary: "Every outcome says where it should get.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let outcomes = subject.contract().outcomes.iter();
    let without = outcomes.filter(|outcome| !subject.has(&outcome.at, "target"));
    without
        .map(|outcome| {
            subject
                .error(RULE.code, &outcome.at, "outcome has no target")
                .expected("the value to reach")
                .found(format!("outcome `{}` without `target`", outcome.id))
                .hint("add `target:` in the unit of the outcome")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn an_outcome_without_target_is_an_error() {
        check(&RULE, "target: 900, ", "", &["E0303 error \"bounces\""]);
        check(&RULE, "target: 900", "target: 100", &[]);
    }
}
