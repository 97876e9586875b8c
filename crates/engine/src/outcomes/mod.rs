//! Where outcomes stand: what contracts declare, held against what their handoffs did, as a store recorded it.
//!
//! Every stream is read once, in the order of names, and nothing of it is kept but counts: memory depends on contracts, weeks and
//! distinct values, which have limits, and not on the number of handoffs. Nothing reads a clock: the answer is that of an instant
//! that is given. The normative page is `docs/spec/outcomes.md`.

pub mod codes;
mod failure;
mod followed;
mod interval;
mod levels;
pub mod limits;
mod measure;
mod missions;
mod sample;
mod standing;
mod survey;
mod tally;
mod weeks;

pub use failure::OutcomesFailure;
pub use measure::{Asked, outcomes};
