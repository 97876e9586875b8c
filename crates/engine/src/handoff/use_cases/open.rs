//! Opening a handoff.

use baton_mission::handoff::Ask;
use baton_mission::names::HandoffId;

use crate::handoff::call::{Call, Outcome};
use crate::handoff::commit::{Gathered, commit};
use crate::handoff::desk::Desk;
use crate::handoff::failure::Failure;
use crate::handoff::shelf::ContractForm;
use crate::port::Blob;
use crate::rollout::assign;

/// What a handoff is opened with.
#[derive(Debug, Clone)]
pub struct Opening<'a> {
    /// The work item handed over.
    pub work_item: String,
    /// The contract, until a package is submitted under another version of it.
    pub contract: &'a ContractForm,
    /// An earlier handoff that this one takes up again.
    pub reopens: Option<HandoffId>,
}

/// Opens a handoff. Where a rollout of its contract has a say, the rollout chooses the version, for as long as the handoff lasts.
///
/// # Errors
/// When the contract cannot be used, the lifecycle refuses, or the store fails.
pub fn open(desk: &Desk<'_>, call: &Call<'_>, opening: &Opening<'_>) -> Result<Outcome, Failure> {
    commit(desk, call, |case, _| {
        // An opening that is repeated is answered as it was first, whatever a rollout says now.
        let assigned = if case.exists() {
            None
        } else {
            Some(assign(desk, call, (&opening.work_item, opening.contract))?)
        };
        let given = desk.shelf.given(opening.contract)?;
        let ask = Ask::Open {
            work_item: opening.work_item.clone(),
            contract: given.terms.pin().name.clone(),
            reopens: opening.reopens.clone(),
        };
        let mut gathered = Gathered::plain(ask, given);
        if let Some(assigned) = assigned {
            gathered.pinned = assigned.pinned;
            gathered.assignment = assigned.assignment;
            gathered.place = assigned.place;
        }
        gathered.blobs.push(contract(&gathered.pinned.form));
        Ok(gathered)
    })
}

/// Returns a contract as a document.
pub(super) fn contract(form: &ContractForm) -> Blob {
    Blob {
        digest: form.digest(),
        bytes: form.bytes().to_vec(),
    }
}
