//! Why work fails: from a case table to ranked causes with their uncertainty.
//!
//! Reads only [`baton_eventlog::cases::CaseTable`]; answers with the plain data of [`wire`].
//!
//! Invariants:
//! - no I/O, clock, environment or unkeyed randomness; knows no contract;
//! - counts are integers, and nothing the search decides is a float of unstated order: statistics
//!   use software logarithms in a fixed order and are rounded once, in [`wire`];
//! - any number of threads and any order of rows give the same bytes;
//! - no person, and no group under the stated size, reaches an answer.

pub mod compare;
pub mod encode;
pub mod localise;
pub mod mine;
pub mod record;
pub mod search;
pub mod statistics;
pub mod wire;
