//! The handover map to read: text, JSON, a drawing, and draft contracts for its worst edges.

mod drafts;
mod layout;
mod shown;
mod svg;
#[cfg(test)]
mod tests;
mod text;

pub use drafts::{Draft, drafts};
pub use svg::{svg, svg_document};
pub use text::text;

use baton_eventlog::handover::Map;
use serde_json::Value;

/// Returns the map as JSON, format `handover-map/v1`.
pub fn json(map: &Map) -> Value {
    // A map of text and numbers always serializes.
    serde_json::to_value(map).unwrap_or_default()
}
