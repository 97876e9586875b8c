//! A schema that takes any field takes every typo.

use baton_terms::{Code, Diagnostic};
use serde_json::Value;

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(377),
    name: "open-schema",
    summary: "The input schema refuses fields it does not know.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let schema = subject.contract().inputs.schema.as_ref();
    if schema.is_none_or(|schema| !is_open(&schema.value)) {
        return Vec::new();
    }
    let diagnostic = Diagnostic::warning(RULE.code, "input schema takes fields it does not know")
        .expected("`additionalProperties: false` (or `unevaluatedProperties: false`) at its root")
        .found("a root that leaves other fields open")
        .hint("a typo in a field name would pass, and the field would be missing");
    vec![subject.inside_schema("inputs", diagnostic)]
}

fn is_open(schema: &Value) -> bool {
    let Value::Object(fields) = schema else {
        return *schema == Value::Bool(true);
    };
    let closed = ["additionalProperties", "unevaluatedProperties"]
        .into_iter()
        .any(|field| {
            fields
                .get(field)
                .is_some_and(|value| *value != Value::Bool(true))
        });
    // What a reference or combination leaves open can't be told from the root alone.
    let combined = ["$ref", "$dynamicRef", "allOf", "anyOf", "oneOf"]
        .into_iter()
        .any(|field| fields.contains_key(field));
    !closed && !combined
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn the_root_is_closed() {
        let closed = "    additionalProperties: false\n";
        check(&RULE, closed, "", &["E0377 warning \"schema\""]);
        let open = "    additionalProperties: true\n";
        check(&RULE, closed, open, &["E0377 warning \"schema\""]);
        for other in [
            "unevaluatedProperties: false",
            "additionalProperties: {type: string}",
        ] {
            check(&RULE, closed, &format!("    {other}\n"), &[]);
        }
    }
}
