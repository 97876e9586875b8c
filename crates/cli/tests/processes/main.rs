//! Real processes on real stores: killed at any moment, stopped for longer than their lease, several at once.
//!
//! What was answered is there afterwards, and what was asked under one key was done once.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "tests write the files they are about and stop at the first surprise"
)]
#![cfg(unix)]

mod deliveries;
mod killed;
mod missions;
mod nodes;
mod rolling;
mod world;
