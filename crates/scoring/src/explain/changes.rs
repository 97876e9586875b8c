//! What changed between two scorecards of the same work, and what moved the posture.

use baton_terms::BasisPoints;
use serde::Serialize;

use crate::wire::{Cause, Finding, FindingState, GateState, Posture, Scorecard};

/// The differences from an earlier scorecard to a later one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Posture before and now.
    pub posture: (Posture, Posture),
    /// Score before and now.
    pub score: (Option<BasisPoints>, Option<BasisPoints>),
    /// Risk before and now.
    pub risk: (BasisPoints, BasisPoints),
    /// Inputs whose digests differ.
    pub inputs: Vec<InputChange>,
    /// Findings that differ in state or value, in canonical order of the later scorecard.
    pub findings: Vec<FindingChange>,
    /// Gates that differ in state: id, before, now.
    pub gates: Vec<(String, Option<GateState>, Option<GateState>)>,
    /// Clauses and gates that moved the posture; empty where it stayed.
    pub moved_by: Vec<String>,
}

/// An input that is not the one of the earlier check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputChange {
    /// The contract.
    Contract,
    /// The package.
    Package,
    /// The evidence index.
    Evidence,
    /// The waivers.
    Waivers,
    /// The history facts.
    History,
    /// The context, such as the time of the check.
    Context,
}

/// A finding that came out differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingChange {
    /// Clause.
    pub clause: String,
    /// State before; absent for a clause that is new.
    pub before: Option<FindingState>,
    /// State now; absent for a clause that is gone.
    pub now: Option<FindingState>,
    /// Value before.
    pub value_before: BasisPoints,
    /// Value now.
    pub value_now: BasisPoints,
}

/// Returns what changed from `previous` to `now`.
pub fn changes(previous: &Scorecard<'_>, now: &Scorecard<'_>) -> Changes {
    let findings = finding_changes(previous, now);
    let gates = gate_changes(previous, now);
    let moved_by = if previous.posture == now.posture {
        Vec::new()
    } else {
        moved_by((previous, now), &findings, &gates)
    };
    Changes {
        posture: (previous.posture, now.posture),
        score: (previous.score, now.score),
        risk: (previous.risk, now.risk),
        inputs: input_changes(previous, now),
        findings,
        gates,
        moved_by,
    }
}

fn input_changes(previous: &Scorecard<'_>, now: &Scorecard<'_>) -> Vec<InputChange> {
    let (before, after) = (&previous.inputs, &now.inputs);
    let pairs = [
        (
            InputChange::Contract,
            previous.contract.digest,
            now.contract.digest,
        ),
        (
            InputChange::Package,
            previous.package.digest,
            now.package.digest,
        ),
        (InputChange::Evidence, before.evidence, after.evidence),
        (InputChange::Waivers, before.waivers, after.waivers),
        (InputChange::History, before.history, after.history),
        (InputChange::Context, before.context, after.context),
    ];
    let changed = pairs.into_iter().filter(|(_, before, now)| before != now);
    changed.map(|(input, ..)| input).collect()
}

fn finding_changes(previous: &Scorecard<'_>, now: &Scorecard<'_>) -> Vec<FindingChange> {
    let change = |before: Option<&Finding<'_>>, now: Option<&Finding<'_>>| {
        let value = |finding: Option<&Finding<'_>>| finding.map_or(BasisPoints::ZERO, |f| f.value);
        let state = |finding: Option<&Finding<'_>>| finding.map(|finding| finding.state);
        let is_same = state(before) == state(now) && value(before) == value(now);
        let clause = now.or(before)?.clause.to_string();
        (!is_same).then(|| FindingChange {
            clause,
            before: state(before),
            now: state(now),
            value_before: value(before),
            value_now: value(now),
        })
    };
    let kept = now
        .findings
        .iter()
        .map(|f| change(previous.finding(&f.clause), Some(f)));
    let gone = previous
        .findings
        .iter()
        .filter(|f| now.finding(&f.clause).is_none());
    kept.chain(gone.map(|finding| change(Some(finding), None)))
        .flatten()
        .collect()
}

type GateChange = (String, Option<GateState>, Option<GateState>);

fn gate_changes(previous: &Scorecard<'_>, now: &Scorecard<'_>) -> Vec<GateChange> {
    let state = |scorecard: &Scorecard<'_>, id: &str| {
        scorecard
            .gates
            .iter()
            .find(|gate| gate.gate == id)
            .map(|gate| gate.state)
    };
    let mut ids: Vec<&str> = previous
        .gates
        .iter()
        .chain(&now.gates)
        .map(|gate| gate.gate.as_ref())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let change = |id: &str| (id.to_owned(), state(previous, id), state(now, id));
    ids.into_iter()
        .map(change)
        .filter(|(_, before, now)| before != now)
        .collect()
}

/// Returns what moved the posture: where it got worse, what got worse, and the reverse; only gates
/// where nothing but gates decides.
fn moved_by(
    (previous, now): (&Scorecard<'_>, &Scorecard<'_>),
    findings: &[FindingChange],
    gates: &[GateChange],
) -> Vec<String> {
    let is_worse = now.posture > previous.posture;
    let weighs = |state: Option<FindingState>| state.is_some_and(FindingState::is_unmet);
    let moved = |change: &&FindingChange| {
        let (before, after) = (weighs(change.before), weighs(change.now));
        if is_worse {
            after && (!before || change.value_now < change.value_before)
        } else {
            before && (!after || change.value_now > change.value_before)
        }
    };
    let open = |state: Option<GateState>| state.is_some_and(GateState::is_open);
    let opened = |change: &&GateChange| open(change.2) == is_worse && open(change.1) != is_worse;
    let by_clauses = findings
        .iter()
        .filter(moved)
        .map(|change| change.clause.clone());
    let by_gates = gates.iter().filter(opened).map(|(gate, ..)| gate.clone());
    let mut moved: Vec<String> = by_clauses.chain(by_gates).collect();
    if moved.is_empty() {
        // Thresholds, tier, pressure or dimensions changed: the rules say which.
        let rule = |cause: &Cause<'_>| cause.rule.word().to_owned();
        let (worse, better) = if is_worse {
            (now, previous)
        } else {
            (previous, now)
        };
        let new = worse
            .causes
            .iter()
            .filter(|cause| !better.causes.contains(cause));
        moved = new.map(rule).collect();
        moved.dedup();
    }
    moved
}
