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
}

impl Clock for SetClock {
    fn now(&self) -> Instant {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
