//! Change points of the failure rate: when it changed, with an exact test for every one.

mod calendar;
mod day;
mod dispersion;
mod exact;
mod points;
mod scan;
mod seeds;

pub(super) use calendar::{date, day_of};
pub use day::{DAYS_MAX, Day, daily};
pub use dispersion::dispersion;
pub use points::change_points;

#[cfg(test)]
mod tests;
