//! A schema stands in one place.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(338),
    name: "schema-twice",
    summary: "A schema is inline or in a file, not both.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    ["inputs", "outputs"]
        .into_iter()
        .filter(|section| {
            let at = format!("/{section}");
            let is_there = subject.root().get(section).is_some();
            is_there && subject.has(&at, "schema") && subject.has(&at, "schema_file")
        })
        .map(|section| {
            subject
                .error(
                    RULE.code,
                    &format!("/{section}/schema_file"),
                    "schema is given twice",
                )
                .expected("either `schema` or `schema_file`")
                .found("both")
                .hint("remove one of them; which one counts would be a guess")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn one_place_only() {
        for section in ["inputs", "outputs"] {
            let from = format!("{section}:\n");
            let to = format!("{section}:\n  schema_file: other.json\n");
            check(&RULE, &from, &to, &["E0338 error \"other.json\""]);
        }
    }
}
