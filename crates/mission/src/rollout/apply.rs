//! What a rollout is after an event: the one transition function, and recovery is replay through it.

use baton_terms::Instant;

use super::plan::Plan;
use super::state::{Phase, Rollout, Stay};
use super::wire::{Event, Recorded};

/// An event that cannot follow, as in a record that was cut, reordered or belongs to another rollout.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("apply event `{event}` to a rollout that is `{phase}` after {revision} events")]
pub struct OutOfPlace {
    event: &'static str,
    phase: &'static str,
    revision: u64,
}

/// Returns the rollout after `event` at `at`.
///
/// # Errors
/// When the event cannot follow.
pub fn apply(rollout: Rollout, event: &Event, at: Instant) -> Result<Rollout, OutOfPlace> {
    let is_early = rollout.latest.is_some_and(|latest| at < latest);
    let phase = phase_after(&rollout, event, at).filter(|_| !is_early);
    let Some(phase) = phase else {
        return Err(out_of_place(&rollout, event));
    };
    Ok(Rollout {
        phase,
        held: match event {
            Event::Held { holds, .. } => holds.clone(),
            _ => Vec::new(),
        },
        revision: rollout.revision.saturating_add(1),
        latest: Some(at),
        plan: rollout.plan,
    })
}

/// Returns the rollout that `records` of it lead to.
///
/// # Errors
/// When a record is missing, out of order, of another rollout, or cannot follow.
pub fn replay(plan: Plan, records: &[Recorded]) -> Result<Rollout, OutOfPlace> {
    let mut rollout = Rollout::new(plan);
    for record in records {
        let is_next = record.sequence == rollout.revision.saturating_add(1);
        if record.rollout != rollout.plan.id || !is_next {
            return Err(out_of_place(&rollout, &record.event));
        }
        rollout = apply(rollout, &record.event, record.at)?;
    }
    Ok(rollout)
}

fn out_of_place(rollout: &Rollout, event: &Event) -> OutOfPlace {
    OutOfPlace {
        event: event.word(),
        phase: rollout.phase.word(),
        revision: rollout.revision,
    }
}

/// Returns the phase after `event`, or nothing when the event cannot follow.
fn phase_after(rollout: &Rollout, event: &Event, at: Instant) -> Option<Phase> {
    let is_last = |stage: usize| stage.saturating_add(1) == rollout.plan.stages.len();
    let enter = |stage: usize, since: Instant| {
        Phase::Running(Stay {
            stage,
            since,
            entered: at,
        })
    };
    Some(match (&rollout.phase, event) {
        // A plan whose only stage is full has nothing to prove itself in: it is never started.
        (Phase::Drafted, Event::Started { .. }) if !is_last(0) => enter(0, at),
        (Phase::Running(stay), Event::Advanced { to, shown, .. })
            if *to == stay.stage.saturating_add(1) && !is_last(*to) && *shown <= at =>
        {
            enter(*to, *shown)
        }
        (Phase::Running(stay), Event::Promoted { shown, .. })
            if is_last(stay.stage.saturating_add(1)) && *shown <= at =>
        {
            Phase::Promoted
        }
        (Phase::Running(_) | Phase::Frozen { .. }, Event::Held { .. }) => rollout.phase.clone(),
        (Phase::Running(_) | Phase::Frozen { .. }, Event::RolledBack { cause, .. }) => {
            Phase::RolledBack {
                cause: cause.clone(),
            }
        }
        // What is in force for everybody can still be taken back, by somebody or by what went wrong.
        (Phase::Promoted, Event::RolledBack { cause, .. }) => Phase::RolledBack {
            cause: cause.clone(),
        },
        (Phase::Running(stay), Event::Frozen { reason, .. }) => Phase::Frozen {
            stay: *stay,
            reason: reason.clone(),
        },
        (Phase::Frozen { stay, .. }, Event::Thawed { .. }) => Phase::Running(*stay),
        _ => return None,
    })
}
