//! Waiting for work without asking all the time.

use std::time::Duration;

/// How often something urgent was set, as far as a store knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(pub u64);

/// The longest a node may rest on news alone: jobs that are due later than this after they were set wake nobody, and news from
/// another node may get lost. Both then cost one such rest.
pub const REST_MAX: Duration = Duration::from_secs(30);

/// Sleeping until there may be work.
///
/// A node takes a mark, claims what is due, asks when the next job is due, and waits from that mark on until then, [`REST_MAX`] at most. What
/// is set between the mark and the wait ends the wait at once.
pub trait Wake {
    /// Returns where the news stands.
    fn mark(&self) -> Mark;

    /// Waits until an urgent job was set after the mark, here or on another node, or until `patience` is over. Returns whether there
    /// was news; a wait may also end early for nothing.
    fn wait(&self, mark: Mark, patience: Duration) -> bool;
}
