//! The shortest path to ready: which fixes, in which order, and what is then still needed.

use baton_contract::model::{GateKind, Severity};
use baton_terms::BasisPoints;
use serde::Serialize;

use super::shortest::{self, Dimension, Item, Problem};
use crate::check::CheckedContract;
use crate::wire::{FindingState, GateState, RiskSource, Scorecard};

/// What it takes to become ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Path {
    /// These fixes are enough, and no cheaper ones are.
    Fixes {
        /// In the recommended order: severity, then effort ascending.
        fixes: Vec<Fix>,
        /// Sum of their efforts.
        effort: u64,
        /// Approval gates that are then still to be decided.
        approvals: Vec<String>,
        /// Policy gates that look at findings and are to be evaluated again.
        rechecks: Vec<String>,
    },
    /// No set of fixes is enough.
    None {
        /// What stands in the way whatever is fixed.
        obstacles: Vec<Obstacle>,
    },
}

/// One clause to bring to `passed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// Clause.
    pub clause: String,
    /// Name for readers.
    pub title: String,
    /// How much it matters.
    pub severity: Severity,
    /// Effort, 1 to 5.
    pub effort: u32,
    /// What to do.
    pub fix: String,
}

/// What fixing clauses can't change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// No clause applies.
    NothingChecked,
    /// No clause of this dimension applies.
    DimensionUnknown(String),
    /// Declared risk and receiver pressure alone reach the limit.
    RiskWithoutClauses {
        /// Risk that stays.
        found: BasisPoints,
        /// Smallest risk that is not ready.
        limit: BasisPoints,
    },
    /// A policy gate stands in the way and does not look at findings.
    GateClosed(String),
}

/// Returns the shortest path to ready from a scorecard made with this contract.
///
/// Exact: no other set of fixes with less effort is enough; of equal efforts the one with fewest
/// clauses, of those the first in canonical clause order.
pub fn shortest_path(scorecard: &Scorecard<'_>, contract: &CheckedContract) -> Path {
    let (approvals, rechecks, closed) = gates(scorecard, contract);
    let mut obstacles = obstacles(scorecard, contract);
    obstacles.extend(closed.into_iter().map(Obstacle::GateClosed));
    if !obstacles.is_empty() {
        return Path::None { obstacles };
    }
    let problem = problem(scorecard, contract);
    let chosen = shortest::solve(&problem);
    let mut fixes: Vec<Fix> = chosen
        .into_iter()
        .filter_map(|index| scorecard.findings.get(index))
        .map(|finding| Fix {
            clause: finding.clause.to_string(),
            title: finding.title.to_string(),
            severity: finding.severity,
            effort: finding.effort,
            fix: finding.fix.as_deref().unwrap_or_default().to_owned(),
        })
        .collect();
    fixes.sort_by_key(|fix| (fix.severity, fix.effort));
    let effort = fixes.iter().map(|fix| u64::from(fix.effort)).sum();
    Path::Fixes {
        fixes,
        effort,
        approvals,
        rechecks,
    }
}

/// Returns approvals still needed, policies to evaluate again, and policies that stay closed.
fn gates(
    scorecard: &Scorecard<'_>,
    contract: &CheckedContract,
) -> (Vec<String>, Vec<String>, Vec<String>) {
    let (mut approvals, mut rechecks, mut closed) = (Vec::new(), Vec::new(), Vec::new());
    for gate in &scorecard.gates {
        let id = gate.gate.to_string();
        let reads_findings = contract.gate_reads_findings(&id);
        match (gate.kind, gate.state.is_open()) {
            // Fixes may change what a policy over findings says, in either direction.
            (GateKind::Policy, _) if reads_findings && gate.state != GateState::NotApplicable => {
                rechecks.push(id);
            }
            (_, false) => {}
            (GateKind::Approval, true) => approvals.push(id),
            (GateKind::Policy, true) => closed.push(id),
        }
    }
    (approvals, rechecks, closed)
}

fn obstacles(scorecard: &Scorecard<'_>, contract: &CheckedContract) -> Vec<Obstacle> {
    let mut obstacles = Vec::new();
    if scorecard.score.is_none() {
        obstacles.push(Obstacle::NothingChecked);
    }
    let unknown = scorecard
        .dimensions
        .iter()
        .filter(|dimension| dimension.score.is_none());
    obstacles.extend(unknown.map(|d| Obstacle::DimensionUnknown(d.id.to_string())));
    let (found, limit) = (fixed_points(scorecard), risk_limit(contract));
    if found >= limit.get() {
        let found = BasisPoints::saturating(found);
        obstacles.push(Obstacle::RiskWithoutClauses { found, limit });
    }
    obstacles
}

/// Risk that no fix takes away.
fn fixed_points(scorecard: &Scorecard<'_>) -> u64 {
    let terms = scorecard
        .risk_terms
        .iter()
        .filter(|term| term.source != RiskSource::Clause);
    terms.map(|term| term.points).fold(0, u64::saturating_add)
}

/// Smallest risk that is not ready.
fn risk_limit(contract: &CheckedContract) -> BasisPoints {
    let thresholds = &contract.contract().thresholds;
    thresholds.review_risk.min(thresholds.critical_risk)
}

fn problem(scorecard: &Scorecard<'_>, contract: &CheckedContract) -> Problem {
    let thresholds = &contract.contract().thresholds;
    let mut dimensions: Vec<Dimension> = scorecard
        .dimensions
        .iter()
        .map(|d| Dimension {
            weight: u64::from(d.weight),
            total: 0,
            sum: 0,
        })
        .collect();
    let mut items = Vec::new();
    for (index, finding) in scorecard.findings.iter().enumerate() {
        let at = scorecard
            .dimensions
            .iter()
            .position(|d| d.id == finding.dimension);
        let Some((at, dimension)) = at.and_then(|at| Some((at, dimensions.get_mut(at)?))) else {
            continue;
        };
        if !finding.state.is_applicable() {
            continue;
        }
        let weight = u64::from(finding.weight);
        dimension.total += weight;
        dimension.sum += weight * finding.value.get();
        if matches!(finding.state, FindingState::Failed | FindingState::Unknown) {
            items.push(Item {
                index,
                dimension: at,
                gain: weight * (BasisPoints::FULL.get() - finding.value.get()),
                effort: u64::from(finding.effort),
                points: finding.severity.points(),
            });
        }
    }
    Problem {
        dimensions,
        items,
        score_min: thresholds.ready_min.max(thresholds.review_min).get(),
        points_max: risk_limit(contract)
            .get()
            .saturating_sub(1 + fixed_points(scorecard)),
    }
}
