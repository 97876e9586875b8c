//! The history of work: events of cases, the map of handovers between parties, and the table of
//! cases with features and outcomes that causes are mined from.
//!
//! Importers turn an export of a tracker into a [`model::Log`]; everything else reads only that.
//!
//! Invariants:
//! - no I/O: importers take a reader and open nothing; no clock, environment or randomness;
//! - knows no contract and no statistics;
//! - the same rows in any order give the same log;
//! - no row is dropped silently: what is refused is counted and explained.

pub mod blameless;
pub mod cases;
pub mod export;
pub mod formats;
pub mod guess;
pub mod handover;
pub mod import;
pub mod mapping;
pub mod model;
