//! Tasks left over from a handoff.

use baton_mission::handoff::{Change, FollowUp};
use baton_mission::names::HandoffId;

use crate::handoff::desk::Desk;
use crate::handoff::effects::stream_of;
use crate::handoff::entry::{self, Read};
use crate::handoff::failure::Failure;
use crate::trail::Trail;

/// Returns the tasks that a handoff left over, in the order they were queued; one that was queued again counts as it was last.
///
/// # Errors
/// When there is no such handoff, or the store fails.
pub fn follow_ups(desk: &Desk<'_>, handoff: &HandoffId) -> Result<Vec<FollowUp>, Failure> {
    let stream = stream_of(handoff)?;
    let mut found: Vec<FollowUp> = Vec::new();
    let mut trail = Trail::default();
    trail.read_on::<Failure>(desk.store(), &stream, |entry| {
        let Some(Read::Event(event)) = entry::read(&entry) else {
            return Ok(());
        };
        if let Change::FollowUpQueued { follow_up } = event.change {
            match found.iter_mut().find(|known| known.id == follow_up.id) {
                Some(known) => *known = follow_up,
                None => found.push(follow_up),
            }
        }
        Ok(())
    })?;
    if trail.entries() == 0 {
        let handoff = handoff.to_string();
        return Err(Failure::NoSuchHandoff { handoff });
    }
    Ok(found)
}
