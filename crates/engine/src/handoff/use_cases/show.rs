//! One handoff as people see it: where it is, whose turn it is, what is missing, which clocks run, and what happened.

use baton_mission::handoff::{IncidentCause, Phase, TimerKind, Unmet, standing};
use baton_mission::names::{HandoffId, Revision};
use baton_terms::{Digest, Id, Instant};
use serde::Serialize;

use crate::handoff::case::Case;
use crate::handoff::desk::Desk;
use crate::handoff::effects::{self, stream_of};
use crate::handoff::entry::{self, Read};
use crate::handoff::failure::Failure;
use crate::rollout::Assignment;
use crate::trail::Trail;

/// One handoff, for people and programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct View {
    /// Always `handoff-view/v1`.
    pub baton: &'static str,
    /// The handoff.
    pub handoff: HandoffId,
    /// Its revision: what the next command may be made for.
    pub revision: Revision,
    /// Its state.
    pub state: String,
    /// The work item.
    pub work_item: String,
    /// Name of the contract.
    pub contract: Id,
    /// Digest of the contract it holds to.
    pub contract_digest: Digest,
    /// The rollout that gave it this version, and whether it is the new one.
    pub rollout: Option<Assignment>,
    /// Teams and roles whose turn it is; nobody's when it is Baton's or over.
    pub turn: Vec<String>,
    /// The current package.
    pub package: Option<Digest>,
    /// Posture of the last check, as a word.
    pub posture: Option<String>,
    /// The team it was offered to.
    pub receiver: Option<Id>,
    /// What keeps it from going on.
    pub missing: Vec<String>,
    /// Deadlines, gates and rungs that run.
    pub clocks: Vec<ClockView>,
    /// Gates that are open.
    pub gates: Vec<GateView>,
    /// Clauses that are waived, with until when.
    pub waived: Vec<(Id, Instant)>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
}

/// One clock that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClockView {
    /// What for.
    pub what: String,
    /// When it is up.
    pub due: Instant,
}

/// One open gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GateView {
    /// The gate.
    pub gate: Id,
    /// Approvals it needs.
    pub quorum: u32,
    /// Whose approvals count for it.
    pub approvers: Vec<String>,
    /// Refusals.
    pub rejections: u32,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimelineEntry {
    /// Its place in the stream.
    pub sequence: u64,
    /// The revision it led to; a check's own record leads to none.
    pub revision: Option<Revision>,
    /// When.
    pub at: Instant,
    /// What.
    pub what: String,
    /// Who.
    pub by: Option<String>,
    /// Why, where somebody said.
    pub reason: Option<String>,
}

/// Returns a handoff as it stands.
///
/// # Errors
/// When there is no such handoff, or the store fails.
pub fn show(desk: &Desk<'_>, handoff: &HandoffId) -> Result<View, Failure> {
    let case = desk.load(handoff)?;
    let Some(draft) = case.handoff().phase().draft() else {
        return Err(Failure::NoSuchHandoff {
            handoff: handoff.to_string(),
        });
    };
    let pinned = desk.contract_of(&case)?;
    let state = case.handoff();
    let dossier = state.phase().dossier();
    let posture = dossier.and_then(|dossier| dossier.check.as_ref());
    let roles = effects::deciding_roles(state, &pinned.terms);
    let turn = match effects::turn(state) {
        _ if !roles.is_empty() => roles.iter().map(Id::to_string).collect(),
        turn => turn.into_iter().collect(),
    };
    let open = dossier.filter(|_| matches!(state.phase(), Phase::Gated(_)));
    let gates = open.map(|dossier| standing(dossier, &pinned.terms));
    let gates: Vec<GateView> = gates
        .unwrap_or_default()
        .into_iter()
        .map(|gate| GateView {
            gate: gate.gate,
            quorum: gate.quorum,
            approvers: gate.approvers.iter().map(ToString::to_string).collect(),
            rejections: gate.rejections,
        })
        .collect();
    Ok(View {
        baton: "handoff-view/v1",
        handoff: handoff.clone(),
        revision: state.revision(),
        state: state.state().word().to_owned(),
        work_item: draft.slot.work_item.clone(),
        contract: draft.slot.contract.clone(),
        contract_digest: pinned.form.digest(),
        rollout: case.assignment().cloned(),
        turn,
        package: dossier.map(|dossier| dossier.package.digest),
        posture: posture.map(|check| word_of(&check.posture)),
        receiver: state.phase().offer().map(|offer| offer.team.clone()),
        missing: missing(&case, &gates),
        clocks: clocks(&case),
        gates,
        waived: (state.waivers().iter())
            .map(|waiver| (waiver.clause.clone(), waiver.expires))
            .collect(),
        timeline: timeline(desk, handoff)?,
    })
}

/// Returns the word under which a value is written.
fn word_of<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn missing(case: &Case, gates: &[GateView]) -> Vec<String> {
    let unmet = |unmet: &[Unmet]| -> Vec<String> {
        let line = |item: &Unmet| match &item.subject {
            Some(subject) => format!("{subject}: {}", item.what),
            None => item.what.clone(),
        };
        unmet.iter().map(line).collect()
    };
    match case.handoff().phase() {
        Phase::Drafted(_) => vec!["a package".to_owned()],
        Phase::NeedsInput(returned) => unmet(&returned.unmet),
        Phase::Declined(returned) => {
            let reason = returned.receipt.as_ref().map(|receipt| &receipt.reason);
            reason.into_iter().cloned().collect()
        }
        Phase::Escalated(parked) | Phase::Quarantined(parked) => unmet(&parked.incident.unmet),
        Phase::RollbackBlocked(blocked) => match &blocked.incident.why {
            IncidentCause::EffectStands { effect, why, .. } => vec![format!("{effect}: {why}")],
            _ => Vec::new(),
        },
        Phase::Gated(_) => {
            let short = gates.iter().filter_map(|gate| {
                let has = u32::try_from(gate.approvers.len()).unwrap_or(u32::MAX);
                let more = gate.quorum.checked_sub(has).filter(|more| *more > 0)?;
                Some(format!(
                    "gate {}: {more} more of {}",
                    gate.gate, gate.quorum
                ))
            });
            short.collect()
        }
        _ => Vec::new(),
    }
}

fn clocks(case: &Case) -> Vec<ClockView> {
    let what = |kind: &TimerKind| match kind {
        TimerKind::Acknowledge => "acknowledge".to_owned(),
        TimerKind::Verdict => "verdict".to_owned(),
        TimerKind::Complete => "complete".to_owned(),
        TimerKind::Gate { gate } => format!("gate {gate}"),
        TimerKind::Retry { step } => format!("retry of {}", word_of(step)),
        TimerKind::Rung { rung } => format!("escalation rung {}", rung.saturating_add(1)),
    };
    let timers = case.handoff().timers().iter();
    let mut clocks: Vec<ClockView> = timers
        .map(|timer| ClockView {
            what: what(&timer.kind),
            due: timer.due,
        })
        .collect();
    clocks.sort_by(|a, b| (a.due, &a.what).cmp(&(b.due, &b.what)));
    clocks
}

fn timeline(desk: &Desk<'_>, handoff: &HandoffId) -> Result<Vec<TimelineEntry>, Failure> {
    let mut timeline = Vec::new();
    let stream = stream_of(handoff)?;
    Trail::default().read_on::<Failure>(desk.store, &stream, |entry| {
        let draft = entry.draft();
        let event = match entry::read(&entry) {
            Some(Read::Event(event)) => Some(event),
            _ => None,
        };
        timeline.push(TimelineEntry {
            sequence: entry.sequence(),
            revision: event.as_ref().map(|event| event.revision),
            at: draft.time,
            what: match &event {
                Some(event) => event.change.word().to_owned(),
                None => draft.kind.to_string(),
            },
            by: draft.actor.clone(),
            reason: event.as_ref().and_then(|event| entry::told(event)),
        });
        Ok(())
    })?;
    Ok(timeline)
}
