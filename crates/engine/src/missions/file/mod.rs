//! Mission files (`mission/v1`): what a run of a capability is to do, on what, within which bounds.

mod model;
mod read;
mod shape;

pub use model::{
    ApprovalNeed, Charges, FlagNeed, GoalLine, InputName, Measured, MissionFile, Question,
};
pub(crate) use model::{CHECK, GATHER, MINE};
pub use read::{MISFIT, read};
pub use shape::{FORMAT, json_schema};

#[cfg(test)]
mod tests;
