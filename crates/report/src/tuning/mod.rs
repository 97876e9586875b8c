//! What past outcomes say of a contract's thresholds, weights and clauses, for its readers: text for
//! terminals, Markdown, and JSON.

mod model;
mod render;

pub use model::{FORMAT, Moved, Proposed, Quality, Retirement, SCHEMA, Tuning, json};
pub use render::{markdown, text};

#[cfg(test)]
mod tests;
