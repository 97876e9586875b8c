//! The form for a package and every finding show what a field means, in the words of the schema.

use baton_terms::{Code, Diagnostic};
use serde_json::Value;

use crate::lint::{Rule, Subject};
use crate::model::Exchange;
use crate::shape::escape;

pub(super) const RULE: Rule = Rule {
    code: Code::new(378),
    name: "property-without-description",
    summary: "Every property of a schema has a description.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    let sections = [
        ("inputs", Some(&contract.inputs)),
        ("outputs", contract.outputs.as_ref()),
    ];
    let mut diagnostics = Vec::new();
    for (section, exchange) in sections {
        let schema = exchange.and_then(|Exchange { schema, .. }| schema.as_ref());
        let mut bare = Vec::new();
        if let Some(schema) = schema {
            undescribed(&schema.value, "", &mut bare);
        }
        diagnostics.extend(bare.into_iter().map(|(pointer, name)| {
            let diagnostic = Diagnostic::warning(RULE.code, "property has no description")
                .pointing_to(pointer)
                .expected("`description`: what the field means to its reader")
                .found(format!("property `{name}` without it"))
                .hint("one sentence; the form for a package and the findings show it");
            subject.inside_schema(section, diagnostic)
        }));
    }
    diagnostics
}

/// Collects pointer and name of each property without description, at any depth of objects and lists.
fn undescribed(schema: &Value, at: &str, out: &mut Vec<(String, String)>) {
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let pointer = format!("{at}/properties/{}", escape(name));
        let says = |field: &str| property.get(field).is_some();
        if property.is_object() && !says("description") && !says("$ref") {
            out.push((pointer.clone(), name.clone()));
        }
        undescribed(property, &pointer, out);
    }
    if let Some(items) = schema.get("items") {
        undescribed(items, &format!("{at}/items"), out);
    }
    let definitions = schema.get("$defs").and_then(Value::as_object);
    for (name, definition) in definitions.into_iter().flatten() {
        undescribed(definition, &format!("{at}/$defs/{}", escape(name)), out);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn each_property_says_what_it_means() {
        check(
            &RULE,
            "owner: {type: string, description: Team that answers questions., maxLength: 100}",
            "owner: {type: string}",
            &["E0378 warning \"{type: string}\""],
        );
        check(
            &RULE,
            "items: {type: string, maxLength: 100}",
            "items: {type: object, properties: {name: {type: string}}}",
            &["E0378 warning \"{type: string}\""],
        );
        check(
            &RULE,
            "description: What was built., ",
            "",
            &["E0378 warning \"{type: string, maxLength: 200}\""],
        );
    }
}
