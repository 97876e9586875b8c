//! Any JSON as a package schema: compiling refuses or bounds it, and what it accepts checks
//! documents in bounded time, saying the same with and without reasons.

#![no_main]

use baton_evidence::json::Tree;
use std::sync::LazyLock;

use baton_contract::{expression::Type, schema::PackageSchema};
use baton_evidence::json::{Limits, read};
use serde_json::{Value, json};

static DOCUMENTS: LazyLock<[Value; 4]> = LazyLock::new(|| {
    [
        Value::Null,
        json!({}),
        json!([1, "a", 2.5, [[[]]], {"a": {"a": {"a": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"}}}]),
        json!({"a": 1, "b": [true, false], "id": "one", "at": "2026-02-30T25:00:00Z", "e": "a@b"}),
    ]
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(schema) = read(bytes, Limits::CONTRACT) else {
        return;
    };
    let _ = Type::from_schema(&schema);
    match PackageSchema::compile(&schema) {
        Ok(compiled) => {
            for document in DOCUMENTS.iter().chain([&schema]) {
                let kept = Tree::from(document);
                let problems = compiled.validate(kept.root());
                assert_eq!(
                    problems.is_empty(),
                    compiled.is_valid(kept.root()),
                    "{problems:?}"
                );
            }
        }
        Err(problems) => assert!(!problems.is_empty(), "refused without a reason"),
    }
});
