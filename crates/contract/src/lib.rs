//! The handoff contract: its language, its checks and its comparisons.
//!
//! A contract file is read into a spanned tree ([`syntax`]), checked against its declared [`shape`],
//! and read into a [`model`].
//!
//! Invariants:
//! - no I/O: files beside a contract arrive as text;
//! - a contract is untrusted input: reading one is bounded in time, memory and depth;
//! - problems are values, all of them reported in one run;
//! - no clock, environment, randomness or async runtime.

pub mod calendar;
pub mod compose;
pub mod diff;
pub mod document;
pub mod lint;
pub mod model;
pub mod schema;
pub mod scope;

pub use baton_document::{shape, syntax};

pub use baton_expression as expression;
