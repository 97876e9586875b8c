//! A schema that no clause checks is decoration.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::BuiltIn;

pub(super) const RULE: Rule = Rule {
    code: Code::new(335),
    name: "schema-unchecked",
    summary: "An input schema is checked by a clause.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let field = ["schema", "schema_file"]
        .into_iter()
        .find(|field| subject.has("/inputs", field));
    let (Some(field), false) = (field, subject.is_checked(BuiltIn::Schema)) else {
        return Vec::new();
    };
    vec![
        subject
            .error(
                RULE.code,
                &format!("/inputs/{field}"),
                "no clause checks the input schema",
            )
            .expected("a clause with `check: schema`")
            .found("a schema, and no such clause")
            .hint("add one, usually with severity `blocker`"),
    ]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn a_schema_needs_its_clause() {
        check(
            &RULE,
            "check: schema",
            "expect: 'true'",
            &["E0335 error \"schema\""],
        );
        check(
            &RULE,
            "inputs:\n  schema:",
            "inputs:\n  schema_file: s.json\n  x:",
            &[],
        );
    }
}
