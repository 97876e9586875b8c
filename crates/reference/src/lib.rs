//! The executable specification: naive and slow on purpose, read next to the page or the paper and
//! compared with the real thing on generated input. It knows no other crate of Baton, so that no
//! mistake can be shared.
//!
//! The lifecycle is `docs/spec/lifecycle.md`, table first.
//!
//! Scoring is `docs/spec/scoring.md` in code and works on plain JSON; times are compared as text:
//! write them in UTC, all in the same form. Statistics are their definitions in exact fractions
//! where they allow it, else by brute force.
//!
//! Invariants:
//! - no code and no type is shared with what it checks;
//! - it is never part of a shipped program.

#[cfg(feature = "scoring")]
mod expression;
#[cfg(feature = "scoring")]
mod finding;
#[cfg(feature = "scoring")]
mod gate;
#[cfg(feature = "scoring")]
mod inputs;
#[cfg(feature = "scoring")]
mod path;
#[cfg(feature = "scoring")]
mod score;
#[cfg(feature = "scoring")]
mod waiver;

#[cfg(feature = "lifecycle")]
pub mod lifecycle;

#[cfg(feature = "statistics")]
pub mod statistics;

#[cfg(feature = "scoring")]
pub use finding::Finding;
#[cfg(feature = "scoring")]
pub use inputs::Inputs;
#[cfg(feature = "scoring")]
pub use score::{Verdict, check};
