//! The bell that wakes nodes of this process that wait for work.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use baton_engine::port::{Mark, REST_MAX, Transition};

use crate::micros;

/// Counts its rings, so that none is missed by who waits from a mark on.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    rings: Mutex<u64>,
    rung: Condvar,
}

impl Bell {
    pub(crate) fn ring(&self) {
        *self.rings() += 1;
        self.rung.notify_all();
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark(*self.rings())
    }

    /// Waits for a ring after the mark; returns whether there was one.
    pub(crate) fn wait(&self, mark: Mark, patience: Duration) -> bool {
        let (rings, _) = self
            .rung
            .wait_timeout_while(self.rings(), patience, |rings| *rings == mark.0)
            .unwrap_or_else(PoisonError::into_inner);
        *rings != mark.0
    }

    fn rings(&self) -> MutexGuard<'_, u64> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns whether a transition sets a job that nobody finds in time by looking once per rest.
pub(crate) fn is_urgent(transition: &Transition) -> bool {
    let rest = i64::try_from(REST_MAX.as_micros()).unwrap_or(i64::MAX);
    let horizon = micros::down(transition.at).saturating_add(rest);
    transition
        .jobs
        .iter()
        .any(|job| micros::up(job.due) <= horizon)
}
