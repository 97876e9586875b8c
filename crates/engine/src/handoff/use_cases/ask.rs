//! Everything that needs no more than the pinned contract to be decided: approvals, verdicts, waivers, oversight.

use baton_mission::handoff::Ask;

use crate::handoff::call::{Call, Outcome};
use crate::handoff::commit::{Gathered, commit};
use crate::handoff::desk::Desk;
use crate::handoff::failure::Failure;

/// Asks something of a handoff under the contract it holds to.
///
/// # Errors
/// When the lifecycle refuses, or the store fails.
pub fn ask(desk: &Desk<'_>, call: &Call<'_>, ask: &Ask) -> Result<Outcome, Failure> {
    commit(desk, call, |case, _| {
        let pinned = desk.contract_of(case)?;
        Ok(Gathered::plain(ask.clone(), pinned))
    })
}
