//! A made-up product organization, the same for the same seed: teams, packages good and bad, and a
//! history of work with planted causes of failure.
//!
//! A machine without any data runs the main jobs on it, and tests know what must be found. Everything
//! says that it is made up. The shipped contracts are reused, not made up again, and arrive as files.

mod draw;
mod files;
mod history;
mod organization;
mod packages;
mod readme;

pub use files::{AS_OF, FORMAT, HANDOFF, MadeFile, Sample, Seed, Shipped, ShippedError, make};
pub use history::{Request, Requests};
pub use packages::{Defect, MadePackage};

#[cfg(test)]
mod tests;
