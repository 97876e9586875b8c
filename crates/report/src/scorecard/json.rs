//! Scorecards as JSON: their own canonical form, and `explanation/v1` for `baton explain`.

use baton_evidence::canonical::CanonicalError;
use baton_scoring::explain::{Obstacle, Path, RuleCheck, why};
use baton_scoring::wire::{ContractRef, FindingState, GateState, PackageRef, Posture, Rule};
use baton_terms::{BasisPoints, Digest, Instant};
use serde::Serialize;
use serde_json::Value;

use super::model::{Model, Since};
use super::view::{View, input_word};

/// JSON Schema of `scorecard/v1`.
pub const SCHEMA: &str = include_str!("scorecard-v1.schema.json");
/// JSON Schema of `explanation/v1`.
pub const EXPLANATION_SCHEMA: &str = include_str!("explanation-v1.schema.json");

/// Returns the scorecard as it is: the document its digest is made of, in canonical key order.
pub fn json(model: &Model<'_>) -> Value {
    // Scorecards hold only text, whole numbers and lists of them, which always serialize.
    serde_json::to_value(model.scorecard).unwrap_or_default()
}

/// Returns an `explanation/v1` document: why this posture, the shortest path to `ready`, and what
/// changed since a previous scorecard.
///
/// # Errors
/// When the scorecard has no canonical form and so no digest.
pub fn explanation(model: &Model<'_>) -> Result<Value, CanonicalError> {
    let scorecard = model.scorecard;
    let view = View::new(model);
    let wire = Explanation {
        baton: "explanation/v1",
        scorecard: scorecard.digest()?,
        contract: &scorecard.contract,
        package: &scorecard.package,
        as_of: scorecard.as_of,
        posture: scorecard.posture,
        score: scorecard.score,
        risk: scorecard.risk,
        thresholds: Thresholds {
            ready_min: model.thresholds.ready_min,
            review_min: model.thresholds.review_min,
            review_risk: model.thresholds.review_risk,
            critical_risk: model.thresholds.critical_risk,
        },
        why: &view.why,
        rules: why(scorecard, &model.thresholds)
            .into_iter()
            .map(RuleWire::from)
            .collect(),
        missing: view
            .missing
            .iter()
            .map(|missing| missing.finding.clause.as_ref())
            .collect(),
        path: model.path.as_ref().map(PathWire::new),
        changes: model.since.as_ref().map(ChangesWire::new).transpose()?,
    };
    // As above.
    Ok(serde_json::to_value(wire).unwrap_or_default())
}

#[derive(Serialize)]
struct Explanation<'a> {
    baton: &'static str,
    scorecard: Digest,
    contract: &'a ContractRef<'a>,
    package: &'a PackageRef<'a>,
    as_of: Instant,
    posture: Posture,
    score: Option<BasisPoints>,
    risk: BasisPoints,
    thresholds: Thresholds,
    why: &'a str,
    rules: Vec<RuleWire>,
    missing: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<PathWire<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<ChangesWire>,
}

#[derive(Serialize)]
struct Thresholds {
    ready_min: BasisPoints,
    review_min: BasisPoints,
    review_risk: BasisPoints,
    critical_risk: BasisPoints,
}

#[derive(Serialize)]
struct RuleWire {
    rule: Rule,
    applies: bool,
    posture: Posture,
    subjects: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<BasisPoints>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<BasisPoints>,
}

impl From<RuleCheck> for RuleWire {
    fn from(check: RuleCheck) -> Self {
        let RuleCheck {
            rule,
            applies,
            posture,
            subjects,
            found,
            limit,
        } = check;
        Self {
            rule,
            applies,
            posture,
            subjects,
            found,
            limit,
        }
    }
}

#[derive(Serialize)]
struct PathWire<'a> {
    leads_to_ready: bool,
    fixes: Vec<&'a str>,
    effort: u64,
    approvals: &'a [String],
    rechecks: &'a [String],
    obstacles: Vec<ObstacleWire<'a>>,
}

impl<'a> PathWire<'a> {
    fn new(path: &'a Path) -> Self {
        match path {
            Path::Fixes {
                fixes,
                effort,
                approvals,
                rechecks,
            } => Self {
                leads_to_ready: true,
                fixes: fixes.iter().map(|fix| fix.clause.as_str()).collect(),
                effort: *effort,
                approvals,
                rechecks,
                obstacles: Vec::new(),
            },
            Path::None { obstacles } => Self {
                leads_to_ready: false,
                fixes: Vec::new(),
                effort: 0,
                approvals: &[],
                rechecks: &[],
                obstacles: obstacles.iter().map(ObstacleWire::new).collect(),
            },
        }
    }
}

#[derive(Serialize)]
struct ObstacleWire<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<BasisPoints>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<BasisPoints>,
}

impl<'a> ObstacleWire<'a> {
    fn new(obstacle: &'a Obstacle) -> Self {
        let (kind, subject, compared) = match obstacle {
            Obstacle::NothingChecked => ("nothing-checked", None, None),
            Obstacle::DimensionUnknown(id) => ("dimension-unknown", Some(id.as_str()), None),
            Obstacle::RiskWithoutClauses { found, limit } => {
                ("risk-without-clauses", None, Some((*found, *limit)))
            }
            Obstacle::GateClosed(id) => ("gate-closed", Some(id.as_str()), None),
        };
        let (found, limit) = compared.unzip();
        Self {
            kind,
            subject,
            found,
            limit,
        }
    }
}

#[derive(Serialize)]
struct ChangesWire {
    since: Digest,
    since_as_of: Instant,
    posture: Pair<Posture>,
    score: Pair<Option<BasisPoints>>,
    risk: Pair<BasisPoints>,
    clauses: Vec<ClauseChange>,
    gates: Vec<GateChange>,
    inputs: Vec<&'static str>,
    moved_by: Vec<String>,
}

impl ChangesWire {
    fn new(since: &Since<'_>) -> Result<Self, CanonicalError> {
        let changes = &since.changes;
        let clause = |change: &baton_scoring::explain::FindingChange| ClauseChange {
            clause: change.clause.clone(),
            state: Pair {
                before: change.before,
                now: change.now,
            },
            value: Pair {
                before: change.value_before,
                now: change.value_now,
            },
        };
        let gate =
            |(gate, before, now): &(String, Option<GateState>, Option<GateState>)| GateChange {
                gate: gate.clone(),
                state: Pair {
                    before: *before,
                    now: *now,
                },
            };
        Ok(Self {
            since: since.previous.digest()?,
            since_as_of: since.previous.as_of,
            posture: changes.posture.into(),
            score: changes.score.into(),
            risk: changes.risk.into(),
            clauses: changes.findings.iter().map(clause).collect(),
            gates: changes.gates.iter().map(gate).collect(),
            inputs: changes
                .inputs
                .iter()
                .map(|input| input_word(*input))
                .collect(),
            moved_by: changes.moved_by.clone(),
        })
    }
}

#[derive(Serialize)]
struct Pair<T> {
    before: T,
    now: T,
}

impl<T> From<(T, T)> for Pair<T> {
    fn from((before, now): (T, T)) -> Self {
        Self { before, now }
    }
}

#[derive(Serialize)]
struct ClauseChange {
    clause: String,
    state: Pair<Option<FindingState>>,
    value: Pair<BasisPoints>,
}

#[derive(Serialize)]
struct GateChange {
    gate: String,
    state: Pair<Option<GateState>>,
}
