//! What changed between two stretches of time: when the failure rate changed, how much of it is mix
//! and how much is rate, and which causes appeared, grew, shrank or vanished.

mod change;

pub use change::{DAYS_MAX, Day, change_points, daily, dispersion};
