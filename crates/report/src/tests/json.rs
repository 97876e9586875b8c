//! Reports of contract tests as JSON: what the quality guardrail asks for before a contract is promoted.

use baton_simulation::suites::Report;
use serde_json::Value;

/// JSON Schema of one report, `contract-test-report/v1`.
pub const SCHEMA: &str = include_str!("contract-test-report-v1.schema.json");

/// Returns the reports as a list of `contract-test-report/v1` documents, one per contract.
pub fn json(reports: &[Report]) -> Value {
    // Text and whole numbers always serialize.
    let document = |report| serde_json::to_value(report).unwrap_or_default();
    Value::Array(reports.iter().map(document).collect())
}
