//! A model fitted to the weeks before a cut: how much arrives when, how long each team lets work wait
//! and works on it, where it goes then, and how much each team was seen to carry.
//!
//! Distributions are the observed ones, in named bins; no family of curves is forced on them.

mod arrivals;
mod capacity;
mod fitted;
mod opening;
mod pools;
mod spread;
mod trend;
mod warm_up;

#[cfg(test)]
mod tests;

pub use arrivals::{Arrivals, poisson};
pub use capacity::Seen;
pub use fitted::{Fitted, Split, Underway};
pub use opening::Opening;
pub use pools::{Drawn, Period, Pools, Situation};
pub use spread::{Spread, interval, nearest_rank};
pub use trend::{Trend, trend};
pub use warm_up::warm_up;
