//! What drives handoffs and missions: it asks the domain to decide, has the store keep the decision,
//! and performs what was decided. This crate declares what it needs of a store; it names none.
//!
//! Invariants:
//! - nothing is acknowledged before the store has kept it;
//! - a decision is kept whole (its trace entries, jobs, blobs and the answer to its request) or not at all;
//! - no store is named here: tests swap it, and only the composition root chooses one.

pub mod access;
pub mod backtest;
pub mod follow_ups;
pub mod handoff;
pub mod missions;
pub mod node;
pub mod outcomes;
pub mod past;
pub mod port;
pub mod propose;
pub mod register;
pub mod rollout;
pub mod trail;
pub mod tune;
pub mod validation;
