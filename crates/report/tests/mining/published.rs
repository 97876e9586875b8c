//! What others read by machine is what the published schema says.

use std::collections::BTreeSet;

use baton_report::mining::{SCHEMA, json};
use serde_json::Value;

use super::{empty, hostile, realistic, report};

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

fn problems(document: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let errors = validator.iter_errors(document);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn every_report_is_valid_and_reads_back_as_it_was_written() {
    for document in [realistic(), hostile(), empty()] {
        let written = json(&report(&document)).unwrap();
        assert_eq!(problems(&written), Vec::<String>::new());
        assert_eq!(report(&written), report(&document));
    }
}

#[test]
fn the_schema_demands_every_field_and_no_other() {
    for document in [realistic(), empty()] {
        let written = json(&report(&document)).unwrap();
        let mut changed = 0;
        each_object(&written, "", &mut |pointer, fields| {
            if ["/input/mapping", "/input/settings", "/input/import"]
                .iter()
                .any(|free| pointer.starts_with(free))
            {
                return;
            }
            for field in fields {
                let mut without = written.clone();
                let object = without
                    .pointer_mut(pointer)
                    .and_then(Value::as_object_mut)
                    .unwrap();
                object.remove(field);
                assert!(
                    !jsonschema::is_valid(&schema(), &without),
                    "{pointer} without {field}"
                );
                changed += 1;
            }
            let mut with = written.clone();
            let object = with
                .pointer_mut(pointer)
                .and_then(Value::as_object_mut)
                .unwrap();
            object.insert("another".to_owned(), 1.into());
            assert!(
                !jsonschema::is_valid(&schema(), &with),
                "{pointer} with another field"
            );
        });
        assert!(changed > 20, "{changed}");
    }
}

/// Calls `check` with each kind of object of a document: the first item stands for its list.
fn each_object(value: &Value, pointer: &str, check: &mut impl FnMut(&str, &BTreeSet<String>)) {
    match value {
        Value::Object(fields) => {
            check(pointer, &fields.keys().cloned().collect());
            for (key, value) in fields {
                each_object(value, &format!("{pointer}/{key}"), check);
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate().take(1) {
                each_object(value, &format!("{pointer}/{at}"), check);
            }
        }
        _ => {}
    }
}
