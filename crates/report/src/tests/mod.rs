//! Reports of contract tests, `contract-test-report/v1`, for readers and for continuous integration.

mod json;
mod junit;
mod text;

pub use json::{SCHEMA, json};
pub use junit::junit;
pub use text::text;
