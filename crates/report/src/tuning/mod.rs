//! What past outcomes say of a contract's thresholds, weights and clauses, for its readers: text for
//! terminals, Markdown, JSON, and one page.

mod html;
mod model;
mod render;
mod view;

pub use html::html;
pub use model::{FORMAT, Moved, Proposed, Quality, Retirement, SCHEMA, Tuning, json};
pub use render::{markdown, text};

#[cfg(test)]
mod tests;
