//! What a mission is after an event: the one transition function, and recovery is replay through it.

use baton_terms::{Id, Instant};

use super::plan::Plan;
use super::state::{MARKS_MAX, Mark, Mission, Phase};
use super::wire::{Event, Recorded};
use crate::budget::{Cap, Reached};
use crate::compensation::{self, Progress, Unwinding};

/// An event that cannot follow, as in a record that was cut, reordered or belongs to another mission.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("apply event `{event}` to a mission that is `{phase}` after {revision} events")]
pub struct OutOfPlace {
    event: &'static str,
    phase: &'static str,
    revision: u64,
}

/// Returns the mission after `event` at `at`.
///
/// # Errors
/// When the event cannot follow.
pub fn apply(mission: Mission, event: &Event, at: Instant) -> Result<Mission, OutOfPlace> {
    let out_of_place = OutOfPlace {
        event: event.word(),
        phase: mission.phase.word(),
        revision: mission.revision,
    };
    let phase = phase_after(&mission, event).ok_or(out_of_place)?;
    Ok(Mission {
        phase,
        ..count(mission, event, at)
    })
}

/// Returns the mission that `records` of it lead to.
///
/// # Errors
/// When a record is missing, out of order, of another mission, or cannot follow.
pub fn replay(plan: Plan, records: &[Recorded]) -> Result<Mission, OutOfPlace> {
    let mut mission = Mission::new(plan);
    for record in records {
        let expected = mission.revision.saturating_add(1);
        let is_early = mission.latest.is_some_and(|latest| record.at < latest);
        if record.mission != mission.plan.id || record.sequence != expected || is_early {
            return Err(OutOfPlace {
                event: record.event.word(),
                phase: mission.phase.word(),
                revision: mission.revision,
            });
        }
        mission = apply(mission, &record.event, record.at)?;
    }
    Ok(mission)
}

/// Returns the phase after `event`, or nothing when the event cannot follow.
fn phase_after(mission: &Mission, event: &Event) -> Option<Phase> {
    let phase = &mission.phase;
    let is_current = |step: usize, id: &Id| mission.step_id(step) == Some(id);
    Some(match (phase, event) {
        (Phase::Drafted | Phase::Missing { .. }, Event::PreflightMissing { missing }) => {
            Phase::Missing {
                missing: missing.clone(),
            }
        }
        (Phase::Drafted | Phase::Missing { .. }, Event::Started) => first_attempt(0),
        (Phase::Executing { step, .. }, Event::StepDone { step: id, .. })
            if is_current(*step, id) && mission.done.len() == *step =>
        {
            // The step is done; what follows is the event right after this one.
            phase.clone()
        }
        (
            Phase::Executing { step, attempt },
            Event::AttemptFailed {
                step: id,
                attempt: failed,
                next,
                ..
            },
        ) if is_current(*step, id) && attempt == failed => match next {
            Some(at) => Phase::Retrying {
                step: *step,
                attempt: attempt.saturating_add(1),
                at: *at,
            },
            None => phase.clone(),
        },
        (
            Phase::Retrying { step, attempt, .. },
            Event::AttemptBegan {
                step: id,
                attempt: begun,
            },
        ) if is_current(*step, id) && attempt == begun => Phase::Executing {
            step: *step,
            attempt: *attempt,
        },
        (Phase::Executing { .. }, Event::StepBegan { step: id }) => {
            first_attempt(mission.next_step(id)?)
        }
        (Phase::Executing { .. }, Event::ConfirmationAsked { step: id }) => Phase::Confirming {
            step: mission.next_step(id)?,
        },
        (Phase::Confirming { step }, Event::Confirmed { step: id, .. })
            if is_current(*step, id) =>
        {
            first_attempt(*step)
        }
        (Phase::Executing { .. }, Event::PostureChanged { .. }) => phase.clone(),
        (Phase::Executing { .. } | Phase::Retrying { .. }, Event::GuardrailFailed { .. }) => {
            phase.clone()
        }
        (Phase::Executing { step, .. }, Event::Quarantined { step: id, .. })
            if is_current(*step, id) =>
        {
            Phase::Quarantined { step: id.clone() }
        }
        (Phase::Executing { .. }, Event::Completed)
            if mission.done.len() == mission.plan.steps.len() =>
        {
            Phase::Completed
        }
        _ => return phase_of_oversight(mission, event),
    })
}

/// Returns the phase after an event of blocking, resuming, undoing or withdrawing.
fn phase_of_oversight(mission: &Mission, event: &Event) -> Option<Phase> {
    let phase = &mission.phase;
    Some(match (phase, event) {
        // A mission without room for its first attempt escalates before it starts.
        (phase, Event::Escalated { why }) if phase.may_escalate() => {
            Phase::Escalated { why: why.clone() }
        }
        (Phase::Escalated { .. }, Event::Resumed { .. })
            if mission.done.len() < mission.plan.steps.len() =>
        {
            first_attempt(mission.done.len())
        }
        (phase, Event::RollbackStarted { cause }) if phase.may_roll_back() => Phase::RollingBack {
            unwinding: Unwinding::of(mission.plan.changes(mission.begun)),
            cause: cause.clone(),
            to: mission.plan.baseline?,
        },
        (
            Phase::RollingBack {
                unwinding,
                cause,
                to,
            },
            Event::Unwound { event },
        ) => Phase::RollingBack {
            unwinding: compensation::apply(unwinding.clone(), event).ok()?,
            cause: cause.clone(),
            to: *to,
        },
        (
            Phase::RollingBack {
                unwinding, to: due, ..
            },
            Event::RolledBack { to },
        ) if to == due => {
            let left = match unwinding.progress() {
                Progress::Clean => Vec::new(),
                Progress::Left(left) => left.iter().map(|left| left.effect.clone()).collect(),
                Progress::Next(_) | Progress::Blocked(_) => return None,
            };
            Phase::RolledBack { to: *to, left }
        }
        (phase, Event::Withdrawn { .. })
            if phase.may_be_withdrawn() && mission.plan.changes(mission.begun).is_empty() =>
        {
            Phase::Withdrawn
        }
        _ => return None,
    })
}

fn first_attempt(step: usize) -> Phase {
    Phase::Executing { step, attempt: 1 }
}

/// Counts what an event adds, whatever phase follows.
fn count(mut mission: Mission, event: &Event, at: Instant) -> Mission {
    mission.revision = mission.revision.saturating_add(1);
    mission.latest = Some(mission.latest.map_or(at, |latest| latest.max(at)));
    match event {
        Event::StepDone {
            outcome, driven_ms, ..
        } => {
            mission.driven_ms = mission.driven_ms.saturating_add(*driven_ms);
            for charge in &outcome.used {
                mission.meter = mission.meter.after(*charge);
            }
            mission.done.push(outcome.clone());
        }
        Event::PostureChanged { to, .. } => mission.posture = Some(*to),
        Event::AttemptFailed {
            next, driven_ms, ..
        } => {
            mission.driven_ms = mission.driven_ms.saturating_add(*driven_ms);
            let is_last = next.is_none();
            mission.failures = mission.failures.saturating_add(u32::from(is_last));
        }
        Event::Started
        | Event::AttemptBegan { .. }
        | Event::StepBegan { .. }
        | Event::Confirmed { .. }
        | Event::Resumed { .. } => {
            for charge in mission.attempt_charges() {
                mission.meter = mission.meter.after(charge);
            }
            let begun = mission.done.len().saturating_add(1);
            mission.begun = mission.begun.max(begun.min(mission.plan.steps.len()));
        }
        _ => {}
    }
    if event.is_incident() {
        mission.marks.push_back(Mark {
            sequence: mission.revision,
            word: event.word(),
        });
        if mission.marks.len() > MARKS_MAX {
            mission.marks.pop_front();
            mission.marks_dropped = mission.marks_dropped.saturating_add(1);
        }
    }
    mission
}

impl Mission {
    /// Returns the index of `id` when it is the step after those that are done.
    fn next_step(&self, id: &Id) -> Option<usize> {
        let next = self.done.len();
        (self.step_id(next) == Some(id)).then_some(next)
    }

    /// Returns a cap that finished steps have overrun.
    pub(super) fn overrun(&self) -> Option<Reached> {
        Cap::ALL.into_iter().find_map(|cap| {
            let used = self.meter.used(cap);
            let limit = self.meter.limit(cap).filter(|limit| used > *limit)?;
            Some(Reached {
                cap,
                limit,
                used,
                asked: 0,
            })
        })
    }
}
