//! Generated expressions: any text at all is answered without a panic, and typed expressions give
//! the same value here and in the `cel` crate.

use baton_expression::{Bindings, Expression, Scope, Type, Value};
use baton_terms::Level;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn scope() -> Scope {
    Scope::new()
        .with("i", Type::Int)
        .with("j", Type::Int)
        .with("s", Type::Text)
        .with("l", Type::list(Type::Int))
        .with("m", Type::map(Type::Int))
}

/// Integer expressions, some of which overflow, divide by zero or miss a key.
fn int() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        Just("i".to_owned()),
        Just("j".to_owned()),
        Just("size(s)".to_owned()),
        Just("size(l)".to_owned()),
        Just("m.a".to_owned()),
        Just("m['b']".to_owned()),
        Just("l[0]".to_owned()),
        Just("9223372036854775807".to_owned()),
        (-20_i64..20).prop_map(|value| format!("({value})")),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), "[-+*/%]", inner.clone())
                .prop_map(|(left, op, right)| format!("({left} {op} {right})")),
            (inner.clone(), inner.clone())
                .prop_map(|(left, right)| format!("(i > j ? {left} : {right})")),
            inner.prop_map(|each| format!("size(l.filter(e, e > {each}))")),
        ]
    })
    .boxed()
}

fn condition() -> BoxedStrategy<String> {
    let compare = "==|!=|<|<=|>|>=";
    let leaf = prop_oneof![
        (int(), compare, int()).prop_map(|(left, op, right)| format!("{left} {op} {right}")),
        Just("has(m.a)".to_owned()),
        Just("has(m.zz)".to_owned()),
        Just("'a' in m".to_owned()),
        int().prop_map(|value| format!("{value} in l")),
        "[a-c]{0,2}".prop_map(|part| format!("s.contains('{part}')")),
        "[a-c]{0,2}".prop_map(|part| format!("(s + '{part}').endsWith('c')")),
        "[a-c]{0,3}".prop_map(|part| format!("s <= '{part}'")),
        "[a-c.*]{1}".prop_filter_map("a pattern", |part| {
            (part != "*").then(|| format!("s.matches('^{part}*b')"))
        }),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("({l} && {r})")),
            (inner.clone(), inner.clone()).prop_map(|(l, r)| format!("({l} || {r})")),
            inner.clone().prop_map(|operand| format!("!({operand})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(c, l, r)| format!("({c} ? {l} : {r})")),
            ("all|exists|exists_one", int(), inner).prop_map(|(each, value, other)| format!(
                "l.{each}(e, e % 3 < {value} || {other})"
            )),
        ]
    })
    .boxed()
}

#[derive(Debug, Clone)]
struct Data {
    i: i64,
    j: i64,
    s: String,
    l: Vec<i64>,
    m: Vec<(String, i64)>,
}

fn data() -> impl Strategy<Value = Data> {
    let number = prop_oneof![-5_i64..5, any::<i64>()];
    let entries = prop::collection::btree_map("[abc]", -5_i64..5, 0..3);
    (
        number.clone(),
        number.clone(),
        "[abc]{0,4}",
        prop::collection::vec(number, 0..5),
        entries,
    )
        .prop_map(|(i, j, s, l, m)| Data {
            i,
            j,
            s,
            l,
            m: m.into_iter().collect(),
        })
}

fn theirs(text: &str, data: &Data) -> Option<bool> {
    let program = cel::Program::compile(text).ok()?;
    let mut context = cel::Context::default();
    context.add_variable_from_value("i", data.i);
    context.add_variable_from_value("j", data.j);
    context.add_variable_from_value("s", data.s.as_str());
    context.add_variable_from_value("l", data.l.clone());
    let entries: std::collections::HashMap<&str, i64> = data
        .m
        .iter()
        .map(|(key, value)| (key.as_str(), *value))
        .collect();
    context.add_variable_from_value("m", entries);
    match program.execute(&context) {
        Ok(cel::Value::Bool(value)) => Some(value),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    // spec: EXPRESSION-15
    #[test]
    fn typed_expressions_agree_with_the_cel_crate(text in condition(), data in data()) {
        // Parts that fail whatever the data are errors here and mere errors of evaluation there.
        let compiled = Expression::compile(&text, &scope(), &Type::Bool);
        if let Err(diagnostics) = &compiled {
            let errors = diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error);
            let codes: Vec<u16> = errors.map(|error| error.code.number()).collect();
            prop_assert!(codes.iter().all(|code| *code == 414), "{:?} {}", codes, text);
        }
        if let Ok(expression) = compiled {
            let map: serde_json::Map<String, Json> =
                data.m.iter().map(|(key, value)| (key.clone(), json!(value))).collect();
            let values = [json!(data.i), json!(data.j), json!(data.s), json!(data.l), Json::Object(map)];
            let bindings = ["i", "j", "s", "l", "m"]
                .into_iter()
                .zip(&values)
                .fold(Bindings::new(), |bindings, (name, value)| bindings.with(name, value));
            let ours = expression.evaluate(&bindings).ok().and_then(|value| value.as_bool());
            prop_assert_eq!(ours, theirs(&text, &data), "{}", text);
            // An explanation is there exactly when the condition is not true.
            prop_assert_eq!(expression.explain(&bindings).is_empty(), ours == Some(true), "{}", text);
        }
    }

    // spec: EXPRESSION-3
    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        let _answer = Expression::compile(&text, &scope(), &Type::Any);
    }

    // spec: EXPRESSION-3
    #[test]
    fn any_sequence_of_tokens_is_answered(tokens in prop::collection::vec(
        prop::sample::select(vec![
            "i", "s", "l", "m", ".", "[", "]", "(", ")", "{", "}", ",", ":", "?", "!", "-", "+", "*",
            "/", "%", "==", "<", "&&", "||", "in", "has(", ".all(e,", ".map(e,", ".size()", "1", "0",
            "'a'", "true", "null", "1.5", "9223372036854775808", "matches(", "timestamp(", "\\", "`",
            "r'", "'''", "//", "\n",
        ]), 0..300))
    {
        let text = tokens.join(" ");
        if let Ok(expression) = Expression::compile(&text, &scope(), &Type::Any) {
            let value = json!([1, 2, 3]);
            let _value: Option<Value<'_>> =
                expression.evaluate(&Bindings::new().with("l", &value)).ok();
        }
    }

    // spec: EXPRESSION-2
    #[test]
    fn every_span_is_a_piece_of_the_text(text in "[a-z.()\\[\\] &|!'é0-9=<]{0,60}") {
        for diagnostic in Expression::compile(&text, &scope(), &Type::Bool).err().unwrap_or_default() {
            let span = diagnostic.place.span.unwrap();
            prop_assert!(text.get(span.start..span.end).is_some(), "{:?} {}", diagnostic, text);
        }
    }
}
