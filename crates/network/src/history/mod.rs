//! What a log says about teams at work: visits of cases, weeks, and who may be named.

mod visit;
mod weeks;

#[cfg(test)]
pub(crate) mod tests;

pub use visit::{Exit, History, Visit};
pub use weeks::{HOUR, Stretch, WEEK, hour_of_week, week};
