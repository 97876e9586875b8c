//! A mining report as JSON, format `mining-report/v1`.

use baton_rootcause::wire::MiningReport;
use serde_json::Value;

/// JSON Schema of the format.
pub const SCHEMA: &str = include_str!("mining-report-v1.schema.json");

/// Returns the report as a `mining-report/v1` document.
///
/// # Errors
/// When a part of it has no JSON form, which no report of the miner has.
pub fn json(report: &MiningReport) -> serde_json::Result<Value> {
    serde_json::to_value(report)
}
