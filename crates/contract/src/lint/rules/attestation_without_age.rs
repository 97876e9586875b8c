//! An attestation says what was true once; how long that counts is the contract's decision.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(341),
    name: "attestation-without-age",
    summary: "Attested evidence has a largest age.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let evidence = subject.contract().evidence_requirements();
    evidence
        .filter(|e| !e.predicate_types.is_empty() && !subject.has(&e.at, "max_age"))
        .map(|requirement| {
            subject
                .warning(RULE.code, &requirement.at, "attestation counts forever")
                .expected("`max_age`: the oldest acceptable age")
                .found(format!("evidence `{}` without it", requirement.id))
                .hint("add `max_age: 30d`, or whatever age you would still rely on")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn attestations_age() {
        check(
            &RULE,
            "      max_age: 60d\n",
            "",
            &["E0341 warning \"usability-test\""],
        );
        check(&RULE, ", max_age: 30d", "", &[]);
    }
}
