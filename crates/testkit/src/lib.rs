//! What tests share: a store in memory, which is at once the oracle that real stores are compared with, and a server for the real ones.
//!
//! Invariants:
//! - production code never uses this crate;
//! - nothing here reads a clock or randomness: a run repeats exactly from its seed.

pub mod clock;
pub mod organization;
pub mod postgres;
pub mod store;
