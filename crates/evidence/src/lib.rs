//! What can be shown to anyone: strict reading of JSON, its canonical form and digest, keys,
//! attestations, the trace and the bundle. Verification is a pure function of bytes, keys and time.
//!
//! Invariants:
//! - no I/O, clock, environment or randomness: bytes, instants and key seeds arrive as arguments;
//! - two documents with equal values have equal canonical bytes, and nothing else has them;
//! - what cannot be verified is a diagnostic, never a silent pass;
//! - secret key material is never printed by `Debug` or `Display`.

pub mod attestation;
pub mod bundle;
pub mod canonical;
pub mod checkpoint;
pub mod json;
pub mod keys;
pub mod merkle;
mod scan;
mod shape;
pub mod trace;
