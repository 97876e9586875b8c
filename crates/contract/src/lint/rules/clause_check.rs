//! A clause is checked in exactly one way.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::syntax::Node;

pub(super) const RULE: Rule = Rule {
    code: Code::new(308),
    name: "clause-check",
    summary: "Every clause has exactly one of `expect`, `check` and `graded`.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let clauses = subject.root().get("clauses").map(Node::items);
    let mut diagnostics = Vec::new();
    for (index, clause) in clauses.unwrap_or_default().iter().enumerate() {
        let ways: Vec<_> = ["expect", "check", "graded"]
            .into_iter()
            .filter(|way| clause.get(way).is_some())
            .collect();
        if ways.len() == 1 || clause.entries().is_empty() {
            continue;
        }
        let (message, found) = match ways.as_slice() {
            [] => ("clause says nothing to check", "none".to_owned()),
            ways => (
                "clause is checked in several ways",
                format!("`{}`", ways.join("` and `")),
            ),
        };
        diagnostics.push(
            subject
                .error(RULE.code, &format!("/clauses/{index}"), message)
                .expected("exactly one of `expect`, `check` and `graded`")
                .found(found)
                .hint("make two clauses of a clause that expects two things"),
        );
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn one_way_each() {
        check(&RULE, "    check: schema\n", "", &["E0308 error \"valid\""]);
        check(
            &RULE,
            "    check: schema\n",
            "    check: schema\n    expect: 'true'\n",
            &["E0308 error \"valid\""],
        );
        check(&RULE, "    check: schema\n", "    expect: 'true'\n", &[]);
    }
}
