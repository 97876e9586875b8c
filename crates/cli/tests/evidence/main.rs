//! From a check to a bundle that verifies in an empty folder, through the command line, and every
//! way to tamper with what lies between.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests tamper with files, say what they skip, and stop at the first surprise"
)]

mod attestation;
mod bundle;
mod page;
mod trace;
mod world;
