//! A schema is whole, local and bounded: the problems `crate::schema` finds, at their places.

use baton_terms::Diagnostic;
use serde_json::Value;

use crate::lint::{Rule, Subject};
use crate::schema::{BAD_KEYWORD_VALUE, PackageSchema};

/// Passes on the codes E0310 to E0326.
pub(super) const RULE: Rule = Rule {
    code: BAD_KEYWORD_VALUE,
    name: "schemas",
    summary: "Schemas are sound JSON Schema 2020-12 with bounded work and nothing remote.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    let outputs = contract.outputs.as_ref();
    let sections = [
        ("inputs", contract.inputs.schema.as_ref()),
        (
            "outputs",
            outputs.and_then(|outputs| outputs.schema.as_ref()),
        ),
    ];
    let mut diagnostics = Vec::new();
    for (section, schema) in sections {
        // A schema that could not be read has been reported as missing.
        let Some(schema) = schema.filter(|schema| schema.value != Value::Null) else {
            continue;
        };
        if subject.is_refused(&format!("/{section}/schema")) {
            continue;
        }
        let problems = PackageSchema::compile(&schema.value)
            .err()
            .unwrap_or_default();
        let place = |problem| subject.inside_schema(section, problem);
        diagnostics.extend(problems.into_iter().map(place));
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn problems_stand_where_the_schema_does() {
        let title =
            "title: {type: string, description: What is built., minLength: 5, maxLength: 200}";
        for (to, expected) in [
            ("title: {type: texts}", "E0310 error \"texts\""),
            ("title: {typ: string}", "E0311 error \"string\""),
            (
                "title: {$ref: \"https://example.org/s.json\"}",
                "E0312 error \"\\\"https://example.org/s.json\\\"\"",
            ),
            (
                "title: {$ref: \"#/$defs/none\"}",
                "E0322 error \"\\\"#/$defs/none\\\"\"",
            ),
            (
                "title: {type: string, pattern: \"(a\"}",
                "E0316 error \"\\\"(a\\\"\"",
            ),
        ] {
            check(&RULE, title, to, &[expected]);
        }
        check(
            &RULE,
            "build: {type: string,",
            "build: {type: strin,",
            &["E0310 error \"strin\""],
        );
    }
}
