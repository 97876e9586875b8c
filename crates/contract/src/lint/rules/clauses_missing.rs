//! A contract that checks nothing would let everything through.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(307),
    name: "clauses-missing",
    summary: "A contract has at least one clause.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let clauses = subject.root().get("clauses");
    if !clauses.is_some_and(|node| node.items().is_empty() && node.kind() == "a list") {
        return Vec::new();
    }
    vec![
        subject
            .error(RULE.code, "/clauses", "contract has no clause")
            .expected("at least one clause")
            .found("none")
            .hint("start with a clause with `check: schema`; nothing checked is never ready"),
    ]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{SOUND, check, check_changes};

    #[test]
    fn an_empty_list_is_an_error() {
        let start = SOUND.find("clauses:\n").unwrap();
        let end = SOUND.find("thresholds:").unwrap();
        let clauses = SOUND.get(start..end).unwrap();
        check_changes(
            &RULE,
            &[(clauses, "clauses: []\n")],
            &["E0307 error \"[]\""],
        );
        check(&RULE, clauses, "", &[]);
    }
}
