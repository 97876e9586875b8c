//! Handoffs in use: each use case reads the stream, has the lifecycle decide, and keeps the decision whole.
//!
//! The one way to a state is the lifecycle's `apply`, and the one way to the store is the commit loop. A use case adds only the facts
//! its question needs: the package that was sent, the check that was made, the receiver that was chosen.

mod call;
mod case;
mod commit;
mod desk;
mod effects;
pub(crate) mod entry;
mod failure;
mod numbered;
mod open_work;
mod reason;
mod roster;
mod shelf;
mod slot;
mod turns;
mod use_cases;

pub use call::{Call, Outcome, engine};
pub use case::Case;
pub use commit::TRIES_MAX;
pub use desk::Desk;
pub use effects::{MESSAGE_FORMAT, stream_of};
pub(crate) use effects::{Parcel, Task};
pub(crate) use entry::{Beside, Read};
pub use failure::{Failure, Waits, codes};
pub(crate) use numbered::Tip;
pub use open_work::open_work;
pub(crate) use reason::shortened;
pub use roster::{Roster, Team};
pub use shelf::{ContractForm, Pinned};
pub use use_cases::{
    Advance, Attempt, Audit, ClockView, GateView, Opening, RECEIPT_NOT_IN_TRACE, Receipts, Sending,
    TimelineEntry, Turn, VerifiedReceipt, View, advance, ask, audit, check, fire, list, offer,
    open, receipts, report, show, statement, submit, verify_receipt,
};
