//! Something must be able to stop a handoff.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::Severity;

pub(super) const RULE: Rule = Rule {
    code: Code::new(380),
    name: "blocker-missing",
    summary: "At least one clause is a blocker.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let severities = subject.texts("clauses", "severity");
    if severities.is_empty() || severities.contains(&Severity::Blocker.word()) {
        return Vec::new();
    }
    vec![
        subject
            .warning(RULE.code, "/clauses", "nothing can stop a handoff")
            .expected("at least one clause with severity `blocker`")
            .found("none")
            .hint("the schema clause usually is one"),
    ]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{check, check_changes};

    #[test]
    fn one_blocker_is_enough() {
        let lowered = ("severity: blocker", "severity: major");
        check(&RULE, lowered.0, lowered.1, &[]);
        check_changes(&RULE, &[lowered, lowered], &["E0380 warning \"clauses\""]);
    }
}
