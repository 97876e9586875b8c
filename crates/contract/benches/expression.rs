//! What 25 typical conditions over a 4 KB package cost, beside the `cel` crate on the same text:
//! `cargo bench -p baton-contract --bench expression`. Medians of many rounds, in one run.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark fails by panicking, prints, and reads the clock"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use baton_contract::expression::{Bindings, Expression, Type};
use baton_contract::scope::{Known, Scopes};
use serde_json::{Value as Json, json};

const CONDITIONS: [&str; 25] = [
    "package.title != ''",
    "package.title.size() <= 120",
    "package.status == 'ready'",
    "package.status in ['ready', 'approved']",
    "package.points > 0 && package.points <= 40",
    "package.owner.name != package.reviewer.name",
    "package.owner.email.endsWith('@example.com')",
    "package.owner.email.matches('^[a-z.]+@example[.]com$')",
    "size(package.stories) > 0",
    "package.stories.all(s, s.estimate > 0)",
    "package.stories.all(s, size(s.criteria) >= 2)",
    "package.stories.exists(s, s.priority == 'must')",
    "package.stories.filter(s, s.priority == 'must').size() <= 10",
    "package.risk.tier == 'low' || package.risk.mitigation != ''",
    "has(package.rollback) && package.rollback.tested",
    "package.due > context.as_of",
    "package.due - context.as_of >= duration('48h')",
    "context.sender.kind == 'human'",
    "context.receiver_pressure < 8",
    "history.declined * 4 <= history.handoffs",
    "'problem-stated' in history.met",
    "evidence['test-report'].present",
    "evidence['test-report'].age < duration('336h')",
    "package.budget_cents <= 500000 && package.currency == 'EUR'",
    "!package.labels.exists(l, l == 'blocked') && size(package.labels) < 20",
];

fn package() -> Json {
    let story = |number: i64| {
        json!({
            "id": format!("A-{number}"),
            "title": format!("As a buyer I can pay with method number {number} and see the receipt"),
            "estimate": number % 5 + 1,
            "priority": if number % 3 == 0 { "must" } else { "should" },
            "criteria": ["the amount is shown before paying", "a refused payment says why", "a receipt is sent"],
        })
    };
    json!({
        "title": "Checkout: pay with saved methods",
        "summary": "Buyers who come back pay in one step. ".repeat(12),
        "status": "ready", "points": 21, "currency": "EUR", "budget_cents": 420_000,
        "due": "2026-12-01T09:00:00Z",
        "owner": {"name": "Ada Example", "email": "ada@example.com"},
        "reviewer": {"name": "Ben Example", "email": "ben@example.com"},
        "risk": {"tier": "medium", "mitigation": "behind a flag, five percent first"},
        "rollback": {"tested": true, "minutes": 5},
        "labels": ["payments", "web", "q4"],
        "stories": (1..=15).map(story).collect::<Vec<_>>(),
    })
}

fn variables() -> Vec<(&'static str, Json)> {
    let report = json!({
        "state": "present", "present": true, "age": "72h", "media_type": "application/json",
        "properties": ["unit"]
    });
    let sender = json!({"role": "product", "team": "pay", "kind": "human", "actor": "ada"});
    vec![
        ("package", package()),
        ("evidence", json!({"test-report": report})),
        (
            "context",
            json!({"as_of": "2026-11-20T09:00:00Z", "risk_tier": "low", "work_item": "A",
                   "sender": sender, "receiver_pressure": 3}),
        ),
        (
            "history",
            json!({"handoffs": 40, "accepted": 33, "needs_input": 4, "declined": 3, "reopened": 1,
                   "met": ["problem-stated", "owner-named"]}),
        ),
    ]
}

fn schema() -> Json {
    let text = json!({"type": "string"});
    let person = json!({"type": "object", "required": ["name", "email"],
        "properties": {"name": text, "email": text}});
    let story = json!({"type": "object", "required": ["id", "estimate", "priority", "criteria"],
        "properties": {"id": text, "title": text, "estimate": {"type": "integer"},
            "priority": {"enum": ["must", "should"]}, "criteria": {"type": "array", "items": text}}});
    json!({"type": "object",
        "required": ["title", "status", "points", "due", "owner", "reviewer", "risk", "stories",
            "budget_cents", "currency", "labels"],
        "properties": {
            "title": text, "summary": text, "currency": text, "points": {"type": "integer"},
            "status": {"enum": ["draft", "ready", "approved"]}, "budget_cents": {"type": "integer"},
            "due": {"type": "string", "format": "date-time"}, "owner": person, "reviewer": person,
            "risk": {"type": "object", "required": ["tier", "mitigation"],
                "properties": {"tier": text, "mitigation": text}},
            "rollback": {"type": "object", "required": ["tested"],
                "properties": {"tested": {"type": "boolean"}, "minutes": {"type": "integer"}}},
            "labels": {"type": "array", "items": text}, "stories": {"type": "array", "items": story}}})
}

/// Times `work` in rounds of 50 and returns the median time of one.
fn median(mut work: impl FnMut()) -> Duration {
    let mut rounds: Vec<Duration> = (0..201)
        .map(|_| {
            let start = Instant::now();
            (0..50).for_each(|_| work());
            start.elapsed() / 50
        })
        .collect();
    rounds.sort();
    rounds.swap_remove(100)
}

/// CEL text for the crate: `package` is a reserved word there, and times are not typed.
fn for_the_crate(text: &str) -> String {
    text.replace("package", "packet")
        .replace("packet.due", "timestamp(packet.due)")
        .replace("context.as_of", "timestamp(context.as_of)")
        .replace(
            "evidence['test-report'].age",
            "duration(evidence['test-report'].age)",
        )
}

fn cel_value(json: &Json) -> cel::Value {
    match json {
        Json::Null => cel::Value::Null,
        Json::Bool(value) => cel::Value::Bool(*value),
        Json::Number(number) => cel::Value::Int(number.as_i64().unwrap()),
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => items.iter().map(cel_value).collect::<Vec<_>>().into(),
        Json::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.as_str(), cel_value(value)))
            .collect::<std::collections::HashMap<_, _>>()
            .into(),
    }
}

fn context(variables: &[(&str, Json)]) -> cel::Context<'static, 'static> {
    let mut context = cel::Context::default();
    for (name, value) in variables {
        context.add_variable_from_value(name.replace("package", "packet"), cel_value(value));
    }
    context
}

fn report(name: &str, work: impl FnMut()) {
    println!("{name:28}{:?}", median(work));
}

fn main() {
    let variables = variables();
    let text = serde_json::to_string(&variables.first().unwrap().1).unwrap();
    let kind = Type::from_schema(&schema());
    let scope = Scopes::that_know(&Known {
        package: &kind,
        evidence: &["test-report"],
        clauses: &[],
    })
    .clauses;
    let compile = |text: &&str| Expression::compile(text, &scope, &Type::Bool).unwrap();
    let compile_theirs = |text: &&str| cel::Program::compile(&for_the_crate(text)).unwrap();
    let ours: Vec<Expression> = CONDITIONS.iter().map(compile).collect();
    let theirs: Vec<cel::Program> = CONDITIONS.iter().map(compile_theirs).collect();
    let bindings = variables
        .iter()
        .fold(Bindings::new(), |all, (name, value)| all.with(name, value));
    let bound = context(&variables);
    let is_met = |expression: &Expression| {
        let value = expression.evaluate(black_box(&bindings));
        value.is_ok_and(|value| value.as_bool() == Some(true))
    };
    let is_met_there = |program: &cel::Program, bound: &cel::Context<'_, '_>| {
        program.execute(black_box(bound)) == Ok(cel::Value::Bool(true))
    };
    println!(
        "package: {} bytes, {} conditions",
        text.len(),
        CONDITIONS.len()
    );
    report("parse the package", || {
        black_box(serde_json::from_str::<Json>(black_box(&text)).unwrap());
    });
    report("baton: evaluate", || assert!(ours.iter().all(is_met)));
    report("cel: evaluate", || {
        assert!(theirs.iter().all(|program| is_met_there(program, &bound)));
    });
    report("cel: convert, evaluate", || {
        let bound = context(black_box(&variables));
        assert!(theirs.iter().all(|program| is_met_there(program, &bound)));
    });
    report("baton: compile all", || {
        black_box(CONDITIONS.iter().map(compile).collect::<Vec<_>>());
    });
    report("cel: compile all", || {
        black_box(CONDITIONS.iter().map(compile_theirs).collect::<Vec<_>>());
    });
    if std::env::args().any(|argument| argument == "--each") {
        for (text, expression) in CONDITIONS.iter().zip(&ours) {
            report(text, || assert!(is_met(expression)));
        }
    }
}
