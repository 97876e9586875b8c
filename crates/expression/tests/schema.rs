//! The type of documents from their JSON Schema, printed with its fields.

use baton_expression::Type;
use serde_json::{Value as Json, json};

fn shown(kind: &Type) -> String {
    match kind {
        Type::Object(object) => {
            let fields = object.fields.iter().map(|(name, field)| {
                let mark = if field.required { "" } else { "?" };
                format!("{name}{mark}: {}", shown(&field.kind))
            });
            let fields: Vec<String> = fields.collect();
            let rest = if object.open { ", .." } else { "" };
            format!("{{{}{rest}}}", fields.join(", "))
        }
        Type::List { item, .. } => format!("[{}]", shown(item)),
        Type::TextOf(values) => values.join("|"),
        other => other.to_string(),
    }
}

/// Checks the type of documents under `schema`.
fn check(schema: &Json, expected: &str) {
    assert_eq!(shown(&Type::from_schema(schema)), expected, "{schema}");
}

// spec: EXPRESSION-16
#[test]
fn simple_keywords() {
    check(&json!(true), "any");
    check(&json!({}), "any");
    check(&json!({"type": "integer"}), "int");
    check(&json!({"type": "number"}), "double");
    check(&json!({"type": ["string", "null"]}), "text or null");
    check(
        &json!({"type": "string", "format": "date-time"}),
        "timestamp",
    );
    check(&json!({"type": "string", "format": "date"}), "text");
    check(&json!({"enum": ["a", "b", 1]}), "text or int");
    check(&json!({"const": "a"}), "a");
    check(&json!({"type": "string", "enum": ["a"]}), "a");
    check(&json!({"type": "array"}), "[any]");
    check(
        &json!({"type": "array", "items": {"type": "integer"}}),
        "[int]",
    );
    check(
        &json!({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": false}),
        "[int or text]",
    );
}

// spec: EXPRESSION-16
#[test]
fn objects_are_open_unless_closed() {
    let properties = json!({"a": {"type": "integer"}, "b": {"type": "string"}});
    check(
        &json!({"type": "object", "properties": properties, "required": ["a"]}),
        "{a: int, b?: text, ..}",
    );
    check(
        &json!({"type": "object", "properties": properties, "additionalProperties": false}),
        "{a?: int, b?: text}",
    );
    check(
        &json!({"type": "object", "properties": properties, "unevaluatedProperties": false}),
        "{a?: int, b?: text}",
    );
    check(&json!({"properties": {"a": true}}), "{a?: any, ..}");
    check(&json!({"type": "object"}), "map(any)");
    check(
        &json!({"type": "object", "additionalProperties": {"type": "integer"}}),
        "map(int)",
    );
}

// spec: EXPRESSION-16
#[test]
fn combined_schemas_stay_known() {
    let a = json!({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]});
    let b = json!({"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"]});
    check(&json!({"allOf": [a, b]}), "{a: int, b: text, ..}");
    check(&json!({"type": "object", "allOf": [a]}), "{a: int, ..}");
    check(
        &json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
        "text or int",
    );
    check(
        &json!({"type": "number", "allOf": [{"type": "integer"}]}),
        "int",
    );
    check(
        &json!({"if": true, "then": b, "type": "object", "properties": {"a": {"type": "integer"}}}),
        "{a?: int, b?: text, ..}",
    );
    check(
        &json!({"$ref": "#/$defs/a", "$defs": {"a": {"type": "integer"}}}),
        "int",
    );
    check(
        &json!({"$ref": "#here", "$defs": {"x": {"$anchor": "here", "type": "integer"}}}),
        "int",
    );
    check(&json!({"$ref": "https://example.com/x"}), "any");
    check(&json!({"$ref": "#/$defs/none"}), "any");
}

// spec: EXPRESSION-16
#[test]
fn recursive_and_exploding_schemas_end() {
    check(&json!({"$ref": "#"}), "any");
    check(
        &json!({"allOf": [{"$ref": "#"}, {"$ref": "#"}], "anyOf": [{"$ref": "#"}]}),
        "any",
    );
    let mut definitions = serde_json::Map::new();
    for level in 0..40 {
        let next = json!({"$ref": format!("#/$defs/d{}", level + 1)});
        let properties = json!({"a": next, "b": next, "c": next, "d": next});
        definitions.insert(format!("d{level}"), json!({"properties": properties}));
    }
    let kind = Type::from_schema(&json!({"$ref": "#/$defs/d0", "$defs": definitions}));
    assert!(shown(&kind).starts_with("{a?: {"));
}
