//! Open work: what a team was offered or has taken over, and has not finished.

use baton_terms::Id;

use crate::port::{Ledger, Page, StoreError};

/// Heads read at once.
const HEADS_READ: u32 = 1_000;
/// States in which a handoff is open work of its receiver.
const OPEN: [&str; 2] = ["offered", "accepted"];

/// Counts the open work of a team.
///
/// # Errors
/// When the store cannot be read.
pub fn open_work(ledger: &dyn Ledger, team: &Id) -> Result<u64, StoreError> {
    let mut open: u64 = 0;
    for state in OPEN {
        let mut page = Page {
            prefix: "handoff/".to_owned(),
            state: Some(state.to_owned()),
            turn: Some(team.to_string()),
            after: None,
            limit: HEADS_READ,
        };
        loop {
            let heads = ledger.heads(&page)?;
            let count = u64::try_from(heads.len()).unwrap_or(u64::MAX);
            open = open.saturating_add(count);
            if count < u64::from(HEADS_READ) {
                break;
            }
            page.after = heads.last().map(|head| head.stream.clone());
        }
    }
    Ok(open)
}
