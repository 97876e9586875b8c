//! What past outcomes say of a contract: thresholds and weights that would tell failing work from good
//! work better, how each clause does, and which may go. Nothing is applied.
//!
//! A change is found on the earlier cases and counts when the later ones confirm it; each is one number,
//! tried alone, so that its effect is its own.

mod codes;
mod profile;
mod quality;
mod search;
mod split;
mod tuning;

pub use codes::TOO_LITTLE;
pub use tuning::{Asked, WORTH_MAX, tune};

#[cfg(test)]
mod tests;
