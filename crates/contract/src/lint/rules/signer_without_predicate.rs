//! A signature covers a statement; without one there is nothing signed to verify.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(340),
    name: "signer-without-predicate",
    summary: "Evidence with a signer names accepted predicate types.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let evidence = subject.contract().evidence_requirements();
    evidence
        .filter(|e| e.signer.is_some() && !subject.has(&e.at, "predicate_types"))
        .map(|requirement| {
            let at = format!("{}/signer", requirement.at);
            subject
                .error(RULE.code, &at, "signer has nothing signed to verify")
                .expected("`predicate_types` beside `signer`")
                .found(format!("evidence `{}` without them", requirement.id))
                .hint("name the in-toto predicate types accepted, or remove the signer")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn a_signer_needs_a_statement() {
        check(
            &RULE,
            "      predicate_types: [\"https://in-toto.io/attestation/test-result/v0.1\"]\n",
            "",
            &["E0340 error \"{identity: \\\"research-*\\\"}\""],
        );
    }
}
