//! The explanation of a scorecard: why this posture, the shortest path to ready, what changed.

mod changes;
mod path;
mod shortest;
#[cfg(test)]
mod tests;
mod why;

pub use changes::{Changes, FindingChange, InputChange, changes};
pub use path::{Fix, Obstacle, Path, shortest_path};
pub use why::{RuleCheck, why};
