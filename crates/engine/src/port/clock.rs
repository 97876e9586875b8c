//! The clock: the one place the present comes from.

use baton_terms::Instant;

/// Tells the time. It may stand still or go back: nothing fires early for it, and no record goes back with it.
pub trait Clock: Send + Sync {
    /// Returns the present.
    fn now(&self) -> Instant;
}
