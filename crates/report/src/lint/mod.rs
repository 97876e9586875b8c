//! Diagnostics for readers: underlined text, JSON and SARIF.

mod json;
mod problems;
mod sarif;
mod text;
mod window;

pub use json::{SCHEMA, json};
pub use problems::Problems;
pub use sarif::sarif;
pub use text::{Appearance, text};
