//! The clock, read in one place.

use baton_engine::port::Clock;
use baton_terms::Instant;

/// The clock of this machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        now()
    }
}

/// Returns the present, in whole seconds: finer time helps nobody and makes reports harder to compare.
#[expect(
    clippy::disallowed_methods,
    reason = "the composition root reads the clock"
)]
pub(crate) fn now() -> Instant {
    let now = jiff::Timestamp::now();
    Instant::from_timestamp(jiff::Timestamp::from_second(now.as_second()).unwrap_or(now))
}

/// Returns the instant given, or the present.
pub(crate) fn or_now(as_of: Option<Instant>) -> Instant {
    as_of.unwrap_or_else(now)
}
