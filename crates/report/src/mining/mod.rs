//! Mining reports for their readers: one HTML page, Markdown, text for terminals, and JSON.
//!
//! What is said is decided once, in `view` and the sentences it is made of; each rendering only
//! draws it. Words follow the strength of the evidence and never claim more than was found.

mod beside;
mod cause;
pub(crate) mod conditions;
mod facts;
mod html;
mod json;
mod markdown;
mod model;
pub(crate) mod numbers;
mod quality;
mod text;
mod view;
mod words_of;

/// What mining adds to the shared style sheet.
pub(crate) const STYLE: &str = include_str!("html/mining.css");

pub use conditions::line as in_words;
pub use html::html;
pub(crate) use html::raised;
pub use json::{SCHEMA, json};
pub use markdown::markdown;
pub use model::Model;
pub use text::text;
