//! The map for programs.

use baton_eventlog::handover::Map;
use serde_json::Value;

/// Returns the map as JSON, format `handover-map/v1`.
pub fn json(map: &Map) -> Value {
    // A map of text and numbers always serializes.
    serde_json::to_value(map).unwrap_or_default()
}
