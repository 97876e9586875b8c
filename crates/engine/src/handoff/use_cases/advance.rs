//! Baton's own next step: a check after a submission, an offer once nothing stands in the way.

use baton_mission::handoff::{Ask, Phase};
use baton_terms::Instant;

use super::ask::ask;
use super::audit::{Audit, audit};
use super::check::check;
use super::offer::offer;
use crate::handoff::call::{Call, Outcome};
use crate::handoff::desk::Desk;
use crate::handoff::failure::{Failure, Waits};
use crate::handoff::reason::shortened;

/// What Baton did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advance {
    /// It took a step.
    Moved(Outcome),
    /// It waits for a team to be free, until this instant where one is known.
    Waiting {
        /// When somebody begins to work.
        until: Option<Instant>,
        /// Why nobody can receive now.
        why: String,
    },
    /// It is somebody else's turn.
    Idle,
}

/// Takes one step of a handoff where it is Baton's turn. `call` names who Baton is and the claim it works under; the step's
/// key follows from the revision it starts from.
///
/// # Errors
/// When the lifecycle refuses, or the store fails.
pub fn advance(desk: &Desk<'_>, call: &Call<'_>) -> Result<Advance, Failure> {
    let case = desk.load(&call.handoff)?;
    let revision = case.handoff().revision();
    let step = |what: &str| -> Result<Call<'_>, Failure> {
        // Under another fence it is another attempt, which may find another time or team.
        let fence = call.under.as_ref().map_or(0, |claim| claim.fence.0);
        let named = Call::own(
            call.actor,
            &call.handoff,
            &format!("{what}:{revision}:{fence}"),
        )?;
        Ok(Call {
            expects: Some(revision),
            under: call.under.clone(),
            ..named
        })
    };
    match case.handoff().phase() {
        Phase::Submitted(_) => return check(desk, &step("check")?).map(Advance::Moved),
        Phase::Checked(_) => {}
        Phase::Gated(dossier) if dossier.assignment.is_some() => {}
        _ => return Ok(Advance::Idle),
    }
    // Nobody is offered what Baton could not decide the same way again.
    if let Audit::Quarantined(outcome) = audit(desk, &step("audit")?)? {
        return Ok(Advance::Moved(outcome));
    }
    match offer(desk, &step("offer")?) {
        Ok(outcome) => Ok(Advance::Moved(outcome)),
        Err(Failure::NobodyReceives { why, helps }) => match helps {
            Waits::Until(until) => Ok(Advance::Waiting { until, why }),
            Waits::InVain => {
                let reason = shortened(&format!("nobody can receive: {why}"));
                ask(desk, &step("escalate")?, &Ask::Escalate { reason }).map(Advance::Moved)
            }
        },
        Err(failure) => Err(failure),
    }
}
