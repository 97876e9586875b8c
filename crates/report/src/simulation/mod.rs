//! A simulation for its readers: one HTML page, text for terminals, and JSON.
//!
//! What is said is decided once, in `view`; each rendering only draws it.

mod html;
mod json;
mod text;
mod view;

pub use html::html;
pub use json::{SCHEMA, json};
pub use text::text;

#[cfg(test)]
mod tests;
