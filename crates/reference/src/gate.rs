//! Gates: SCORING-16 to SCORING-19.

use serde_json::Value;

use crate::expression::Data;
use crate::inputs::{items, text};

/// Returns id and state of each gate, by id.
pub(crate) fn gates(contract: &Value, data: &Data) -> Vec<(String, String)> {
    let state = |gate: &Value| {
        match gate
            .get("when")
            .and_then(Value::as_str)
            .map(|when| data.truth(when))
        {
            Some(Some(false)) => return "not-applicable",
            Some(None) => return "open",
            Some(Some(true)) | None => {}
        }
        if text(gate, "kind") == "approval" {
            return "open";
        }
        match data.truth(text(gate, "expect")) {
            Some(true) => "passed",
            Some(false) => "failed",
            None => "open",
        }
    };
    let gates = items(contract, "gates");
    let mut states: Vec<_> = gates
        .iter()
        .map(|gate| (text(gate, "id").to_owned(), state(gate).to_owned()))
        .collect();
    states.sort();
    states
}

/// Whether a gate in this state stands in the way.
pub(crate) fn is_open(state: &str) -> bool {
    state == "open" || state == "failed"
}

/// Whether a gate's expressions look at findings.
pub(crate) fn reads_findings(gate: &Value) -> bool {
    text(gate, "when").contains("findings") || text(gate, "expect").contains("findings")
}
