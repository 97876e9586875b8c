//! Chains of contracts: whether what one hands over is what the next accepts, as text and JSON.

mod json;
mod text;

pub use json::{SCHEMA, json};
pub use text::text;

#[cfg(test)]
mod tests;
