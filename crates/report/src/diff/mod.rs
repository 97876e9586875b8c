//! Two versions of a contract, compared: as text, JSON and Markdown.

mod json;
mod markdown;
mod text;
mod wording;

pub use json::{SCHEMA, json};
pub use markdown::markdown;
pub use text::text;

#[cfg(test)]
mod tests;
