//! Lint: what is wrong or unwise in a contract, beyond how it is written.
//!
//! One rule is one file under [`rules`], with its tests beside it and a page under `docs/errors/`.

mod apply;
pub mod rules;
mod scan;
mod subject;
mod time_span;

pub use apply::{Lint, lint};
pub use subject::{Rule, Subject};
