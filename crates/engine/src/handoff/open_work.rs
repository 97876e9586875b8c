//! Open work: what a team was offered or has taken over, and has not finished.

use baton_terms::Id;

use crate::port::{Ledger, Page, StoreError, each_head};

/// States in which a handoff is open work of its receiver.
const OPEN: [&str; 2] = ["offered", "accepted"];

/// Counts the open work of a team.
///
/// # Errors
/// When the store cannot be read.
pub fn open_work(ledger: &dyn Ledger, team: &Id) -> Result<u64, StoreError> {
    let mut open: u64 = 0;
    for state in OPEN {
        let page = Page {
            state: Some(state.to_owned()),
            turn: Some(team.to_string()),
            ..Page::under("handoff/")
        };
        each_head::<StoreError>(ledger, page, |_| {
            open = open.saturating_add(1);
            Ok(())
        })?;
    }
    Ok(open)
}
