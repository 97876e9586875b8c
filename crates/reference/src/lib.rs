//! The executable specification of scoring: `docs/spec/scoring.md` in code, naive and slow on
//! purpose, read next to the page and compared with the real thing on generated input.
//!
//! It works on plain JSON and knows no other crate of Baton, so that no mistake can be shared.
//! Times are compared as text: write them in UTC, all in the same form.
//!
//! Invariants:
//! - no code and no type is shared with what it checks;
//! - it is never part of a shipped program.

mod expression;
mod finding;
mod gate;
mod inputs;
mod path;
mod score;
mod waiver;

pub use finding::Finding;
pub use inputs::Inputs;
pub use score::{Verdict, check};
