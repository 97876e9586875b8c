//! A clock that shows what a test sets it to.

use std::sync::{Mutex, PoisonError};

use baton_engine::port::Clock;
use baton_terms::{Elapsed, Instant};

/// A clock that stands still until it is set.
#[derive(Debug)]
pub struct SetClock {
    now: Mutex<Instant>,
}

impl SetClock {
    /// Returns a clock that shows an instant.
    pub fn at(now: Instant) -> Self {
        Self {
            now: Mutex::new(now),
        }
    }

    /// Sets it, forwards or back.
    pub fn set(&self, now: Instant) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Moves it on.
    pub fn wait(&self, span: Elapsed) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add(span).unwrap_or(*now);
    }

    /// Moves it on by seconds.
    pub fn forward(&self, seconds: u64) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let later = now.checked_add_millis(seconds.saturating_mul(1_000));
        *now = later.unwrap_or(*now);
    }

    /// Moves it back by seconds.
    pub fn back(&self, seconds: i64) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = now.timestamp().as_second().saturating_sub(seconds);
        if let Ok(earlier) = jiff::Timestamp::from_second(earlier) {
            *now = Instant::from_timestamp(earlier);
        }
    }
}

impl Clock for SetClock {
    fn now(&self) -> Instant {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
