//! Documents people write, read from YAML 1.2 or JSON into one tree that keeps the byte span of every value.
//!
//! Both notations give the same tree; what only one of them can say (anchors, tags, merge keys,
//! several documents) is refused, so a contract means what a reader sees.

mod json;
mod node;
mod parse;
mod scalar;
mod yaml;

pub use node::{Entry, Node, Value};
pub use parse::{Parsed, TOO_LARGE, parse, parse_recorded};
pub use yaml::EMPTY;
