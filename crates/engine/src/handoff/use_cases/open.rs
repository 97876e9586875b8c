//! Opening a handoff.

use baton_mission::handoff::Ask;
use baton_mission::names::HandoffId;

use crate::handoff::call::{Call, Outcome};
use crate::handoff::commit::{Gathered, commit};
use crate::handoff::desk::Desk;
use crate::handoff::failure::Failure;
use crate::handoff::shelf::ContractForm;
use crate::port::Blob;

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

/// Opens a handoff.
///
/// # Errors
/// When the contract cannot be used, the lifecycle refuses, or the store fails.
pub fn open(desk: &Desk<'_>, call: &Call<'_>, opening: &Opening<'_>) -> Result<Outcome, Failure> {
    let pinned = desk.shelf.given(opening.contract)?;
    commit(desk, call, |_, _| {
        let ask = Ask::Open {
            work_item: opening.work_item.clone(),
            contract: pinned.terms.pin().name.clone(),
            reopens: opening.reopens.clone(),
        };
        let mut gathered = Gathered::plain(ask, pinned.clone());
        gathered.blobs.push(contract(opening.contract));
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
