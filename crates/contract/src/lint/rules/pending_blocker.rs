//! A blocker that does not block is worth a second thought.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::Severity;

pub(super) const RULE: Rule = Rule {
    code: Code::new(359),
    name: "pending-blocker",
    summary: "No blocker is pending.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    contract
        .pending
        .iter()
        .filter(|pending| {
            let clause = contract.clause(pending.clause.as_str());
            clause.is_some_and(|clause| clause.severity == Severity::Blocker)
        })
        .map(|pending| {
            subject
                .warning(RULE.code, &pending.at, "blocker does not count yet")
                .expected("pending clauses that are not blockers")
                .found(format!("blocker `{}`", pending.clause))
                .hint("until it counts nothing blocks: lower its severity, or let it count now")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn a_pending_blocker_is_a_warning() {
        check(
            &RULE,
            "clause: share-covered",
            "clause: valid",
            &["E0359 warning \"valid\""],
        );
        check(&RULE, "clause: share-covered", "clause: owner-named", &[]);
    }
}
