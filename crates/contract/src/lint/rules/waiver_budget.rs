//! Exceptions are counted: a contract whose clauses may all be waived checks nothing.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(379),
    name: "waiver-budget",
    summary: "A contract limits waivers to fewer than its clauses.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let clauses = subject.texts("clauses", "id").len();
    let Some(waivers) = subject.contract().budget.waivers else {
        if subject.has("/budget", "waivers") {
            return Vec::new();
        }
        return vec![
            subject
                .warning(RULE.code, "/budget", "waivers are not limited")
                .expected("`budget.waivers`: most clauses waived in one handoff")
                .found("no such limit")
                .hint("add `waivers: 2`, or `waivers: 0` for none"),
        ];
    };
    if u64::try_from(clauses).is_ok_and(|clauses| waivers <= clauses) {
        return Vec::new();
    }
    vec![
        subject
            .warning(RULE.code, "/budget/waivers", "more waivers than clauses")
            .expected(format!("at most {clauses}, the number of clauses"))
            .found(format!("{waivers}"))
            .hint("a limit above the number of clauses limits nothing"),
    ]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn exceptions_have_a_limit() {
        check(
            &RULE,
            ", waivers: 2",
            "",
            &[
                "E0379 warning \"{time: 2h, attempts: 4, open_work: 5, resource_pressure_cap: 8000}\"",
            ],
        );
        check(&RULE, "waivers: 2", "waivers: 7", &["E0379 warning \"7\""]);
        check(&RULE, "waivers: 2", "waivers: 0", &[]);
    }
}
