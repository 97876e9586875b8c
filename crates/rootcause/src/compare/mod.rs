//! What changed between two stretches of time: when the failure rate changed, how much of it is mix
//! and how much is rate, and which causes appeared, grew, shrank or vanished.

mod change;
mod comparison;
mod counting;
mod interaction;
mod reports;
mod settle;
mod windows;

pub use change::{DAYS_MAX, Day, change_points, daily, dispersion};
pub use comparison::{Became, CauseChange, Comparison, Size, Split, SplitGroup, Window};
pub use interaction::unequal_odds;
pub use reports::compare_reports;
pub use windows::{Range, compare_windows};

#[cfg(test)]
mod tests;
