//! Clauses proposed from the causes of failure, for their readers: text for terminals, Markdown, and
//! JSON.

mod model;
mod render;

pub use crate::mining::in_words;
pub use model::{Candidate, Evidence, FORMAT, Proposals, Refused, SCHEMA, json};
pub use render::{markdown, text};

#[cfg(test)]
mod tests;
