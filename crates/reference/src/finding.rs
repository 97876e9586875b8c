//! Findings: SCORING-1 and SCORING-3 to SCORING-12.

use serde_json::Value;

use crate::Inputs;
use crate::expression::Data;
use crate::inputs::{items, number, text};

/// One clause's finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Clause.
    pub clause: String,
    /// State.
    pub state: String,
    /// Value.
    pub value: u64,
    /// State a pending clause would have.
    pub would_be: Option<String>,
    /// Waiver that excuses it.
    pub waiver: Option<String>,
}

/// Returns the clauses in canonical order.
pub(crate) fn clauses(contract: &Value) -> Vec<&Value> {
    let rank = |severity: &str| match severity {
        "blocker" => 0,
        "major" => 1,
        "minor" => 2,
        _ => 3,
    };
    let mut clauses = items(contract, "clauses");
    clauses.sort_by_key(|clause| {
        let weight = number(clause, "weight", 0);
        (
            rank(text(clause, "severity")),
            u64::MAX - weight,
            text(clause, "id").to_owned(),
        )
    });
    clauses
}

/// Returns the points of a clause's severity.
pub(crate) fn points(clause: &Value) -> u64 {
    match text(clause, "severity") {
        "blocker" => 10_000,
        "major" => 2500,
        "minor" => 500,
        _ => 0,
    }
}

/// Returns the finding of a clause before waivers.
pub(crate) fn finding(clause: &Value, inputs: &Inputs, data: &Data) -> Finding {
    let (state, value) = judge(clause, inputs, data);
    let finding = |state: &str, value, would_be| Finding {
        clause: text(clause, "id").to_owned(),
        state: state.to_owned(),
        value,
        would_be,
        waiver: None,
    };
    if is_pending(clause, state, inputs) {
        finding("pending", 0, Some(state.to_owned()))
    } else {
        finding(state, value, None)
    }
}

fn judge(clause: &Value, inputs: &Inputs, data: &Data) -> (&'static str, u64) {
    if let Some(when) = clause.get("when").and_then(Value::as_str) {
        match data.truth(when) {
            Some(true) => {}
            Some(false) => return ("not-applicable", 0),
            None => return ("unknown", 0),
        }
    }
    let decided = |truth: Option<bool>| match truth {
        Some(true) => ("passed", 10_000),
        Some(false) => ("failed", 0),
        None => ("unknown", 0),
    };
    if let Some(expect) = clause.get("expect").and_then(Value::as_str) {
        return decided(data.truth(expect));
    }
    if let Some(graded) = clause.get("graded").and_then(Value::as_str) {
        return match data.integer(graded) {
            Some(10_000) => ("passed", 10_000),
            Some(value @ 0..10_000) => ("failed", value.unsigned_abs()),
            _ => ("unknown", 0),
        };
    }
    match text(clause, "check") {
        "schema" => decided(schema_holds(inputs)),
        "evidence" => decided(evidence_holds(inputs)),
        "unchanged-since-approval" => match inputs.context.get("approved_package") {
            None => ("not-applicable", 0),
            Some(digest) => decided(Some(
                digest.as_str() == Some(inputs.package_digest.as_str()),
            )),
        },
        _ => ("unknown", 0),
    }
}

fn schema_holds(inputs: &Inputs) -> Option<bool> {
    let schema = inputs.contract.get("inputs")?.get("schema")?;
    let validator = jsonschema::draft202012::new(schema).ok()?;
    Some(validator.is_valid(inputs.package.get("payload")?))
}

/// SCORING-8: known faults fail, faults that could not be looked at are unknown.
fn evidence_holds(inputs: &Inputs) -> Option<bool> {
    let asked = inputs
        .contract
        .get("inputs")
        .map(|i| items(i, "evidence"))
        .unwrap_or_default();
    let mut faults = Vec::new();
    for requirement in &asked {
        let entry = inputs.evidence.get(text(requirement, "id"));
        let state = entry.map_or("unverifiable", |entry| text(entry, "state"));
        let must_be_there = if requirement.get("when").is_some() {
            entry.is_none_or(|entry| text(entry, "requirement") != "not-required")
        } else {
            requirement.get("required") != Some(&Value::Bool(false))
        };
        if state == "mismatched" || (must_be_there && state != "present") {
            faults.push(state);
        }
    }
    for (id, entry) in inputs.evidence.as_object().into_iter().flatten() {
        let is_asked = asked
            .iter()
            .any(|requirement| text(requirement, "id") == id);
        if !is_asked && text(entry, "state") == "mismatched" {
            faults.push("mismatched");
        }
    }
    if faults.is_empty() {
        return Some(true);
    }
    if faults.iter().all(|state| *state == "unverifiable") {
        None
    } else {
        Some(false)
    }
}

fn is_pending(clause: &Value, state: &str, inputs: &Inputs) -> bool {
    let id = text(clause, "id");
    let entries = items(&inputs.contract, "pending");
    let Some(entry) = entries.iter().find(|entry| text(entry, "clause") == id) else {
        return false;
    };
    if state == "not-applicable" {
        return false;
    }
    match entry.get("until").and_then(Value::as_str) {
        Some(until) => text(&inputs.context, "as_of") < until,
        None => {
            let is_met = items(&inputs.history, "met")
                .iter()
                .any(|met| met.as_str() == Some(id));
            state != "passed" && !is_met
        }
    }
}
