//! Playing the held-out weeks: once per replication, from the real backlog, with or without a scenario.

mod arrive;
mod network;
mod observe;

#[cfg(test)]
mod tests;

pub use observe::{Asked, Outcome, happened, replicate};
