//! Retries of transient failures: when the next attempt is due, and when there is none left.

mod policy;

pub use policy::{DELAY_MS_MAX, Exhausted, Failure, Next, Policy};
