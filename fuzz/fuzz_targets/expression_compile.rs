//! Any text as an expression: compiling ends in a program or diagnostics inside the text, and a
//! program ends in a value or a reason within its step limit, the same one each time.

#![no_main]

use std::sync::LazyLock;

use baton_contract::expression::{Bindings, Expression, Scope, Type};
use baton_contract::scope::{Known, Scopes};
use serde_json::{Value, json};

/// An open scope, where everything is tried, and the scope of a clause, where types are known.
static SCOPES: LazyLock<[Scope; 2]> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the shipped schema is JSON");
    let package = Type::from_schema(&schema);
    let known = Known {
        package: &package,
        evidence: &["test-report"],
        clauses: &["has-tests"],
    };
    let any = [
        "package", "evidence", "contract", "context", "history", "a", "b",
    ];
    let open = any
        .iter()
        .fold(Scope::new(), |scope, name| scope.with(*name, Type::Any));
    [open, Scopes::that_know(&known).clauses]
});

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    json!({
        "a": [1, 2.5, "x", null, true, {"b": [[], {}]}], "b": {"c": 1, "d": "2026-10-25T01:30:00Z"},
        "items": [{"id": "one", "done": true, "points": 3}, {"id": "two", "done": false}],
        "title": "Größe 100 %", "count": 9_007_199_254_740_991_i64, "share": 0.1,
    })
});

const SCHEMA: &str =
    include_str!("../../contracts/requirements-to-engineering/package.schema.json");

libfuzzer_sys::fuzz_target!(|text: &str| {
    for scope in SCOPES.iter() {
        match Expression::compile(text, scope, &Type::Any) {
            Ok(expression) => run(&expression),
            Err(problems) => {
                assert!(!problems.is_empty(), "refused without a reason");
                for span in problems.iter().filter_map(|problem| problem.place.span) {
                    assert!(text.get(span.start..span.end).is_some(), "{problems:?}");
                }
            }
        }
    }
});

fn run(expression: &Expression) {
    let names = [
        "package", "evidence", "contract", "context", "history", "a", "b",
    ];
    let bindings = names.iter().fold(Bindings::new(), |bindings, name| {
        bindings.with(name, &*DOCUMENT)
    });
    let first = format!("{:?}", expression.evaluate(&bindings));
    assert_eq!(format!("{:?}", expression.evaluate(&bindings)), first);
    expression.explain(&bindings);
}
