//! The check: a contract compiled once, and any number of packages held against it.

mod built_in;
mod clause;
mod compile;
mod gates;
mod order;
mod read_set;
mod score;
mod waive;

pub use compile::CheckedContract;
pub use score::{Assessment, Inputs};
