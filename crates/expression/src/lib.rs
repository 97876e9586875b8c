//! Baton's one expression language: the Common Expression Language (CEL, cel-spec) without floats,
//! clocks or I/O, type-checked against declared data and evaluated in place on parsed JSON.
//!
//! The way of an expression: `lexer` → `parse` (syntax tree) → `check` (types, all diagnostics) →
//! `program` (typed access paths, folded constants, compiled regexes) → `evaluate` or `explain`.
//! The normative page is `docs/spec/expressions.md`.
//!
//! Invariants:
//! - no input of any size or shape makes a stage panic, overflow the stack or run without a bound;
//! - no clock, no I/O, no randomness, no floating-point arithmetic;
//! - evaluation never converts the document, and never changes it.

mod ast;
mod bindings;
mod check;
mod codes;
mod compiled;
mod cost;
mod evaluate;
mod explain;

mod functions;
mod lexer;
mod number;
mod parse;
mod program;
mod reads;
mod schema_type;
mod scope;
mod types;
mod value;

pub use bindings::{Bindings, Document};
pub use compiled::Expression;
pub use evaluate::{EvaluationError, Reason};
pub use explain::{Found, Observation, Outcome};
pub use lexer::says_the_same;
pub use reads::ReadPath;
pub use scope::Scope;
pub use types::{Field, Object, Type};
pub use value::{List, Map, Value};
