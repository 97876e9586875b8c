//! Deciding a recorded command again: what comes out must be what was recorded, byte for byte.

use baton_contract::calendar::tzdb_version;
use baton_evidence::canonical;
use baton_terms::{Code, Digest};

use super::decide::{Facts, decide};
use super::refusal::{Refusal, codes};
use super::state::Handoff;
use super::wire::{Change, Command, Divergence, Event, Timer};
use crate::clock::ClockError;

/// Why a recorded decision does not come out again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotRepeated {
    /// Instants were counted with another time zone database; no other answer is compared.
    #[error(transparent)]
    OtherTimeZones(#[from] ClockError),
    /// The command is refused now.
    #[error("decide again what was recorded: {0}")]
    Refused(Refusal),
    /// Other events come out: the handoff is to be quarantined with these digests.
    #[error("decide again what was recorded: `{}` was recorded, `{}` comes out", .0.recorded, .0.replayed)]
    Diverged(Divergence),
}

impl NotRepeated {
    /// Returns the code whose page explains it.
    pub fn code(&self) -> Code {
        match self {
            Self::OtherTimeZones(error) => error.code(),
            Self::Refused(refusal) => refusal.code(),
            Self::Diverged(_) => codes::MISFIT,
        }
    }
}

/// Decides a command again, on the handoff as it was before it, and compares with what was recorded.
///
/// # Errors
/// When something else comes out, or the program's time zone database is not the recorded one.
pub fn decide_again(
    handoff: &Handoff,
    command: &Command,
    (facts, recorded): (&Facts<'_>, &[Event]),
) -> Result<(), NotRepeated> {
    handoff.pins().are_current()?;
    let again = decide(handoff, command, facts).map_err(NotRepeated::Refused)?;
    same_time_zones(recorded, &again)?;
    if again == recorded {
        return Ok(());
    }
    Err(NotRepeated::Diverged(Divergence {
        recorded: digest(recorded),
        replayed: digest(&again),
    }))
}

/// Every instant that is counted in a calendar now was recorded with the same database.
fn same_time_zones(recorded: &[Event], again: &[Event]) -> Result<(), ClockError> {
    let timers = |events| -> Vec<&Timer> { set_timers(events).collect() };
    let recorded = timers(recorded);
    for counted in timers(again) {
        let Some(now) = &counted.counted_in else {
            continue;
        };
        let then = recorded.iter().find(|timer| timer.kind == counted.kind);
        let then = then.map(|timer| timer.counted_in.as_ref());
        let then = then.map(|counted| counted.map_or("", |counted| counted.tzdb.as_str()));
        if let Some(then) = then.filter(|then| *then != tzdb_version()) {
            return Err(ClockError::TzdbChanged {
                calendar: now.calendar.to_string(),
                recorded: then.to_owned(),
                bundled: tzdb_version().to_owned(),
            });
        }
    }
    Ok(())
}

fn set_timers(events: &[Event]) -> impl Iterator<Item = &Timer> {
    events.iter().filter_map(|event| match &event.change {
        Change::TimerSet { timer } => Some(timer),
        _ => None,
    })
}

fn digest(events: &[Event]) -> Digest {
    match canonical::of(&events) {
        Ok(bytes) => Digest::of(&bytes),
        // Only an integer beyond 2^53 has no canonical form.
        Err(_) => Digest::of(format!("{events:?}").as_bytes()),
    }
}
