//! A comparison as JSON, format `diff/v1`.

use baton_contract::diff::{Change, Comparison};
use baton_terms::Diagnostic;
use serde_json::{Value, json as value};

/// JSON Schema of the format.
pub const SCHEMA: &str = include_str!("diff-v1.schema.json");

/// Returns the comparison as a `diff/v1` document.
pub fn json(comparison: &Comparison) -> Value {
    value!({
        "baton": "diff/v1",
        "contract": comparison.name.as_str(),
        "old_version": comparison.old.to_string(),
        "new_version": comparison.new.to_string(),
        "step": comparison.step,
        "is_truthful": comparison.problem.is_none(),
        "problem": comparison.problem.as_ref().map(problem),
        "changes": comparison.changes.iter().map(change).collect::<Vec<_>>(),
    })
}

fn change(change: &Change) -> Value {
    let mut shown = value!({
        "pointer": change.pointer,
        "class": change.class,
        "step": change.step,
        "what": change.what,
    });
    let values = [("before", &change.before), ("after", &change.after)];
    let Some(fields) = shown.as_object_mut() else {
        return shown;
    };
    for (name, given) in values {
        if let Some(given) = given {
            fields.insert(name.to_owned(), given.clone());
        }
    }
    shown
}

fn problem(problem: &Diagnostic) -> Value {
    value!({
        "code": problem.code.to_string(),
        "message": problem.message,
        "pointer": problem.place.pointer,
        "expected": problem.expected,
        "found": problem.found,
        "hint": problem.hint,
    })
}
