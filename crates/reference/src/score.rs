//! Score, risk and posture: SCORING-20 to SCORING-27.

use serde_json::Value;

use crate::expression::Data;
use crate::finding::{clauses, finding, points};
use crate::inputs::{items, number, text};
use crate::{Finding, Inputs, gate, path, waiver};

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Findings in canonical order.
    pub findings: Vec<Finding>,
    /// Dimensions with their scores, by weight descending, then id.
    pub dimensions: Vec<(String, Option<u64>)>,
    /// Overall score.
    pub score: Option<u64>,
    /// Risk.
    pub risk: u64,
    /// Posture.
    pub posture: String,
    /// Gates with their states, by id.
    pub gates: Vec<(String, String)>,
    /// Refused waivers with the reason, by id.
    pub waivers_refused: Vec<(String, String)>,
    /// Clauses to fix, in canonical order; absent when there is no path.
    pub path: Option<Vec<String>>,
}

/// Holds a package against a contract.
pub fn check(inputs: &Inputs) -> Verdict {
    let data = Data::new(inputs);
    let clauses = clauses(&inputs.contract);
    let mut findings: Vec<Finding> = clauses
        .iter()
        .map(|clause| finding(clause, inputs, &data))
        .collect();
    let waivers_refused = waiver::apply(inputs, &mut findings);
    let states: serde_json::Map<String, Value> = findings
        .iter()
        .map(|f| (f.clause.clone(), f.state.as_str().into()))
        .collect();
    let gates = gate::gates(&inputs.contract, &data.with_findings(Value::Object(states)));
    let dimensions = dimension_scores(&inputs.contract, &findings);
    let score = overall(&inputs.contract, &dimensions);
    let risk = risk(inputs, &findings);
    let gates_open = gates.iter().any(|(_, state)| gate::is_open(state));
    let is_unknown = dimensions.iter().any(|(_, score)| score.is_none());
    let mut posture = posture(&inputs.contract, score, risk);
    if posture == "ready" && (gates_open || is_unknown || score.is_none()) {
        posture = "review";
    }
    let mut verdict = Verdict {
        findings,
        dimensions,
        score,
        risk,
        posture: posture.to_owned(),
        gates,
        waivers_refused,
        path: None,
    };
    verdict.path = path::shortest(inputs, &verdict);
    verdict
}

/// Returns the dimensions of a contract by weight descending, then id, with their weights.
pub(crate) fn dimensions(contract: &Value) -> Vec<(String, u64)> {
    let defaults = [
        ("evidence", 25),
        ("readiness", 15),
        ("safety", 40),
        ("impact", 20),
    ];
    let mut dimensions: Vec<(String, u64)> = if contract.get("dimensions").is_some() {
        let dimension = |d: &&Value| (text(d, "id").to_owned(), number(d, "weight", 0));
        items(contract, "dimensions")
            .iter()
            .map(dimension)
            .collect()
    } else {
        defaults
            .iter()
            .map(|(id, weight)| ((*id).to_owned(), *weight))
            .collect()
    };
    dimensions.sort_by_key(|(id, weight)| (u64::MAX - weight, id.clone()));
    dimensions
}

/// SCORING-21.
pub(crate) fn dimension_scores(
    contract: &Value,
    findings: &[Finding],
) -> Vec<(String, Option<u64>)> {
    let score = |id: &str| {
        let (mut sum, mut weights) = (0, 0);
        for (clause, finding) in clauses(contract).iter().zip(findings) {
            let counts =
                ["passed", "failed", "unknown", "waived"].contains(&finding.state.as_str());
            if text(clause, "dimension") == id && counts {
                sum += number(clause, "weight", 0) * finding.value;
                weights += number(clause, "weight", 0);
            }
        }
        u64::checked_div(sum, weights)
    };
    dimensions(contract)
        .into_iter()
        .map(|(id, _)| (id.clone(), score(&id)))
        .collect()
}

/// SCORING-22.
pub(crate) fn overall(contract: &Value, scores: &[(String, Option<u64>)]) -> Option<u64> {
    let (mut sum, mut weights) = (0, 0);
    for ((_, weight), (_, score)) in dimensions(contract).iter().zip(scores) {
        if let Some(score) = score {
            sum += weight * score;
            weights += weight;
        }
    }
    u64::checked_div(sum, weights)
}

/// SCORING-23.
pub(crate) fn risk(inputs: &Inputs, findings: &[Finding]) -> u64 {
    let mut risk = risk_without_clauses(inputs);
    for (clause, finding) in clauses(&inputs.contract).iter().zip(findings) {
        if finding.state == "failed" || finding.state == "unknown" {
            risk += points(clause);
        }
    }
    risk.min(10_000)
}

pub(crate) fn risk_without_clauses(inputs: &Inputs) -> u64 {
    let tier = match text(&inputs.package, "risk_tier") {
        "low" => 0,
        "medium" => 2000,
        _ => 4500,
    };
    let pressure = number(&inputs.context, "receiver_pressure", 0);
    let cap = inputs
        .contract
        .get("budget")
        .and_then(|b| b.get("resource_pressure_cap"));
    let excess = cap
        .and_then(Value::as_u64)
        .map_or(0, |cap| pressure.saturating_sub(cap));
    tier + excess
}

/// Returns a threshold of the contract, or its default.
pub(crate) fn threshold(contract: &Value, name: &str) -> u64 {
    let default = match name {
        "ready_min" => 7400,
        "review_min" => 5400,
        "review_risk" => 6200,
        _ => 8100,
    };
    contract
        .get("thresholds")
        .map_or(default, |thresholds| number(thresholds, name, default))
}

/// SCORING-25, as far as numbers decide.
pub(crate) fn posture(contract: &Value, score: Option<u64>, risk: u64) -> &'static str {
    let threshold = |name| threshold(contract, name);
    let is_below = |name| score.is_some_and(|score| score < threshold(name));
    if risk >= threshold("critical_risk") || is_below("review_min") {
        "critical"
    } else if risk >= threshold("review_risk") || is_below("ready_min") {
        "review"
    } else {
        "ready"
    }
}
