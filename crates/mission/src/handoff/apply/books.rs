//! What is kept beside the phase: timers, attempts, effects, waivers, whose turn it was.

use crate::clock::{Holder, Pass};
use crate::handoff::limits::INCIDENT_ENTRIES_MAX;
use crate::handoff::state::Handoff;
use crate::handoff::wire::{Change, Event, IncidentEntry, Step, Timer, TimerKind};

/// Notes what an incident may have to name.
pub(super) fn note(handoff: &mut Handoff, event: &Event) {
    let is_telling = !matches!(
        event.change,
        Change::TimerSet { .. }
            | Change::TimerCleared { .. }
            | Change::FollowUpQueued { .. }
            | Change::Noticed { .. }
    );
    if is_telling {
        handoff.entries.push(IncidentEntry {
            revision: event.revision,
            change: event.change.word().to_owned(),
        });
        if handoff.entries.len() > INCIDENT_ENTRIES_MAX {
            handoff.entries.remove(0);
        }
    }
}

/// Timers, attempts, effects and waivers.
pub(super) fn keep(handoff: &mut Handoff, event: &Event) {
    match &event.change {
        Change::TimerSet { timer } => {
            if let Some(counted) = &timer.counted_in {
                handoff.pins.record(&counted.calendar, &counted.tzdb);
            }
            handoff.timers.push(timer.clone());
        }
        Change::TimerCleared { number } => handoff.timers.retain(|timer| timer.number != *number),
        Change::TimerFired { number } => {
            let is_it = |timer: &Timer| timer.number == *number;
            if let Some(at) = handoff.timers.iter().position(is_it) {
                match handoff.timers.remove(at).kind {
                    TimerKind::Retry { step } => {
                        handoff.retries.remove(&step);
                    }
                    kind => {
                        handoff.lapsed.insert(kind);
                    }
                }
            }
        }
        Change::AttemptFailed {
            step,
            attempt,
            next,
            ..
        } => {
            handoff.attempts.insert(*step, *attempt);
            handoff.failures = handoff.failures.saturating_add(1);
            handoff.retries.remove(step);
            handoff.retries.extend(next.map(|next| (*step, next)));
        }
        Change::AttemptDone { step, effect } => {
            handoff.attempts.remove(step);
            handoff.retries.remove(step);
            handoff.effects.extend(effect.clone());
        }
        Change::Unwound { .. } => {
            handoff.attempts.remove(&Step::Compensation);
            handoff.retries.remove(&Step::Compensation);
        }
        Change::Waived { waiver } => handoff.waivers.push(waiver.clone()),
        Change::Submitted { .. } | Change::RolledBack { .. } => reset_attempts(handoff),
        Change::Resumed { .. } => {
            reset_attempts(handoff);
            handoff.lapsed.clear();
            handoff.clocks_from = Some(event.at);
        }
        _ => {}
    }
}

fn reset_attempts(handoff: &mut Handoff) {
    handoff.attempts.clear();
    handoff.retries.clear();
    handoff.failures = 0;
}

/// What follows from a move: the ball passes, and the ladder starts anew.
pub(super) fn moved(handoff: &mut Handoff, event: &Event) {
    handoff.moved_at = Some(event.at);
    handoff.lapsed.retain(|kind| {
        !matches!(
            kind,
            TimerKind::Rung { .. } | TimerKind::Acknowledge | TimerKind::Gate { .. }
        )
    });
    let holder = handoff.phase.holder();
    let last = handoff
        .passes
        .last()
        .map_or(Holder::Neither, |pass| pass.to);
    if holder != last {
        handoff.passes.push(Pass {
            at: event.at,
            to: holder,
        });
    }
}
