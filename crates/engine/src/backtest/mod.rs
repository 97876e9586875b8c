//! Two versions of a contract held against past packages: which verdicts flip, which failures the new
//! one would have caught, and which good work it would have held up.
//!
//! [`Packages`] says what is held against them: the handovers of a log ([`OfLog`]), what a store
//! recorded ([`OfStore`]), or any other list. [`backtest`] is a function of its arguments: any number of
//! threads gives the same bytes.

mod assemble;
mod codes;
mod hold;
mod of_log;
mod of_store;
mod packages;
mod tally;

pub use assemble::{Asked, FLIPS_DEFAULT, FLIPS_MAX, backtest};
pub use codes::{NO_PACKAGES, OTHER_NAME};
pub use of_log::OfLog;
pub use of_store::{OUTCOME_OF_HANDOFFS, OfStore};
pub use packages::{Given, Later, Packages, Subject};
pub(crate) use packages::{How, assessed};

#[cfg(test)]
pub(crate) mod tests;
