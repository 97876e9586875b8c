//! Required evidence that no clause checks is not required.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::{BuiltIn, Presence};

pub(super) const RULE: Rule = Rule {
    code: Code::new(336),
    name: "evidence-unchecked",
    summary: "Required evidence is checked by a clause.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    if subject.is_checked(BuiltIn::Evidence) {
        return Vec::new();
    }
    let evidence = &subject.contract().inputs.evidence;
    let required = evidence
        .iter()
        .find(|requirement| requirement.presence != Presence::Optional);
    required
        .map(|requirement| {
            subject
                .error(RULE.code, &requirement.at, "no clause checks the evidence")
                .expected("a clause with `check: evidence`")
                .found(format!("evidence `{}`, and no such clause", requirement.id))
                .hint("add one, or mark the evidence `required: false`")
        })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{check, check_changes};

    #[test]
    fn required_evidence_needs_its_clause() {
        let unchecked = ("check: evidence", "expect: 'true'");
        check(
            &RULE,
            unchecked.0,
            unchecked.1,
            &["E0336 error \"prototype\""],
        );
        check_changes(
            &RULE,
            &[unchecked, ("required: true", "required: false")],
            &["E0336 error \"usability-test\""],
        );
    }

    #[test]
    fn optional_evidence_does_not() {
        check_changes(
            &RULE,
            &[
                ("check: evidence", "expect: 'true'"),
                ("required: true", "required: false"),
                ("when: context.risk_tier == \"high\"\n", "required: false\n"),
            ],
            &[],
        );
    }
}
