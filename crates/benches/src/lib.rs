//! Measurements of Baton beside peers: how they are timed, and the documents they run on.
//!
//! The programs are the `[[bench]]` targets of this crate; contract, schema and peers in other
//! languages lie in `benches/`, results in `benches/RESULTS.md`.
//!
//! Invariants:
//! - nothing here is used by Baton itself, and no test depends on how long anything takes;
//! - what is compared is timed alternately in one run, so that a slow moment falls on all of it;
//! - documents come from a seed, so every run and every peer sees the same bytes.

pub mod cases;
mod peer;
pub mod planted;
mod race;
pub mod random;
pub mod sample;

pub use peer::{Peer, PeerError};
pub use race::{Race, Unit};
