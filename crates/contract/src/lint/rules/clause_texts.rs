//! `because` convinces, `fix` helps: neither can stand in for the other.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(373),
    name: "clause-texts",
    summary: "A clause says why it exists and, in other words, what to do.",
    check,
};

/// Fewer characters can't name what to do.
const FIX_CHARACTERS_MIN: usize = 10;

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for clause in &subject.contract().clauses {
        let (because, fix) = (clause.because.trim(), clause.fix.trim());
        let (message, expected) = if because.is_empty() || fix.is_empty() {
            continue;
        } else if because.eq_ignore_ascii_case(fix) {
            ("fix repeats the reason", "what to do, not why")
        } else if fix.chars().count() < FIX_CHARACTERS_MIN {
            ("fix is too short to follow", "what to do, in a sentence")
        } else {
            continue;
        };
        let at = format!("{}/fix", clause.at);
        diagnostics.push(
            subject
                .warning(RULE.code, &at, message)
                .expected(expected)
                .found(format!("`{}`", fix.chars().take(60).collect::<String>()))
                .hint("write what the sender should change, add or ask for"),
        );
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn a_fix_says_what_to_do() {
        let fix = "fix: Attach what is missing.";
        check(&RULE, fix, "fix: Mend it.", &["E0373 warning \"Mend it.\""]);
        check(
            &RULE,
            fix,
            "fix: the receiver builds on it.",
            &["E0373 warning \"the receiver builds on it.\""],
        );
    }
}
