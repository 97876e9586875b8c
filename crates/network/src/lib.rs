//! The handoff network as queues: what would wait how long if work, capacity, hours or rules were others.
//!
//! [`events`] moves cases through stations in virtual time and knows no log. [`history`] reads visits of
//! teams out of a log, [`fit`] makes a model of them, [`play`] plays held-out weeks many times over and
//! holds them against what happened, and [`scenario`] changes the model. [`wire`] is the answer.
//!
//! Invariants:
//! - no I/O, clock or environment; chance comes from a seed, and the number at a place depends on nothing before it;
//! - virtual time is whole seconds: no float orders two events;
//! - the same bytes for any number of threads;
//! - knows no contract, and names no person and no small group.

pub mod chance;
pub mod codes;
pub mod events;
pub mod fit;
pub mod history;
pub mod limits;
pub mod play;
pub mod scenario;
pub mod simulate;
pub mod wire;
