//! What follows from events: timers and messages to set, and what a list shows.

use std::collections::{BTreeMap, BTreeSet};

use baton_mission::compensation::{Effect, Progress};
use baton_mission::handoff::{
    Change, Event, Handoff, Incident, Notice, Phase, StateName, Step, Terms, TimerKind, standing,
};
use baton_mission::names::{HandoffId, Revision};
use baton_terms::{Digest, Id, Instant};
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::entry;
use super::failure::Failure;
use crate::follow_ups;
use crate::port::{JobId, JobKind, NewJob, StreamId, Summary};

/// The format of what receivers of messages are told.
pub const MESSAGE_FORMAT: &str = "handoff-message/v1";
/// The job that has Baton take its next step.
pub(super) const ADVANCE: &str = "advance";
/// What a list shows where several roles may decide.
pub(super) const APPROVERS: &str = "approvers";

/// Returns the stream of a handoff.
///
/// # Errors
/// When its name cannot be that of a stream.
pub fn stream_of(handoff: &HandoffId) -> Result<StreamId, Failure> {
    StreamId::new(format!("handoff/{handoff}")).map_err(|error| Failure::Unrecordable {
        why: error.to_string(),
    })
}

/// What a timer job has Baton do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Task {
    /// Fire a timer of the handoff.
    Fire {
        /// Its number.
        timer: Revision,
    },
    /// Take the next step.
    Advance,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parcel {
    /// Always [`MESSAGE_FORMAT`].
    pub(crate) baton: String,
    /// The same for every delivery of it.
    pub(crate) id: String,
    /// What it is about: a state, `reminder`, `offer` or `undo`.
    pub(crate) about: String,
    /// Teams and roles it is for.
    pub(crate) to: Vec<Id>,
    /// The handoff.
    pub(crate) handoff: HandoffId,
    /// Its revision then.
    pub(crate) revision: Revision,
    /// Its state then.
    pub(crate) state: String,
    /// The work item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) work_item: Option<String>,
    /// The contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) contract: Option<Digest>,
    /// The package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) package: Option<Digest>,
    /// Whose turn it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) turn: Option<String>,
    /// By when, where there is a deadline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) due: Option<Instant>,
    /// What oversight receives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) incident: Option<Incident>,
    /// The receipt of the verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) receipt: Option<Digest>,
    /// The effect to undo, with what undoes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) undo: Option<Effect>,
}

/// Jobs that a decision sets and clears.
#[derive(Debug, Default)]
pub(super) struct Effects {
    pub(super) set: BTreeMap<JobId, NewJob>,
    pub(super) cleared: BTreeSet<JobId>,
}

/// Returns what follows from the events that led from one case to another.
pub(super) fn of(before: &Case, after: &Case, events: &[Event]) -> Result<Effects, Failure> {
    let mut effects = Effects::default();
    for event in events {
        effects.of_event((before, after), event)?;
    }
    effects.left_over(after, events)?;
    if let (true, Some(at)) = (is_batons_turn(after.handoff()), after.handoff().last_at()) {
        effects.set(ADVANCE, (JobKind::Timer, at), &Task::Advance)?;
    } else if is_batons_turn(before.handoff()) {
        effects.clear(ADVANCE)?;
    }
    Ok(effects)
}

/// Returns whether Baton itself has the next step to take.
pub(super) fn is_batons_turn(handoff: &Handoff) -> bool {
    match handoff.phase() {
        Phase::Submitted(_) | Phase::Checked(_) => true,
        Phase::Gated(dossier) => dossier.assignment.is_some(),
        _ => false,
    }
}

impl Effects {
    fn of_event(&mut self, (before, after): (&Case, &Case), event: &Event) -> Result<(), Failure> {
        match &event.change {
            Change::TimerSet { timer } => self.set(
                &timer_job(timer.number),
                (JobKind::Timer, timer.due),
                &Task::Fire {
                    timer: timer.number,
                },
            ),
            Change::TimerCleared { number } => self.clear(&timer_job(*number)),
            Change::TimerFired { number } => {
                self.clear(&timer_job(*number))?;
                match retried(before, *number) {
                    Some(Step::Delivery) if after.handoff().state() == StateName::Offered => {
                        self.deliver(after, event)
                    }
                    Some(Step::Compensation) => self.undo(after, event),
                    _ => Ok(()),
                }
            }
            Change::RolledBack { .. } | Change::Unwound { .. } => self.undo(after, event),
            Change::Offered { .. } | Change::Reassigned { .. } => self.deliver(after, event),
            Change::Noticed { notice } => self.tell(after, event, notice),
            _ => Ok(()),
        }
    }

    /// What a decision leaves over is told at once, in one message: a decision sets few jobs, whatever it leaves over.
    fn left_over(&mut self, after: &Case, events: &[Event]) -> Result<(), Failure> {
        let check = (after.handoff().phase().dossier()).and_then(|dossier| dossier.check.as_ref());
        let fix = |clause: &Id| {
            let mut findings = check.into_iter().flat_map(|check| &check.findings);
            let finding = findings.find(|finding| finding.clause == *clause);
            finding.map(|finding| finding.fix.as_str())
        };
        let queued: Vec<(&Event, follow_ups::Task)> = (events.iter())
            .filter_map(|event| match &event.change {
                Change::FollowUpQueued { follow_up } => {
                    let said = (follow_up, fix(&follow_up.subject));
                    Some((
                        event,
                        follow_ups::Task::of_handoff(event.handoff.as_str(), said, event.at),
                    ))
                }
                _ => None,
            })
            .collect();
        let Some((first, _)) = queued.first() else {
            return Ok(());
        };
        let named = (first.handoff.as_str(), first.revision.get());
        let at = first.at;
        let tasks = queued.into_iter().map(|(_, task)| task).collect();
        let told = follow_ups::job(named, tasks, at).map_err(|error| Failure::Unrecordable {
            why: error.to_string(),
        })?;
        self.set.extend(told.map(|told| (told.id.clone(), told)));
        Ok(())
    }

    /// The same id for every attempt at the same offer: the receiver tells repetitions by it.
    fn deliver(&mut self, after: &Case, event: &Event) -> Result<(), Failure> {
        let mut parcel = parcel(after, event, "offer")?;
        if let Some(name) = after.offer_name() {
            parcel.id = name;
        }
        parcel.to = receivers(after.handoff());
        self.send("delivery", (event, &parcel))
    }

    /// One effect at a time, the last one first: the next is undone when this one is.
    fn undo(&mut self, after: &Case, event: &Event) -> Result<(), Failure> {
        let undoing = after.handoff().phase().undoing();
        let Some(Progress::Next(effect)) = undoing.map(|undoing| undoing.unwinding.progress())
        else {
            return Ok(());
        };
        let mut parcel = parcel(after, event, "undo")?;
        parcel.id = format!("{}.{}.undo", event.handoff, effect.id);
        parcel.to = receivers(after.handoff());
        parcel.undo = Some(effect.clone());
        self.send("undo", (event, &parcel))
    }

    fn tell(&mut self, after: &Case, event: &Event, notice: &Notice) -> Result<(), Failure> {
        let mut parcel = parcel(after, event, &notice.about)?;
        parcel.id.clone_from(&notice.id);
        parcel.to.clone_from(&notice.to);
        parcel.turn = notice.turn.as_ref().map(Id::to_string);
        parcel.incident = match after.handoff().phase() {
            Phase::Escalated(parked) | Phase::Quarantined(parked) => Some(parked.incident.clone()),
            Phase::RollbackBlocked(blocked) => Some(blocked.incident.clone()),
            _ => None,
        };
        self.send("notice", (event, &parcel))
    }

    fn send(&mut self, what: &str, (event, parcel): (&Event, &Parcel)) -> Result<(), Failure> {
        let name = format!("{what}.{}", event.revision);
        self.set(&name, (JobKind::Message, event.at), parcel)
    }

    fn set<T: Serialize>(
        &mut self,
        name: &str,
        (kind, due): (JobKind, Instant),
        body: &T,
    ) -> Result<(), Failure> {
        let id = job(name)?;
        self.cleared.remove(&id);
        let job = NewJob {
            id: id.clone(),
            kind,
            due,
            body: entry::document(body)?.bytes,
        };
        self.set.insert(id, job);
        Ok(())
    }

    fn clear(&mut self, name: &str) -> Result<(), Failure> {
        let id = job(name)?;
        // A timer that is set and cleared in one decision was never there.
        if self.set.remove(&id).is_none() {
            self.cleared.insert(id);
        }
        Ok(())
    }
}

fn parcel(after: &Case, event: &Event, about: &str) -> Result<Parcel, Failure> {
    let handoff = after.handoff();
    let dossier = handoff.phase().dossier();
    let receipt = match handoff.phase() {
        Phase::Accepted(acceptance) => Some(&acceptance.receipt),
        Phase::NeedsInput(returned) | Phase::Declined(returned) => returned.receipt.as_ref(),
        _ => None,
    };
    Ok(Parcel {
        baton: MESSAGE_FORMAT.to_owned(),
        id: format!("{}.{}.{about}", event.handoff, event.revision),
        about: about.to_owned(),
        to: Vec::new(),
        handoff: event.handoff.clone(),
        revision: event.revision,
        state: handoff.state().word().to_owned(),
        work_item: (handoff.phase().draft()).map(|draft| draft.slot.work_item.clone()),
        contract: after.contract(),
        package: dossier.map(|dossier| dossier.package.digest),
        turn: turn(handoff),
        due: due(handoff),
        incident: None,
        receipt: receipt.map(entry::receipt_digest).transpose()?,
        undo: None,
    })
}

fn receivers(handoff: &Handoff) -> Vec<Id> {
    let offer = handoff.phase().offer();
    offer.map(|offer| offer.team.clone()).into_iter().collect()
}

/// Returns the step that a timer has tried again.
fn retried(before: &Case, number: Revision) -> Option<Step> {
    let mut timers = before.handoff().timers().iter();
    let timer = timers.find(|timer| timer.number == number)?;
    match timer.kind {
        TimerKind::Retry { step } => Some(step),
        _ => None,
    }
}

fn timer_job(number: Revision) -> String {
    format!("timer.{number}")
}

fn job(name: &str) -> Result<JobId, Failure> {
    JobId::new(name).map_err(|error| Failure::Unrecordable {
        why: error.to_string(),
    })
}

/// Returns what a list shows of a handoff.
pub(super) fn summary(handoff: &Handoff, terms: &Terms) -> Summary {
    Summary {
        state: handoff.state().word().to_owned(),
        turn: match handoff.phase() {
            Phase::Gated(dossier) if dossier.assignment.is_none() => {
                let roles = deciding_roles(handoff, terms);
                match roles.as_slice() {
                    [only] => Some(only.to_string()),
                    _ => Some(APPROVERS.to_owned()),
                }
            }
            _ => turn(handoff),
        },
        due: due(handoff),
    }
}

/// Returns the roles that may decide a gate that is still open, in order.
pub(super) fn deciding_roles(handoff: &Handoff, terms: &Terms) -> Vec<Id> {
    let Phase::Gated(dossier) = handoff.phase() else {
        return Vec::new();
    };
    let open = standing(dossier, terms).into_iter();
    let gates = open
        .filter(|gate| !gate.is_met())
        .filter_map(|gate| terms.gate(&gate.gate));
    let roles: BTreeSet<Id> = gates
        .flat_map(|gate| gate.approvers.iter().cloned())
        .collect();
    roles.into_iter().collect()
}

/// Returns the team or role whose turn it is, where it does not take the contract to know.
pub(super) fn turn(handoff: &Handoff) -> Option<String> {
    let sender = || {
        let last = handoff.phase().dossier()?.senders.last()?;
        Some(last.team.to_string())
    };
    match handoff.phase() {
        Phase::Drafted(draft) => Some(draft.by.team.to_string()),
        Phase::NeedsInput(_) | Phase::Declined(_) => sender(),
        Phase::Gated(dossier) if dossier.assignment.is_none() => Some(APPROVERS.to_owned()),
        Phase::Offered(offer) => Some(offer.team.to_string()),
        Phase::Accepted(acceptance) => Some(acceptance.offer.team.to_string()),
        Phase::Escalated(parked) | Phase::Quarantined(parked) => {
            Some(parked.incident.owner.to_string())
        }
        Phase::RollbackBlocked(blocked) => Some(blocked.incident.owner.to_string()),
        _ => None,
    }
}

/// Returns the earliest instant at which something becomes overdue.
pub(super) fn due(handoff: &Handoff) -> Option<Instant> {
    let timers = handoff.timers().iter();
    let deadlines = timers.filter(|timer| !matches!(timer.kind, TimerKind::Retry { .. }));
    deadlines.map(|timer| timer.due).min()
}
