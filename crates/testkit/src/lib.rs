//! What tests share: a store in memory, which is at once the oracle that real stores are compared with.
//!
//! Invariants:
//! - production code never uses this crate;
//! - nothing here reads a clock or randomness: a run repeats exactly from its seed.

pub mod store;
