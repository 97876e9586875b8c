//! The published JSON Schema (2020-12) of a declared shape.

use serde_json::{Map, Value, json};

use super::{Object, Presence, Shape, Word};

/// Returns the JSON Schema of `root`, with one definition per named object.
pub fn json_schema(root: &'static Object, id: &str, title: &str) -> Value {
    let mut definitions = Map::new();
    define(root, &mut definitions);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": id,
        "title": title,
        "$ref": format!("#/$defs/{}", key(root)),
        "$defs": definitions,
    })
}

fn define(object: &'static Object, definitions: &mut Map<String, Value>) {
    let key = key(object);
    if definitions.contains_key(&key) {
        return;
    }
    // Reserve the name first: an object may contain itself.
    definitions.insert(key.clone(), Value::Null);
    let mut properties = Map::new();
    for field in object.fields {
        let mut schema = of(&field.shape, definitions);
        if let Value::Object(schema) = &mut schema {
            schema.insert("description".to_owned(), field.doc.into());
        }
        properties.insert(field.name.to_owned(), schema);
    }
    let required: Vec<_> = object
        .fields
        .iter()
        .filter(|field| field.presence == Presence::Required)
        .map(|field| field.name)
        .collect();
    let schema = json!({
        "type": "object",
        "description": object.doc,
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    definitions.insert(key, schema);
}

fn of(shape: &Shape, definitions: &mut Map<String, Value>) -> Value {
    match shape {
        Shape::Any => json!({}),
        Shape::JsonSchema => json!({"$ref": "https://json-schema.org/draft/2020-12/schema"}),
        Shape::Boolean => json!({"type": "boolean"}),
        Shape::Integer { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
        Shape::Text(kind) => kind.json_schema(),
        Shape::Choice(words) => choice(words),
        Shape::WordOr(words, other) => json!({"anyOf": [choice(words), of(other, definitions)]}),
        Shape::List { item, min, max } => {
            let items = of(item, definitions);
            json!({"type": "array", "items": items, "minItems": min, "maxItems": max})
        }
        Shape::Map { value, max } => json!({
            "type": "object",
            "propertyNames": super::TextKind::Id.json_schema(),
            "additionalProperties": of(value, definitions),
            "maxProperties": max,
        }),
        Shape::Table { value, max } => json!({
            "type": "object",
            "propertyNames": super::TextKind::Line.json_schema(),
            "additionalProperties": of(value, definitions),
            "maxProperties": max,
        }),
        Shape::OneOrList { item, max } => {
            let item = of(item, definitions);
            json!({"anyOf": [item, {"type": "array", "items": item, "minItems": 1, "maxItems": max}]})
        }
        Shape::Object(object) => {
            define(object, definitions);
            json!({"$ref": format!("#/$defs/{}", key(object))})
        }
    }
}

/// Returns the name of a definition; a reference is a URI (RFC 3986), which has no spaces.
fn key(object: &Object) -> String {
    object.name.replace(' ', "-")
}

fn choice(words: &[Word]) -> Value {
    let alternatives: Vec<_> = words
        .iter()
        .map(|(word, doc)| json!({"const": word, "description": doc}))
        .collect();
    json!({"oneOf": alternatives})
}
