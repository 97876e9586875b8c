//! The one reader of JSON in Baton: RFC 8259 restricted to I-JSON (RFC 7493), under named limits.
//!
//! A document is read once and then trusted, so everything that two readers could understand
//! differently is refused here: duplicate keys, keys that look alike, numbers a double cannot hold,
//! text that is not Unicode. All problems but syntax errors are collected in one run.
//!
//! Numbers are values, not spellings (RFC 8785 section 3.2.2.3): `1.0` and `1e0` are the integer
//! `1` and read as such, so nothing downstream can tell them apart.

mod build;
pub mod codes;
mod keys;
mod limits;
mod members;
mod number;
mod reader;
mod refusal;
mod text;
mod trail;
pub mod tree;
mod value;

pub use build::Build;
pub use limits::Limits;
pub use members::Members;
pub use number::{Number, NumberProblem, number};
pub use reader::{read, read_with};
pub use tree::{Tree, View};
