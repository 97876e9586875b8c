//! What a check reads, and how fields are read from plain JSON.

use serde_json::Value;

/// What a check reads, all of it plain JSON.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The contract as written.
    pub contract: Value,
    /// The package document.
    pub package: Value,
    /// Digest of the package, for `unchanged-since-approval`.
    pub package_digest: String,
    /// For each artifact id: `state`, `requirement`, and what expressions see of it.
    pub evidence: Value,
    /// The waiver document.
    pub waivers: Value,
    /// The history document.
    pub history: Value,
    /// The context document.
    pub context: Value,
}

/// Returns the items of a list field, none when it is absent.
pub(crate) fn items<'v>(value: &'v Value, field: &str) -> Vec<&'v Value> {
    value
        .get(field)
        .and_then(Value::as_array)
        .map(|items| items.iter().collect())
        .unwrap_or_default()
}

/// Returns a text field, empty when it is absent.
pub(crate) fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Returns a whole number field, or `default` when it is absent.
pub(crate) fn number(value: &Value, field: &str, default: u64) -> u64 {
    value.get(field).and_then(Value::as_u64).unwrap_or(default)
}
