//! The clock of a mission, in milliseconds: retries wait for less than a second.

use baton_engine::missions::Time;
use baton_terms::Instant;

/// The clock of this machine.
#[derive(Debug)]
pub(crate) struct WallTime;

impl Time for WallTime {
    #[expect(
        clippy::disallowed_methods,
        reason = "the composition root reads the clock"
    )]
    fn now(&self) -> Instant {
        let now = jiff::Timestamp::now();
        let whole = jiff::Timestamp::from_millisecond(now.as_millisecond());
        Instant::from_timestamp(whole.unwrap_or(now))
    }

    fn wait_until(&self, at: Instant) {
        loop {
            let left = at.timestamp().duration_since(self.now().timestamp());
            // None is left once the instant has come.
            let Ok(left) = std::time::Duration::try_from(left) else {
                return;
            };
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left);
        }
    }
}
