//! Scenarios (`scenario/v1`): what would be otherwise, in a file people write.

mod plan;
mod read;
mod shape;

#[cfg(test)]
mod tests;

pub use plan::{Approval, Capacity, MoreOrLess, Plan, Retries, TeamPlan};
pub use read::{Known, read};
pub use shape::{FORMAT, json_schema};
