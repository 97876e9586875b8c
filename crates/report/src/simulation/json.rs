//! A simulation as JSON, format `simulation/v1`.

use baton_network::wire::Simulation;
use serde_json::Value;

/// JSON Schema of the format.
pub const SCHEMA: &str = include_str!("simulation-v1.schema.json");

/// Returns the answer as a `simulation/v1` document.
///
/// # Errors
/// When a part of it has no JSON form, which no simulation has.
pub fn json(answer: &Simulation) -> serde_json::Result<Value> {
    serde_json::to_value(answer)
}
