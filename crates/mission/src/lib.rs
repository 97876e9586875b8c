//! Missions and handoffs as state machines: decisions are pure functions of a state, a command and
//! facts; a state is the fold of its events.
//!
//! Invariants:
//! - no I/O, clock, environment, randomness or async runtime: time, ids and facts are arguments;
//! - no float;
//! - one transition function per state machine, and recovery is replay through it;
//! - nothing is approved by waiting: expiry rejects, escalates or rolls back.

pub mod authority;
pub mod budget;
pub mod clock;
pub mod compensation;
pub mod course;
pub mod handoff;
pub mod names;
pub mod retry;
pub mod rollout;
pub mod routing;
pub mod run;
