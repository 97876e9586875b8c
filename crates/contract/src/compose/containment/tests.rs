//! Containment: decided pairs, and random pairs against random values.

use baton_evidence::json::Tree;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::judge::Judge;
use super::side::Side;
use super::*;
use crate::schema::PackageSchema;

/// `yes`, `unknown`, or the counterexample.
fn answer(narrow: &Value, wide: &Value) -> String {
    let containment = contains(narrow, wide);
    assert_eq!(
        containment.to_diagnostic().is_none(),
        containment == Containment::Yes
    );
    match containment {
        Containment::Yes => "yes".to_owned(),
        Containment::No {
            counterexample,
            pointer,
            because,
        } => {
            assert!(
                PackageSchema::compile(narrow)
                    .unwrap()
                    .is_valid(Tree::from(&counterexample).root())
            );
            assert!(
                !PackageSchema::compile(wide)
                    .unwrap()
                    .is_valid(Tree::from(&counterexample).root())
            );
            assert!(wide.pointer(&pointer).is_some(), "{pointer}");
            assert!(!because.is_empty());
            counterexample.to_string()
        }
        Containment::Unknown { because, pointer } => {
            assert!(!because.is_empty(), "{pointer}");
            "unknown".to_owned()
        }
    }
}

fn check(cases: &[(Value, Value, &str)]) {
    for (narrow, wide, expected) in cases {
        assert_eq!(answer(narrow, wide), *expected, "{narrow} in {wide}");
    }
}

// spec: COMPOSE-2
#[test]
fn kinds_and_listed_values() {
    check(&[
        (json!(true), json!({}), "yes"),
        (json!(false), json!(false), "yes"),
        (json!({"type": "string"}), json!(false), "\"\""),
        (json!({"type": "integer"}), json!({"type": "number"}), "yes"),
        (json!({"type": "number"}), json!({"type": "integer"}), "0.5"),
        (
            json!({"enum": ["a", "b"]}),
            json!({"enum": ["c", "b", "a"]}),
            "yes",
        ),
        (json!({"enum": ["a", "b"]}), json!({"const": "a"}), "\"b\""),
        (
            json!({"enum": ["a", "b"], "pattern": "^a"}),
            json!({"const": "a"}),
            "yes",
        ),
        (
            json!({"type": "boolean"}),
            json!({"enum": [true, false]}),
            "yes",
        ),
    ]);
}

// spec: COMPOSE-2
#[test]
fn numbers_and_texts() {
    check(&[
        (
            json!({"type": "number", "minimum": 3}),
            json!({"minimum": 2.5}),
            "yes",
        ),
        (
            json!({"type": "number", "minimum": 3}),
            json!({"exclusiveMinimum": 3}),
            "3",
        ),
        (
            json!({"type": "integer", "exclusiveMinimum": 2}),
            json!({"minimum": 3}),
            "yes",
        ),
        (
            json!({"type": "integer", "maximum": 9}),
            json!({"exclusiveMaximum": 10}),
            "yes",
        ),
        (
            json!({"type": "integer", "multipleOf": 6}),
            json!({"multipleOf": 3}),
            "yes",
        ),
        (
            json!({"type": "integer", "multipleOf": 3}),
            json!({"multipleOf": 6}),
            "3",
        ),
        (
            json!({"multipleOf": 0.1}),
            json!({"multipleOf": 0.1}),
            "yes",
        ),
        (
            json!({"type": "string", "minLength": 3}),
            json!({"minLength": 2}),
            "yes",
        ),
        (
            json!({"type": "string"}),
            json!({"maxLength": 3}),
            "\"aaaa\"",
        ),
        (
            json!({"type": "string", "pattern": "^[a-c]$"}),
            json!({"pattern": "^[a-z]$"}),
            "yes",
        ),
        (
            json!({"type": "string", "format": "date"}),
            json!({"format": "date"}),
            "yes",
        ),
        (
            json!({"type": "string", "format": "date"}),
            json!({"format": "uuid"}),
            "\"2026-11-20\"",
        ),
    ]);
}

// spec: COMPOSE-3
#[test]
fn lists() {
    check(&[
        (
            json!({"type": "array", "items": {"type": "integer"}}),
            json!({"items": {"type": "number"}}),
            "yes",
        ),
        (
            json!({"type": "array", "items": {"type": "number"}}),
            json!({"items": {"type": "integer"}}),
            "[0.5]",
        ),
        (
            json!({"type": "array", "minItems": 2, "maxItems": 3}),
            json!({"minItems": 1, "maxItems": 3}),
            "yes",
        ),
        (
            json!({"type": "array", "minItems": 1}),
            json!({"maxItems": 1}),
            "[0,null]",
        ),
        (
            json!({"type": "array", "maxItems": 1}),
            json!({"uniqueItems": true}),
            "yes",
        ),
        (
            json!({"type": "array", "uniqueItems": true}),
            json!({"uniqueItems": true}),
            "yes",
        ),
        (
            json!({"prefixItems": [{"const": 1}], "items": false, "type": "array"}),
            json!({"items": {"type": "integer"}}),
            "yes",
        ),
        (
            json!({"type": "array", "items": {"const": 1}}),
            json!({"prefixItems": [{"type": "integer"}, {"minimum": 1}]}),
            "yes",
        ),
        (
            json!({"type": "array", "contains": {"const": 1}}),
            json!({"contains": {"type": "integer"}}),
            "yes",
        ),
        (
            json!({"type": "array", "items": {"const": 1}, "minItems": 1}),
            json!({"contains": {"const": 1}}),
            "yes",
        ),
        (
            json!({"type": "array", "items": {"const": 1}}),
            json!({"contains": {"const": 1}}),
            "[]",
        ),
    ]);
}

// spec: COMPOSE-4
#[test]
fn objects() {
    check(&[
        (
            json!({"type": "object", "required": ["a", "b"]}),
            json!({"required": ["a"]}),
            "yes",
        ),
        (
            json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "null"}}}),
            json!({"required": ["b"]}),
            "{\"a\":null}",
        ),
        (
            json!({"type": "object", "properties": {"a": {"minLength": 5, "type": "string"}}, "additionalProperties": false}),
            json!({"properties": {"a": {"minLength": 4}}, "additionalProperties": {"type": "null"}}),
            "yes",
        ),
        (
            json!({"type": "object", "properties": {"a": true}}),
            json!({"properties": {"a": true}, "additionalProperties": false}),
            "{\"unforeseen\":0}",
        ),
        (
            json!({"type": "object", "properties": {"a": true}, "additionalProperties": false}),
            json!({"maxProperties": 1, "propertyNames": {"const": "a"}}),
            "yes",
        ),
        (
            json!({"type": "object", "required": ["a", "b"]}),
            json!({"minProperties": 2, "dependentRequired": {"c": ["a"]}}),
            "yes",
        ),
        (
            json!({"type": "object", "patternProperties": {"^x": {"const": 1}}}),
            json!({"patternProperties": {"^x": {"type": "integer"}}}),
            "yes",
        ),
        (
            json!({"type": "object", "additionalProperties": {"const": 1}}),
            json!({"patternProperties": {"^x": {"const": 1}}}),
            "yes",
        ),
        (
            json!({"type": "object", "properties": {"a": false}}),
            json!({"dependentSchemas": {"a": false}}),
            "yes",
        ),
        (
            json!({"type": "object", "propertyNames": {"maxLength": 3}}),
            json!({"propertyNames": {"maxLength": 4}}),
            "yes",
        ),
    ]);
}

// spec: COMPOSE-5
#[test]
fn applicators() {
    check(&[
        (
            json!({"type": ["string", "null"]}),
            json!({"anyOf": [{"type": "null"}, {"type": "string"}]}),
            "yes",
        ),
        (
            json!({"anyOf": [{"const": 1}, {"const": "x"}]}),
            json!({"type": ["integer", "string"]}),
            "yes",
        ),
        (
            json!({"allOf": [{"minimum": 3}, {"type": "integer"}]}),
            json!({"minimum": 1, "type": "integer"}),
            "yes",
        ),
        (
            json!({"type": "string"}),
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
            "yes",
        ),
        (
            json!({"const": 1}),
            json!({"oneOf": [{"type": "integer"}, {"minimum": 0}]}),
            "1",
        ),
        (
            json!({"type": "integer", "minimum": 5}),
            json!({"not": {"maximum": 4}}),
            "yes",
        ),
        (
            json!({"type": "string"}),
            json!({"not": {"type": "integer"}}),
            "yes",
        ),
        (
            json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": "a"}}}),
            json!({"oneOf": [
                {"required": ["kind"], "properties": {"kind": {"const": "a"}}},
                {"required": ["kind"], "properties": {"kind": {"const": "b"}}},
            ]}),
            "yes",
        ),
        (
            json!({"type": "string", "minLength": 1}),
            json!({"if": {"type": "string"}, "then": {"minLength": 1}, "else": false}),
            "yes",
        ),
    ]);
}

// spec: COMPOSE-5
#[test]
fn references_and_recursion() {
    let list = |item: Value| json!({"type": "object", "required": ["v"], "properties": {"v": item, "next": {"$ref": "#"}}});
    check(&[
        (
            list(json!({"type": "integer"})),
            list(json!({"type": "number"})),
            "yes",
        ),
        (
            list(json!({"type": "number"})),
            list(json!({"type": "integer"})),
            "{\"v\":0.5}",
        ),
        (
            json!({"$ref": "#/$defs/a%20b", "$defs": {"a b": {"const": 1}}}),
            json!({"type": "integer"}),
            "yes",
        ),
        (
            json!({"type": "integer", "not": {"const": 5}}),
            json!({"anyOf": [{"maximum": 4}, {"minimum": 6}]}),
            "unknown",
        ),
        (json!({"$ref": "https://example.com"}), json!({}), "unknown"),
    ]);
}

fn leaf_schema() -> impl Strategy<Value = Value> {
    let small = -2_i64..4;
    prop_oneof![
        Just(json!(true)),
        Just(json!(false)),
        prop::sample::select(vec!["null", "boolean", "integer", "number", "string", "array", "object"])
            .prop_map(|kind| json!({"type": kind})),
        prop::sample::subsequence(vec!["null", "boolean", "integer", "string", "array", "object"], 1..4)
            .prop_map(|kinds| json!({"type": kinds})),
        prop::sample::subsequence(vec![json!(null), json!(true), json!(0), json!(1), json!(1.5), json!("a"), json!("ab"), json!([]), json!({})], 1..4)
            .prop_map(|values| json!({"enum": values})),
        (small.clone(), small.clone()).prop_map(|(low, high)| json!({"type": "number", "minimum": low, "maximum": high})),
        (small.clone(), small.clone()).prop_map(|(low, high)| json!({"type": "integer", "exclusiveMinimum": low, "exclusiveMaximum": high + 2})),
        small.prop_map(|low| json!({"minimum": low})),
        prop::sample::select(vec![1, 2, 3, 4, 6]).prop_map(|step| json!({"type": "integer", "multipleOf": step})),
        (0_u64..3, 0_u64..4).prop_map(|(low, high)| json!({"type": "string", "minLength": low, "maxLength": high})),
        prop::sample::select(vec!["^a", "^a+$", "b", "^[ab]*$", "^[a-c]{1,2}$"]).prop_map(|pattern| json!({"type": "string", "pattern": pattern})),
    ]
}

fn schema() -> impl Strategy<Value = Value> {
    leaf_schema().prop_recursive(3, 24, 4, |inner| {
        let fields = prop::collection::btree_map(prop::sample::select(vec!["a", "b", "c"]), inner.clone(), 0..3);
        let required = prop::sample::subsequence(vec!["a", "b", "c"], 0..3);
        let other = prop::option::of(inner.clone());
        let several = prop::collection::vec(inner.clone(), 1..3);
        prop_oneof![
            6 => (fields, required, other.clone(), 0_u64..3).prop_map(|(fields, required, other, least)| {
                let mut schema = json!({"type": "object", "properties": fields, "required": required, "minProperties": least});
                if let Some(other) = other {
                    schema["additionalProperties"] = other;
                }
                schema
            }),
            4 => (prop::collection::vec(inner.clone(), 0..3), other, 0_u64..3, 0_u64..4, any::<bool>()).prop_map(|(positions, rest, low, high, unique)| {
                let mut schema = json!({"type": "array", "minItems": low, "maxItems": high, "uniqueItems": unique});
                if !positions.is_empty() {
                    schema["prefixItems"] = json!(positions);
                }
                if let Some(rest) = rest {
                    schema["items"] = rest;
                }
                schema
            }),
            1 => inner.clone().prop_map(|item| json!({"type": "array", "contains": item})),
            1 => inner.clone().prop_map(|value| json!({"patternProperties": {"^[ab]": value}})),
            1 => inner.clone().prop_map(|name| json!({"type": "object", "propertyNames": name})),
            1 => inner.clone().prop_map(|value| json!({"type": "object", "dependentSchemas": {"a": value}, "dependentRequired": {"b": ["a"]}})),
            2 => several.clone().prop_map(|list| json!({"anyOf": list})),
            2 => several.clone().prop_map(|list| json!({"oneOf": list})),
            2 => several.prop_map(|list| json!({"allOf": list})),
            1 => inner.clone().prop_map(|not| json!({"not": not})),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(test, yes, no)| json!({"if": test, "then": yes, "else": no})),
            1 => (inner.clone(), inner).prop_map(|(head, tail)| json!({"$ref": "#/$defs/d", "$defs": {"d": head}, "allOf": [tail]})),
        ]
        .prop_map(hoisted)
    })
}

/// Moves a definition that generation nested somewhere to where its reference points.
fn hoisted(schema: Value) -> Value {
    fn inline(schema: Value) -> Value {
        match schema {
            Value::Object(mut map) => {
                let definition = map
                    .remove("$defs")
                    .and_then(|mut definitions| definitions.get_mut("d").map(Value::take));
                if let Some(definition) = definition {
                    map.remove("$ref");
                    let list = map.entry("allOf").or_insert_with(|| json!([]));
                    list.as_array_mut().unwrap().push(definition);
                }
                Value::Object(
                    map.into_iter()
                        .map(|(key, value)| (key, inline(value)))
                        .collect(),
                )
            }
            Value::Array(list) => Value::Array(list.into_iter().map(inline).collect()),
            other => other,
        }
    }
    inline(schema)
}

fn instance() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (-3_i64..7).prop_map(Value::from),
        prop::sample::select(vec![
            json!(0.5),
            json!(1.5),
            json!(1.0),
            json!(-0.5),
            json!(2.5)
        ]),
        "[abc]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(
                prop::sample::select(vec!["a", "b", "c", "d"]),
                inner,
                0..4
            )
            .prop_map(|map| json!(map)),
        ]
    })
}

/// A schema and one that differs from it in one small way, or an unrelated one.
fn pair() -> impl Strategy<Value = (Value, Value)> {
    prop_oneof![
        2 => (schema(), schema()),
        3 => (schema(), schema()).prop_map(|(left, right)| (json!({"allOf": [left.clone(), right]}), left)),
        3 => (schema(), schema()).prop_map(|(left, right)| (left.clone(), json!({"anyOf": [right, left]}))),
        3 => (schema(), any::<prop::sample::Index>()).prop_map(|(schema, at)| {
            let looser = loosened(&schema, at.index(40));
            (schema, looser)
        }),
        2 => (schema(), any::<prop::sample::Index>()).prop_map(|(schema, at)| {
            let looser = loosened(&schema, at.index(40));
            (looser, schema)
        }),
    ]
}

/// Drops the `at`-th keyword met, which most often, but not always, makes the schema wider.
fn loosened(schema: &Value, at: usize) -> Value {
    fn walk(value: &Value, left: &mut usize) -> Value {
        match value {
            Value::Object(map) => {
                let mut kept = serde_json::Map::new();
                for (key, inner) in map {
                    let is_dropped = *left == 0;
                    *left = left.wrapping_sub(1);
                    if !is_dropped {
                        kept.insert(key.clone(), walk(inner, left));
                    }
                }
                Value::Object(kept)
            }
            Value::Array(list) => {
                Value::Array(list.iter().map(|inner| walk(inner, left)).collect())
            }
            other => other.clone(),
        }
    }
    walk(schema, &mut at.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    // spec: COMPOSE-1
    #[test]
    fn a_proof_is_never_contradicted_by_a_value(
        (narrow, wide) in pair(),
        instances in prop::collection::vec(instance(), 40),
    ) {
        let (Ok(narrow_schema), Ok(wide_schema)) =
            (PackageSchema::compile(&narrow), PackageSchema::compile(&wide)) else { return Ok(()) };
        let (narrow_side, wide_side) = (Side::new(&narrow).unwrap(), Side::new(&wide).unwrap());
        // The proof alone, without the search that `contains` makes first.
        if Judge::new(&narrow_side, &wide_side).prove().is_ok() {
            for instance in &instances {
                let kept = Tree::from(instance);
                prop_assert!(
                    !narrow_schema.is_valid(kept.root()) || wide_schema.is_valid(kept.root()),
                    "{} is in {} but not in {}", instance, narrow, wide
                );
            }
            let found = sample::counterexample(&narrow_side, &wide_side, (&narrow_schema, &wide_schema));
            prop_assert_eq!(found, None, "{} in {}", narrow, wide);
        }
    }

    // spec: COMPOSE-1
    #[test]
    fn a_refutation_is_a_value_that_shows_it((narrow, wide) in pair()) {
        if let Containment::No { counterexample, .. } = contains(&narrow, &wide) {
            prop_assert!(PackageSchema::compile(&narrow).unwrap().is_valid(Tree::from(&counterexample).root()));
            prop_assert!(!PackageSchema::compile(&wide).unwrap().is_valid(Tree::from(&counterexample).root()));
        }
    }
}

/// Random pairs stay decided often enough to be of use; the share is printed for whoever tunes the proof.
// spec: COMPOSE-7
#[test]
fn most_random_pairs_are_decided() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut yes, mut no, mut unknown) = (0, 0, 0);
    for _ in 0..300 {
        let (narrow, wide) = pair().new_tree(&mut runner).unwrap().current();
        match contains(&narrow, &wide) {
            Containment::Yes => yes += 1,
            Containment::No { .. } => no += 1,
            Containment::Unknown { .. } => unknown += 1,
        }
    }
    println!("yes {yes}, no {no}, unknown {unknown}");
    assert!(
        unknown * 20 < yes + no,
        "yes {yes}, no {no}, unknown {unknown}"
    );
}
