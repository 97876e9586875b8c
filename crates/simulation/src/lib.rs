//! Suites that prove a contract: its examples, its adapters, scenarios under named conditions, and
//! golden scorecards.
//!
//! [`sample`] makes up an organization to try all of it on. The normative page is `docs/spec/suites.md`.
//!
//! Invariants:
//! - no I/O: files are read and dropped through the port [`suites::Files`];
//! - no clock, environment, randomness or async runtime: scenarios are numbered, and samples drawn from a seed;
//! - a case that can't be carried out has failed, never passed or been skipped.

pub mod conditions;
pub mod sample;
pub mod suites;
