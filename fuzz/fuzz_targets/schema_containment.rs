//! Any two JSON documents as schemas, `[narrow, wide]`: containment ends, a schema is never shown to
//! be wider than itself, and what refutes containment is valid under one schema and not the other.

#![no_main]

use baton_contract::{
    compose::containment::{Containment, contains},
    schema::PackageSchema,
};
use baton_evidence::json::Tree;
use baton_evidence::json::{Limits, read};
use serde_json::Value;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (narrow, wide) = match read(bytes, Limits::CONTRACT) {
        Ok(Value::Array(pair)) => match <[Value; 2]>::try_from(pair) {
            Ok([narrow, wide]) => (narrow, wide),
            Err(_) => return,
        },
        Ok(schema) => (schema.clone(), schema),
        Err(_) => return,
    };
    if let Containment::No { counterexample, .. } = contains(&narrow, &wide) {
        assert!(
            narrow != wide,
            "{narrow} does not contain itself: {counterexample}"
        );
        let holds = |schema: &Value| {
            PackageSchema::compile(schema)
                .is_ok_and(|schema| schema.is_valid(Tree::from(&counterexample).root()))
        };
        assert!(
            holds(&narrow) && !holds(&wide),
            "{counterexample} shows nothing"
        );
    }
});
