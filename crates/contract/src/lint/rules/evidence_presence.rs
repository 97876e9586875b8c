//! Evidence is always required, or required under a condition.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(339),
    name: "evidence-presence",
    summary: "Evidence has `required` or `when`, not both.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let evidence = subject.contract().evidence_requirements();
    evidence
        .filter(|e| subject.has(&e.at, "required") && subject.has(&e.at, "when"))
        .map(|requirement| {
            let at = format!("{}/required", requirement.at);
            subject
                .error(RULE.code, &at, "evidence says twice when it is required")
                .expected("either `required` or `when`")
                .found("both")
                .hint("remove `required` to keep the condition")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn one_of_the_two() {
        check(
            &RULE,
            "      max_age: 60d\n",
            "      max_age: 60d\n      required: true\n",
            &["E0339 error \"true\""],
        );
    }
}
