//! Schemas: what is refused, what is asserted, and in which words.

use baton_evidence::json::Tree;
use serde_json::{Value, json};

use super::*;

fn refusals(schema: &Value) -> Vec<String> {
    let Err(problems) = PackageSchema::compile(schema) else {
        return Vec::new();
    };
    let show = |problem: &Diagnostic| {
        assert!(!problem.expected.is_empty() && !problem.found.is_empty());
        assert!(!problem.hint.is_empty());
        format!("{} {}", problem.code, problem.place.pointer)
    };
    problems.iter().map(show).collect()
}

/// The problems of `instance`, as `pointer keyword: expected / found`.
fn told(schema: &Value, instance: &Value) -> Vec<String> {
    let schema = PackageSchema::compile(schema).unwrap();
    let instance = Tree::from(instance);
    let problems = schema.validate(instance.root());
    assert_eq!(problems.is_empty(), schema.is_valid(instance.root()));
    let show = |problem: &SchemaProblem| {
        assert!(
            schema.schema().pointer(&problem.schema_pointer).is_some(),
            "{problem:?}"
        );
        format!(
            "{} {}: {} / {}",
            problem.instance_pointer, problem.keyword, problem.expected, problem.found
        )
    };
    problems.iter().map(show).collect()
}

// spec: SCHEMA-10
#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn every_validation_keyword_says_what_was_expected_and_found() {
    for (schema, instance, expected) in [
        (
            json!({"type": "string"}),
            json!(5),
            " type: text / the number 5",
        ),
        (
            json!({"type": "integer"}),
            json!(1.5),
            " type: a whole number / the number 1.5",
        ),
        (
            json!({"type": "array"}),
            json!({}),
            " type: a list / an empty object",
        ),
        (
            json!({"type": ["string", "null"]}),
            json!([1]),
            " type: null, or text / a list of 1 item",
        ),
        (
            json!({"type": "object"}),
            Value::Null,
            " type: an object / null (the field is there, but holds no value)",
        ),
        (
            json!({"enum": ["draft", "ready", 3]}),
            json!("redy"),
            " enum: one of draft, ready, 3 / the text \"redy\" (did you mean `ready`?)",
        ),
        (
            json!({"const": true}),
            json!(false),
            " const: exactly true / false",
        ),
        (
            json!({"multipleOf": 0.5}),
            json!(0.7),
            " multipleOf: a multiple of 0.5 / 0.7",
        ),
        (
            json!({"minimum": 3}),
            json!(2),
            " minimum: a number at least 3 / 2",
        ),
        (
            json!({"maximum": 3}),
            json!(4),
            " maximum: a number at most 3 / 4",
        ),
        (
            json!({"exclusiveMinimum": 3}),
            json!(3),
            " exclusiveMinimum: a number above 3 / 3",
        ),
        (
            json!({"exclusiveMaximum": 3}),
            json!(3),
            " exclusiveMaximum: a number below 3 / 3",
        ),
        (
            json!({"minLength": 40}),
            json!("twelve chars"),
            " minLength: text of at least 40 characters / 12 characters",
        ),
        (
            json!({"minLength": 1}),
            json!(""),
            " minLength: text of at least 1 character / empty text",
        ),
        (
            json!({"maxLength": 1}),
            json!("üé"),
            " maxLength: text of at most 1 character / 2 characters",
        ),
        (
            json!({"pattern": "^a+$"}),
            json!("b"),
            " pattern: text that matches `^a+$` / the text \"b\"",
        ),
        (
            json!({"format": "email"}),
            json!("x"),
            " format: an email address / the text \"x\"",
        ),
        (
            json!({"minItems": 2}),
            json!([]),
            " minItems: a list of at least 2 items / an empty list",
        ),
        (
            json!({"maxItems": 1}),
            json!([1, 2]),
            " maxItems: a list of at most 1 item / 2 items",
        ),
        (
            json!({"uniqueItems": true}),
            json!(["a", "b", "a"]),
            " uniqueItems: a list without repeated items / item 3 repeats item 1: a",
        ),
        (
            json!({"contains": {"const": 1}}),
            json!([2]),
            " contains: a list with at least 1 of its items meeting {\"const\":1} / a list of 1 item",
        ),
        (
            json!({"contains": {"const": 1}, "maxContains": 1}),
            json!([1, 1]),
            " maxContains: a list with 1 to 1 of its items meeting {\"const\":1} / a list of 2 items",
        ),
        (
            json!({"contains": {"const": 1}, "minContains": 2}),
            json!([1]),
            " minContains: a list with at least 2 of its items meeting {\"const\":1} / a list of 1 item",
        ),
        (
            json!({"minProperties": 1}),
            json!({}),
            " minProperties: an object with at least 1 field / an empty object",
        ),
        (
            json!({"maxProperties": 1}),
            json!({"a": 1, "b": 2}),
            " maxProperties: an object with at most 1 field / 2 fields",
        ),
        (
            json!({"required": ["owner"]}),
            json!({"ownr": 1}),
            " required: field `owner` is required / field `owner` is missing (there is a field `ownr`)",
        ),
        (
            json!({"dependentRequired": {"a": ["b"]}}),
            json!({"a": 1}),
            " dependentRequired: field `b` is required when `a` is there / field `b` is missing",
        ),
    ] {
        assert_eq!(told(&schema, &instance), [expected], "{schema}");
    }
}

// spec: SCHEMA-10
#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn every_applicator_says_what_was_expected_and_found() {
    for (schema, instance, expected) in [
        (
            json!({"allOf": [{"type": "string"}]}),
            json!(1),
            " type: text / the number 1",
        ),
        (
            json!({"anyOf": [{"type": "string"}, {"properties": {"a": {"minLength": 3}}, "type": "object"}]}),
            json!({"a": "x"}),
            " anyOf: a value that fits one of 2 alternatives / an object with 1 field; closest is alternative 2: expected text of at least 3 characters, found 1 character",
        ),
        (
            json!({"oneOf": [{"type": "string"}, {"type": "null"}]}),
            json!(1),
            " oneOf: a value that fits one of 2 alternatives / the number 1; closest is alternative 1: expected text, found the number 1",
        ),
        (
            json!({"oneOf": [{"type": "integer"}, {"type": "string"}, {"minimum": 0}]}),
            json!(1),
            " oneOf: a value that fits exactly one of 3 alternatives / a value that fits alternatives 1 and 3",
        ),
        (
            json!({"not": {"type": "string"}}),
            json!("x"),
            " not: anything that does not meet {\"type\":\"string\"} / the text \"x\"",
        ),
        (
            json!({"if": {"type": "string"}, "then": {"minLength": 2}}),
            json!("x"),
            " minLength: text of at least 2 characters / 1 character",
        ),
        (
            json!({"if": {"type": "string"}, "else": {"minimum": 2}}),
            json!(1),
            " minimum: a number at least 2 / 1",
        ),
        (
            json!({"dependentSchemas": {"a": {"required": ["b"]}}}),
            json!({"a": 1}),
            " required: field `b` is required / field `b` is missing",
        ),
        (
            json!({"properties": {"a/b": {"type": "null"}}}),
            json!({"a/b": 1}),
            "/a~1b type: null / the number 1",
        ),
        (
            json!({"properties": {"a": false}}),
            json!({"a": ""}),
            "/a false: nothing here / empty text",
        ),
        (
            json!({"patternProperties": {"^x": {"type": "null"}}}),
            json!({"xy": 1}),
            "/xy type: null / the number 1",
        ),
        (
            json!({"properties": {"owner": true}, "additionalProperties": false}),
            json!({"ownr": 1}),
            "/ownr additionalProperties: only the described fields: `owner` / unknown field `ownr` (did you mean `owner`?)",
        ),
        (
            json!({"additionalProperties": {"type": "null"}}),
            json!({"a": 1}),
            "/a type: null / the number 1",
        ),
        (
            json!({"unevaluatedProperties": false}),
            json!({"a": 1}),
            "/a unevaluatedProperties: no further fields / unknown field `a`",
        ),
        (
            json!({"propertyNames": {"maxLength": 1}}),
            json!({"ab": 1}),
            " propertyNames: field names that are: text of at most 1 character / the field name `ab`",
        ),
        (
            json!({"prefixItems": [{"type": "null"}]}),
            json!([1]),
            "/0 type: null / the number 1",
        ),
        (
            json!({"items": {"type": "null"}}),
            json!([1]),
            "/0 type: null / the number 1",
        ),
        (
            json!({"prefixItems": [true], "items": false}),
            json!([1, 2]),
            "/1 false: nothing here / the number 2",
        ),
        (
            json!({"prefixItems": [true], "unevaluatedItems": false}),
            json!([1, 2]),
            " unevaluatedItems: no items beyond the described ones / 1 more item",
        ),
        (
            json!({"$ref": "#/$defs/a", "$defs": {"a": {"type": "null"}}}),
            json!(1),
            " type: null / the number 1",
        ),
        (
            json!({"$ref": "#a", "$defs": {"a": {"$anchor": "a", "type": "null"}}}),
            json!(1),
            " type: null / the number 1",
        ),
        (
            json!({"$dynamicRef": "#a", "$defs": {"a": {"$dynamicAnchor": "a", "type": "null"}}}),
            json!(1),
            " type: null / the number 1",
        ),
    ] {
        assert_eq!(told(&schema, &instance), [expected], "{schema}");
    }
}

// spec: SCHEMA-10
#[test]
fn all_problems_of_an_instance_are_reported_in_order_of_place() {
    let schema = json!({
        "required": ["a", "b", "c"],
        "properties": {"a": {"minLength": 2}, "b": {"type": "integer"}},
    });
    let found = told(&schema, &json!({"b": "x", "a": ""}));
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].starts_with(" required") && found[1].starts_with("/a"));
}

// spec: SCHEMA-5
#[test]
fn every_format_is_asserted() {
    let known: Vec<&str> = crate::schema::formats::names().collect();
    assert_eq!(known.len(), 17);
    for format in known {
        let schema = PackageSchema::compile(&json!({"format": format})).unwrap();
        // No format takes a space, an unclosed brace and a stray percent sign at once.
        let is_valid = schema.is_valid(Tree::from(json!("{ %([")).root());
        assert!(!is_valid, "{format}");
    }
}

// spec: SCHEMA-8
#[test]
fn recursion_that_consumes_the_value_is_fine() {
    let tree = json!({
        "type": "object",
        "properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}, "all": {"items": {"$ref": "#"}}},
    });
    assert_eq!(
        told(&tree, &json!({"left": {"right": {"all": [{}]}}})),
        [""; 0]
    );
    assert_eq!(told(&tree, &json!({"left": {"all": [1]}})).len(), 1);
    // Alternatives that look at different fields do not multiply.
    let expression = json!({"anyOf": [
        {"required": ["and"], "properties": {"and": {"items": {"$ref": "#"}}}},
        {"required": ["not"], "properties": {"not": {"$ref": "#"}}},
        {"type": "string"},
    ]});
    assert_eq!(refusals(&expression), [""; 0]);
}

// spec: SCHEMA-9
#[test]
fn work_that_multiplies_is_refused() {
    // Each level applies the one below twice to the same value.
    let mut definitions = serde_json::Map::new();
    for level in 0..20 {
        let below = json!({"$ref": format!("#/$defs/l{}", level + 1)});
        definitions.insert(
            format!("l{level}"),
            json!({"anyOf": [below.clone(), below]}),
        );
    }
    definitions.insert("l20".to_owned(), json!({"type": "string"}));
    let fan = json!({"$ref": "#/$defs/l0", "$defs": definitions});
    assert_eq!(refusals(&fan).len(), 1);
    // Both alternatives look at the same field, so each level of the instance doubles the work.
    let twice = json!({"anyOf": [
        {"properties": {"a": {"$ref": "#"}}, "required": ["b"]},
        {"properties": {"a": {"$ref": "#"}}},
    ]});
    assert_eq!(refusals(&twice), ["E0320 "]);
}

// spec: SCHEMA-3
#[test]
fn nothing_is_ever_retrieved() {
    for reference in [
        "https://example.com/a",
        "file:///a",
        "a.json",
        "//example.com/a#b",
        "urn:other",
    ] {
        for keyword in ["$ref", "$dynamicRef"] {
            let expected = [format!("E0312 /{keyword}")];
            assert_eq!(refusals(&json!({ keyword: reference })), expected);
        }
        let uri = Uri::parse(format!("urn:x:{}", reference.len())).unwrap();
        assert!(Refuse.retrieve(&uri).is_err());
    }
}

// spec: SCHEMA-1
#[test]
fn dialect_and_identity_of_ones_own_are_fine() {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:example:brief",
        "$ref": "urn:example:brief#/$defs/a",
        "$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": true, "https://x.example/v": false},
        "$defs": {"a": {"type": "null"}},
    });
    assert_eq!(refusals(&schema), [""; 0]);
    assert_eq!(told(&schema, &json!(1)).len(), 1);
}

// spec: SCHEMA-7
#[test]
fn limits_hold_exactly() {
    let nested = |levels: usize| (0..levels).fold(json!({}), |inner, _| json!({"not": inner}));
    assert_eq!(refusals(&nested(64)), [""; 0]);
    assert!(refusals(&nested(65))[0].starts_with("E0317"));
    let many = |count: usize| {
        let properties: serde_json::Map<String, Value> = (0..count)
            .map(|at| (format!("p{at}"), json!(true)))
            .collect();
        json!({"properties": properties})
    };
    assert_eq!(refusals(&many(4_999)), [""; 0]);
    assert!(refusals(&many(5_000))[0].starts_with("E0318"));
    let choices = |count: usize| json!({"enum": (0..count).collect::<Vec<_>>()});
    assert_eq!(refusals(&choices(1_000)), [""; 0]);
    assert_eq!(refusals(&choices(1_001)), ["E0319 /enum"]);
}

/// Each `corpus/schemas/NAME.json` is refused with the lines of `NAME.expected`: code and pointer.
// spec: SCHEMA-2
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the corpus is read from the repository"
)]
fn the_corpus_is_refused_as_expected() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/schemas");
    let mut names: Vec<std::path::PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    names.sort();
    assert!(names.len() >= 20);
    for path in names {
        let schema: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let expected = std::fs::read_to_string(path.with_extension("expected")).unwrap();
        let found: Vec<String> = refusals(&schema)
            .into_iter()
            .map(|line| line.trim_end().to_owned())
            .collect();
        assert_eq!(
            found,
            expected.lines().collect::<Vec<_>>(),
            "{}",
            path.display()
        );
    }
}

// spec: SCHEMA-2
#[test]
fn what_only_the_validator_refuses_has_its_own_code() {
    let spaced = json!({"$ref": "#/$defs/a b", "$defs": {"a b": true}});
    assert_eq!(refusals(&spaced), ["E0325 "]);
}
