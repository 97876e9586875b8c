//! A comparison as JSON, format `comparison/v1`.

use baton_rootcause::compare::Comparison;
use serde_json::Value;

/// JSON Schema of the format.
pub const SCHEMA: &str = include_str!("comparison-v1.schema.json");

/// Returns the answer as a `comparison/v1` document.
///
/// # Errors
/// When a part of it has no JSON form, which no comparison has.
pub fn json(comparison: &Comparison) -> serde_json::Result<Value> {
    serde_json::to_value(comparison)
}
