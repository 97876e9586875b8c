//! `apply`: one event onto a state. Recovery is the fold of this function over the recorded events;
//! there is no second way to a state.

use baton_terms::Code;

use super::{books, phase};
use crate::handoff::refusal::codes;
use crate::handoff::state::{Answer, Handoff, StateName};
use crate::handoff::wire::{Change, Event};
use crate::names::Revision;

/// An event that does not follow from the state: the record is not one this program wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "apply the event `{change}` at revision {revision} to a handoff that is {state} at {found}"
)]
pub struct Misfit {
    /// State it was applied to.
    pub state: StateName,
    /// The change.
    pub change: &'static str,
    /// Revision the event leads to.
    pub revision: Revision,
    /// Revision of the handoff.
    pub found: Revision,
}

impl Misfit {
    /// Returns the code whose page explains it.
    pub fn code(&self) -> Code {
        codes::MISFIT
    }
}

/// Returns the state that events lead to.
///
/// # Errors
/// When one of them does not follow from those before it.
pub fn replay<'e>(events: impl IntoIterator<Item = &'e Event>) -> Result<Handoff, Misfit> {
    events.into_iter().try_fold(Handoff::default(), apply)
}

/// Returns the state after an event.
///
/// # Errors
/// When the event does not follow from the state: another handoff, a revision out of order, an
/// earlier time, or a change the state does not know.
pub fn apply(mut handoff: Handoff, event: &Event) -> Result<Handoff, Misfit> {
    let misfit = Misfit {
        state: handoff.state(),
        change: event.change.word(),
        revision: event.revision,
        found: handoff.revision,
    };
    let is_next = event.revision == handoff.revision.next()
        && handoff.id.as_ref().is_none_or(|id| *id == event.handoff)
        && handoff.last_at.is_none_or(|last| last <= event.at);
    if !is_next {
        return Err(misfit);
    }
    let before = handoff.state();
    let phase = std::mem::take(&mut handoff.phase);
    let Some(phase) = phase::next_phase(phase, &handoff, event) else {
        return Err(misfit);
    };
    handoff.phase = phase;
    handoff.id = Some(event.handoff.clone());
    handoff.revision = event.revision;
    handoff.last_at = Some(event.at);
    let answer = Answer {
        request: event.request,
        revision: event.revision,
    };
    let keys = handoff.answers.entry(event.by.principal.clone());
    keys.or_default().insert(event.key.clone(), answer);
    books::note(&mut handoff, event);
    books::keep(&mut handoff, event);
    if handoff.state() != before || matches!(event.change, Change::Reassigned { .. }) {
        books::moved(&mut handoff, event);
    }
    Ok(handoff)
}
