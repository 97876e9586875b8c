//! A localisation as JSON, format `localisation/v1`.

use baton_rootcause::localise::Localisation;
use serde_json::Value;

/// JSON Schema of the format.
pub const SCHEMA: &str = include_str!("localisation-v1.schema.json");

/// Returns the answer as a `localisation/v1` document.
///
/// # Errors
/// When a part of it has no JSON form, which no localisation has.
pub fn json(answer: &Localisation) -> serde_json::Result<Value> {
    serde_json::to_value(answer)
}
