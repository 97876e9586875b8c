//! The sender can rely on an answer only when it is due.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(353),
    name: "verdict-deadline-missing",
    summary: "A contract says by when the receiver gives a verdict.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let deadlines = subject.root().get("deadlines");
    if deadlines.is_some_and(|deadlines| deadlines.get("verdict").is_some()) {
        return Vec::new();
    }
    vec![
        subject
            .warning(RULE.code, "/deadlines", "verdict is never due")
            .expected("`deadlines.verdict`")
            .found("no such deadline")
            .hint("add `verdict: {within: 2bd, calendar: …}`; the clock stops while the sender holds the ball"),
    ]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{SOUND, check};

    #[test]
    fn a_verdict_is_due() {
        let start = SOUND.find("  verdict:").unwrap();
        let end = SOUND.find("  complete:").unwrap();
        let verdict = SOUND.get(start..end).unwrap();
        check(&RULE, verdict, "", &["E0353 warning \"deadlines\""]);
        let start = SOUND.find("deadlines:\n").unwrap();
        let end = SOUND.find("calendar:\n").unwrap();
        let deadlines = SOUND.get(start..end).unwrap();
        check(&RULE, deadlines, "", &["E0353 warning \"design-to-build\""]);
    }
}
