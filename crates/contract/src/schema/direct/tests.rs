//! The direct check and `jsonschema` give one answer.

use baton_evidence::json::Tree;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::PackageSchema;
use super::super::instance::{Instance, Trees};
use super::super::package_schema::options;
use super::{Direct, Subschema};

/// Compares both answers; schemas that are refused or left to the crate do not count as cases.
fn agree(schema: &Value, instances: &[Value]) -> Result<(), TestCaseError> {
    let is_accepted = PackageSchema::compile(schema).is_ok();
    let Some(direct) = Direct::compile(schema).filter(|_| is_accepted) else {
        return Err(TestCaseError::reject("not checked directly"));
    };
    let validator = options::<Trees>().build(schema).unwrap();
    for instance in instances {
        let tree = Tree::from(instance);
        let expected = validator.is_valid(Instance::Value(tree.root()));
        prop_assert_eq!(
            direct.is_valid(tree.root()),
            expected,
            "{} {}",
            schema,
            instance
        );
    }
    Ok(())
}

const TYPES: [&str; 7] = [
    "array", "boolean", "integer", "null", "number", "object", "string",
];

/// A keyword that is checked directly, or one that is not.
fn keyword() -> impl Strategy<Value = (&'static str, Value)> {
    let small = prop_oneof![4 => (-1_i64..4).prop_map(Value::from), 1 => Just(json!(1.5))];
    let count = || 0_u64..4;
    let values = prop_oneof![
        Just(json!("a")),
        Just(json!("ab")),
        Just(json!(1)),
        Just(json!(["a"]))
    ];
    prop_oneof![
        3 => prop::sample::select(&TYPES[..]).prop_map(|name| ("type", json!(name))),
        1 => prop::sample::subsequence(&TYPES[..], 1..4).prop_map(|names| ("type", json!(names))),
        1 => prop::collection::vec(values.clone(), 1..3).prop_map(|list| ("enum", json!(list))),
        1 => values.prop_map(|value| ("const", value)),
        1 => count().prop_map(|count| ("minLength", json!(count))),
        1 => count().prop_map(|count| ("maxLength", json!(count))),
        1 => count().prop_map(|count| ("minItems", json!(count))),
        1 => count().prop_map(|count| ("maxItems", json!(count))),
        1 => count().prop_map(|count| ("minProperties", json!(count))),
        1 => count().prop_map(|count| ("maxProperties", json!(count))),
        1 => small.clone().prop_map(|limit| ("minimum", limit)),
        1 => small.clone().prop_map(|limit| ("maximum", limit)),
        1 => small.clone().prop_map(|limit| ("exclusiveMinimum", limit)),
        1 => small.prop_map(|limit| ("exclusiveMaximum", limit)),
        1 => prop::sample::select(vec!["^a", "^ab?$", "^(a|b)$", "\\d", "^\\S*$", "é|\\s"])
            .prop_map(|pattern| ("pattern", json!(pattern))),
        1 => prop::sample::subsequence(vec!["a", "b", "c"], 0..3).prop_map(|names| ("required", json!(names))),
        1 => Just(("uniqueItems", json!(true))),
        1 => Just(("format", json!("date"))),
        1 => Just(("title", json!("words"))),
    ]
}

fn schema() -> impl Strategy<Value = Value> {
    let keywords = prop::collection::vec(keyword(), 0..3);
    let leaf = prop_oneof![
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(json!({"$ref": "#/$defs/d"})),
        1 => Just(json!({"properties": {"a": {"$ref": "#"}}})),
        8 => keywords.prop_map(|list| list.into_iter().collect()),
    ];
    let any = leaf.prop_recursive(3, 20, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 1..3);
        let names = prop::sample::select(vec!["a", "ab", "b", "é"]);
        let fields = prop::collection::btree_map(names, inner.clone(), 0..3);
        let applied = prop_oneof![
            3 => fields.prop_map(|fields| ("properties", json!(fields))),
            2 => inner.clone().prop_map(|value| ("items", value)),
            2 => inner.clone().prop_map(|value| ("additionalProperties", value)),
            1 => list.clone().prop_map(|list| ("allOf", json!(list))),
            1 => list.clone().prop_map(|list| ("anyOf", json!(list))),
            1 => list.prop_map(|list| ("oneOf", json!(list))),
            1 => inner.clone().prop_map(|value| ("not", value)),
            1 => inner.clone().prop_map(|value| ("if", value)),
            1 => inner.clone().prop_map(|value| ("then", value)),
            1 => inner.clone().prop_map(|value| ("else", value)),
            1 => inner.prop_map(|value| ("patternProperties", json!({"^a": value}))),
        ];
        (
            prop::collection::vec(applied, 1..4),
            prop::collection::vec(keyword(), 0..2),
        )
            .prop_map(|(applied, beside)| applied.into_iter().chain(beside).collect())
    });
    let definition = prop::collection::vec(keyword(), 0..3);
    (any, definition).prop_map(|(mut schema, definition)| {
        if let Some(map) = schema.as_object_mut() {
            let definition: Value = definition.into_iter().collect();
            map.insert("$defs".to_owned(), json!({"d": definition}));
        }
        schema
    })
}

fn instance() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (-2_i64..5).prop_map(Value::from),
        prop::sample::select(vec![json!(1.0), json!(1.5), json!(-0.5), json!(1e300)]),
        prop::sample::select(vec!["", "a", "ab", "abé", "é é", "2026-11-20", "7"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let names = prop::sample::select(vec!["a", "ab", "b", "c", "é"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names, inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    // spec: SCHEMA-10
    #[test]
    fn the_direct_answer_is_that_of_the_crate(
        schema in schema(),
        instances in prop::collection::vec(instance(), 12),
    ) {
        agree(&schema, &instances)?;
    }
}

#[test]
fn what_is_checked_directly_and_what_is_not() {
    let parts = |schema: Value| {
        let direct = Direct::compile(&schema)?;
        let is_other = |subschema: &&Subschema| matches!(subschema, Subschema::Other(_));
        Some((
            direct.subschemas.len(),
            direct.subschemas.iter().filter(is_other).count(),
        ))
    };
    for (schema, expected) in [
        (json!(true), Some((1, 0))),
        (
            json!({"type": "object", "properties": {"a": {"$ref": "#"}}}),
            Some((2, 0)),
        ),
        (
            json!({"properties": {"a": {"format": "date"}, "b": false}}),
            Some((3, 1)),
        ),
        (json!({"const": ["a"]}), Some((1, 1))),
        (json!({"$id": "https://example.org/a"}), None),
        (
            json!({"contains": {"$ref": "#/$defs/a"}, "$defs": {"a": true}}),
            None,
        ),
        (
            json!({"properties": {"a": {"unevaluatedItems": false}}}),
            None,
        ),
    ] {
        assert_eq!(parts(schema.clone()), expected, "{schema}");
    }
    let chain = (0..20).fold(json!(true), |inner, _| json!({"not": inner}));
    assert_eq!(parts(chain), None);
}
