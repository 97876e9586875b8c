//! The expression corpus, run through Baton and, where CEL says the same, through the `cel` crate:
//! each known deviation of the crate is named in its case, and has to be one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use baton_expression::{Bindings, Expression, List, Map, Scope, Type, Value};
use serde_json::{Value as Json, json};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/expressions")
}

#[expect(clippy::disallowed_methods, reason = "the corpus is files")]
fn read(path: &Path) -> Json {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    files.sort();
    files
}

/// A value as the corpus writes it.
fn plain(value: &Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Int(value) => json!(value),
        Value::Double(value) => json!(value),
        Value::Text(text) => json!(text),
        Value::Timestamp(time) => json!({"timestamp": time.to_string()}),
        Value::Duration(time) => json!({"duration": seconds(time.as_nanos())}),
        Value::List(list) => list_of(list),
        Value::Map(map) => map_of(map),
    }
}

fn list_of(list: &List<'_>) -> Json {
    (0..list.len())
        .map(|at| plain(&list.get(at).unwrap()))
        .collect()
}

fn map_of(map: &Map<'_>) -> Json {
    let keys = map.keys().into_iter();
    Json::Object(
        keys.map(|key| (key.to_string(), plain(&map.get(&key).unwrap())))
            .collect(),
    )
}

fn seconds(nanoseconds: i128) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let size = nanoseconds.unsigned_abs();
    let fraction = format!("{:09}", size % 1_000_000_000);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}s", size / 1_000_000_000)
}

/// A value of the `cel` crate as the corpus writes it.
fn plain_cel(value: &cel::Value) -> Json {
    match value {
        cel::Value::Null => Json::Null,
        cel::Value::Bool(value) => json!(value),
        cel::Value::Int(value) => json!(value),
        cel::Value::UInt(value) => json!(value),
        cel::Value::Float(value) => json!(value),
        cel::Value::String(text) => json!(text.as_str()),
        cel::Value::List(items) => items.iter().map(plain_cel).collect(),
        cel::Value::Map(map) => Json::Object(
            map.map
                .iter()
                .map(|(key, value)| (key.to_string(), plain_cel(value)))
                .collect(),
        ),
        cel::Value::Timestamp(time) => {
            let text = time.to_rfc3339();
            json!({"timestamp": text.parse::<baton_terms::Instant>().unwrap().to_string()})
        }
        cel::Value::Duration(time) => {
            let nanoseconds =
                i128::from(time.num_seconds()) * 1_000_000_000 + i128::from(time.subsec_nanos());
            json!({"duration": seconds(nanoseconds)})
        }
        other => json!(format!("{other:?}")),
    }
}

/// Equality of corpus values, where `1` and `1.0` are one value as in CEL.
fn same(left: &Json, right: &Json) -> bool {
    match (left, right) {
        (Json::Number(left), Json::Number(right)) => {
            left == right
                || (left.as_i64().is_none() || right.as_i64().is_none())
                    && left.as_f64() == right.as_f64()
        }
        (Json::Array(left), Json::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same(l, r))
        }
        (Json::Object(left), Json::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        (left, right) => left == right,
    }
}

fn baton(expression: &str, bindings: &serde_json::Map<String, Json>) -> Json {
    let scope = bindings
        .keys()
        .fold(Scope::new(), |scope, name| scope.with(name, Type::Any));
    let compiled = match Expression::compile(expression, &scope, &Type::Any) {
        Ok(compiled) => compiled,
        Err(diagnostics) => return json!({"code": diagnostics.first().unwrap().code.to_string()}),
    };
    let bound = bindings
        .iter()
        .fold(Bindings::new(), |bound, (name, value)| {
            bound.with(name, value)
        });
    compiled
        .evaluate(&bound)
        .map_or_else(|_| json!({"error": true}), |value| plain(&value))
}

/// Whole numbers become `int`: the crate's own conversion makes them `uint`.
fn cel_value(json: &Json) -> cel::Value {
    match json {
        Json::Null => cel::Value::Null,
        Json::Bool(value) => cel::Value::Bool(*value),
        Json::Number(number) => number.as_i64().map_or_else(
            || cel::Value::Float(number.as_f64().unwrap()),
            cel::Value::Int,
        ),
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => items.iter().map(cel_value).collect::<Vec<_>>().into(),
        Json::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.as_str(), cel_value(value)))
            .collect::<std::collections::HashMap<_, _>>()
            .into(),
    }
}

fn cel(expression: &str, bindings: &serde_json::Map<String, Json>) -> Json {
    let Ok(program) = cel::Program::compile(expression) else {
        return json!({"error": true});
    };
    let mut context = cel::Context::default();
    for (name, value) in bindings {
        context.add_variable_from_value(name.as_str(), cel_value(value));
    }
    program
        .execute(&context)
        .map_or_else(|_| json!({"error": true}), |value| plain_cel(&value))
}

/// Codes for what CEL itself refuses or fails on; the others refuse what CEL would evaluate.
const FAILS_IN_CEL: [&str; 4] = ["E0401", "E0404", "E0406", "E0414"];

// spec: EXPRESSION-15
#[test]
fn every_case_gives_its_value_here_and_in_the_cel_crate() {
    let mut problems = Vec::new();
    let mut count = 0;
    for file in files(&corpus()) {
        for case in read(&file)["cases"].as_array().unwrap() {
            count += 1;
            let expression = case["expression"].as_str().unwrap();
            let empty = serde_json::Map::new();
            let bindings = case["bindings"].as_object().unwrap_or(&empty);
            let found = baton(expression, bindings);
            if !same(&found, &case["expect"]) {
                problems.push(format!("baton: {case} gives {found}"));
            }
            let expected = match case["expect"]["code"].as_str() {
                Some(code) if FAILS_IN_CEL.contains(&code) => json!({"error": true}),
                Some(_) => continue,
                None => case["expect"].clone(),
            };
            let theirs = cel(expression, bindings);
            if same(&theirs, &expected) == case["cel"].is_string() {
                problems.push(format!("cel: {case} gives {theirs}"));
            }
        }
    }
    assert!(count > 500, "only {count} cases");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

// spec: EXPRESSION-3
#[test]
fn hostile_expressions_are_refused_by_code() {
    let package = json!({"type": "array", "maxItems": 100, "items": {"type": "integer"}});
    let scope = Scope::new()
        .with("x", Type::Any)
        .with("t", Type::Text)
        .with("b", Type::from_schema(&package));
    let mut count = 0;
    for file in files(&corpus().join("hostile")) {
        let case = read(&file);
        let Some(expression) = case["expression"].as_str() else {
            continue;
        };
        count += 1;
        let diagnostics = Expression::compile(expression, &scope, &Type::Any).unwrap_err();
        let found = diagnostics.first().unwrap().code.to_string();
        assert_eq!(found, case["code"].as_str().unwrap(), "{}", file.display());
    }
    assert!(count > 30, "only {count} files");
}

// spec: EXPRESSION-8
#[test]
fn patterns_that_explode_elsewhere_answer_in_linear_time() {
    let case = read(&corpus().join("hostile/patterns.json"));
    let length = usize::try_from(case["subject_length"].as_u64().unwrap()).unwrap();
    let subject = json!(case["subject_unit"].as_str().unwrap().repeat(length) + "!");
    let scope = Scope::new().with("t", Type::Text);
    for pattern in case["patterns"].as_array().unwrap() {
        let text = format!("t.matches(r'{}')", pattern.as_str().unwrap());
        let expression = Expression::compile(&text, &scope, &Type::Bool).unwrap();
        let value = expression
            .evaluate(&Bindings::new().with("t", &subject))
            .unwrap();
        assert_eq!(value.as_bool(), Some(false), "{text}");
    }
}
