//! What tests share: a store in memory, which is at once the oracle that real stores are compared with; a store and a courier that fail from a seed; a checker of what is left of a run; and a server for the real stores.
//!
//! Invariants:
//! - production code never uses this crate;
//! - nothing here reads a clock or randomness: a run repeats exactly from its seed.

pub mod check;
pub mod clock;
pub mod courier;
pub mod organization;
pub mod postgres;
#[cfg(unix)]
pub mod proxy;
pub mod seed;
pub mod simulation;
pub mod store;
