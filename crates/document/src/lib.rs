//! Documents people write: read from YAML or JSON with the place of every value ([`syntax`]), and
//! checked against a declared [`shape`] that also gives the published schema and the reference page.
//!
//! Contracts, contract tests, conditions and mappings of event logs are such documents.
//!
//! Invariants:
//! - no I/O, clock, environment or randomness;
//! - a document is untrusted input: reading one is bounded in time, memory and depth;
//! - problems are values, all of them reported in one run;
//! - knows what no document means.

pub mod shape;
pub mod syntax;
