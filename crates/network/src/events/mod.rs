//! Cases moving through stations in virtual time, by discrete events.
//!
//! The engine knows stations, servers, doors and queues. What arrives, how long it stays and where it
//! goes is asked of a [`World`], so a fitted log and a textbook queue run through the same code.

mod run;
mod world;

#[cfg(test)]
mod tests;

pub use run::{Totals, run};
pub use world::{Arrival, Case, Next, Phase, Station, Stay, World};
