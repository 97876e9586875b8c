//! The handover map to read: text, JSON, a drawing, and draft contracts for its worst edges.

mod drafts;
mod json;
mod layout;
mod shown;
mod svg;
#[cfg(test)]
mod tests;
mod text;

pub use drafts::{Draft, drafts};
pub use json::json;
pub use svg::{svg, svg_document};
pub use text::text;
