//! Scoring: a package and a contract in, a scorecard with its explanation out.
//!
//! A [`CheckedContract`] is compiled once and checks any number of packages.
//! The normative pages are `docs/spec/scoring.md` and `docs/spec/package.md`.
//!
//! Invariants:
//! - no I/O, clock, environment, randomness or async runtime: artifacts, keys and time are arguments;
//! - no float reaches a value, score, risk, posture or digest;
//! - unknown never passes: what can't be evaluated counts as not met;
//! - the order of clauses, dimensions, gates and object keys in a file never reaches a scorecard.

pub mod arithmetic;
pub mod attest;
pub mod check;
pub mod codes;
pub mod decision;
pub mod evidence;
pub mod explain;
pub mod facts;
mod fields;
pub mod package;
pub mod schemas;
pub mod waivers;

pub mod wire;

pub use check::{Assessment, CheckedContract, Inputs};
