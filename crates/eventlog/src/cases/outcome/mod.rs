//! Outcomes: what expressions may read of a case, and what they say about each.

mod data;
mod evaluate;
mod scope;
#[cfg(test)]
mod tests;

pub use evaluate::{Outcomes, Verdict, decide};
pub use scope::scope;
