//! What can be asked of handoffs, one file per kind of question.

mod advance;
mod ask;
mod audit;
mod check;
mod list;
mod offer;
mod open;
mod receipt;
mod show;
mod submit;
mod timer;

pub use advance::{Advance, advance};
pub use ask::ask;
pub use audit::{Audit, audit};
pub use check::check;
pub use list::{Turn, list};
pub use offer::offer;
pub use open::{Opening, open};
pub use receipt::{
    RECEIPT_NOT_IN_TRACE, Receipts, VerifiedReceipt, receipts, statement, verify_receipt,
};
pub use show::{ClockView, GateView, TimelineEntry, View, show};
pub use submit::{Sending, submit};
pub use timer::{Attempt, fire, report};
