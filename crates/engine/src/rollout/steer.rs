//! What people decide about a rollout: hold it still, let it go on, take it back. Nobody can advance one.

use baton_mission::rollout::{Command, RollbackCause};
use serde_json::json;

use super::commit::{Call, Gathered, commit};
use super::record::Outcome;
use crate::handoff::{Desk, Failure};

/// Keeps a rollout from advancing; harm still ends it.
///
/// # Errors
/// When it is not under way, the reason is empty, the actor may not, or the store fails.
pub fn freeze(desk: &Desk<'_>, call: &Call<'_>, reason: &str) -> Result<Outcome, Failure> {
    let command = Command::Freeze {
        by: call.actor.principal.clone(),
        reason: reason.to_owned(),
    };
    tell(desk, (call, "freeze", reason), &command)
}

/// Lets a frozen rollout advance again.
///
/// # Errors
/// When it is not frozen, the reason is empty, the actor may not, or the store fails.
pub fn thaw(desk: &Desk<'_>, call: &Call<'_>, reason: &str) -> Result<Outcome, Failure> {
    let command = Command::Thaw {
        by: call.actor.principal.clone(),
        reason: reason.to_owned(),
    };
    tell(desk, (call, "thaw", reason), &command)
}

/// Returns everybody to the stable version, also after promotion. Handoffs that are open keep the version they have.
///
/// # Errors
/// When there is nothing to take back, a later rollout counts, the reason is empty, the actor may not, or the store fails.
pub fn roll_back(desk: &Desk<'_>, call: &Call<'_>, reason: &str) -> Result<Outcome, Failure> {
    let command = Command::RollBack {
        cause: RollbackCause::Asked {
            by: call.actor.principal.clone(),
            reason: reason.to_owned(),
        },
    };
    tell(desk, (call, "roll-back", reason), &command)
}

fn tell(
    desk: &Desk<'_>,
    (call, word, reason): (&Call<'_>, &str, &str),
    command: &Command,
) -> Result<Outcome, Failure> {
    let content = json!({"do": word, "reason": reason});
    commit(desk, (call, Some(&content)), |record, now| {
        Gathered::of(record.rollout()?, command, now)
    })
}
