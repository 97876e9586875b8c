//! The shortest path to ready by trying every set: SCORING-40 to SCORING-44.

use serde_json::Value;

use crate::finding::clauses;
use crate::inputs::{items, number, text};
use crate::score::{dimension_scores, overall, posture, risk, risk_without_clauses, threshold};
use crate::{Finding, Inputs, Verdict, gate};

/// Clauses beyond which trying every set is given up.
const CANDIDATES_MAX: usize = 12;

/// Returns the clauses to fix in canonical order, or nothing when there is no path.
///
/// # Panics
/// Never; with more than twelve candidates there is no answer either, so generate fewer.
pub(crate) fn shortest(inputs: &Inputs, verdict: &Verdict) -> Option<Vec<String>> {
    if has_obstacle(inputs, verdict) {
        return None;
    }
    let unmet = |finding: &&Finding| finding.state == "failed" || finding.state == "unknown";
    let candidates: Vec<&str> = verdict
        .findings
        .iter()
        .filter(unmet)
        .map(|f| f.clause.as_str())
        .collect();
    if candidates.len() > CANDIDATES_MAX {
        return None;
    }
    let mut best: Option<(u64, usize, Vec<usize>)> = None;
    for set in 0_u32..1 << candidates.len() {
        let chosen: Vec<&str> = candidates
            .iter()
            .enumerate()
            .filter(|(at, _)| set >> at & 1 == 1)
            .map(|(_, clause)| *clause)
            .collect();
        if !is_ready(inputs, &fixed(&verdict.findings, &chosen)) {
            continue;
        }
        let places = chosen
            .iter()
            .filter_map(|c| candidates.iter().position(|known| known == c));
        let key = (
            effort(&inputs.contract, &chosen),
            chosen.len(),
            places.collect(),
        );
        if best.as_ref().is_none_or(|best| key < *best) {
            best = Some(key);
        }
    }
    let (_, _, places) = best?;
    let clause = |at: usize| candidates.get(at).map(|clause| (*clause).to_owned());
    places.into_iter().map(clause).collect()
}

fn has_obstacle(inputs: &Inputs, verdict: &Verdict) -> bool {
    let contract = &inputs.contract;
    let limit = threshold(contract, "review_risk").min(threshold(contract, "critical_risk"));
    let closed = |gate: &Value| {
        let state = verdict.gates.iter().find(|(id, _)| id == text(gate, "id"));
        text(gate, "kind") == "policy"
            && !gate::reads_findings(gate)
            && state.is_some_and(|(_, state)| gate::is_open(state))
    };
    verdict.score.is_none()
        || verdict.dimensions.iter().any(|(_, score)| score.is_none())
        || risk_without_clauses(inputs) >= limit
        || items(contract, "gates").iter().any(|gate| closed(gate))
}

fn fixed(findings: &[Finding], chosen: &[&str]) -> Vec<Finding> {
    let fix = |finding: &Finding| {
        let mut finding = finding.clone();
        if chosen.contains(&finding.clause.as_str()) {
            "passed".clone_into(&mut finding.state);
            finding.value = 10_000;
        }
        finding
    };
    findings.iter().map(fix).collect()
}

fn is_ready(inputs: &Inputs, findings: &[Finding]) -> bool {
    let contract = &inputs.contract;
    let score = overall(contract, &dimension_scores(contract, findings));
    posture(contract, score, risk(inputs, findings)) == "ready"
}

fn effort(contract: &Value, chosen: &[&str]) -> u64 {
    let clauses = clauses(contract);
    let chosen = clauses
        .iter()
        .filter(|clause| chosen.contains(&text(clause, "id")));
    chosen.map(|clause| number(clause, "effort", 1)).sum()
}
