//! A claim that is kept for as long as its job takes: a step may take longer than a lease.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use baton_engine::handoff::Failure;
use baton_engine::node::{Worked, Worker};
use baton_engine::port::{Claim, Job, Store, StoreError};

use crate::clock;

/// Renewals of a claim within one lease: one that fails can be made up for.
const RENEWALS: u32 = 3;

/// A worker whose claims are renewed while it works.
pub(crate) struct Attended<'w> {
    pub(crate) worker: &'w dyn Worker,
    pub(crate) store: &'w dyn Store,
    pub(crate) lease_ms: u64,
}

impl Worker for Attended<'_> {
    fn prefix(&self) -> &str {
        self.worker.prefix()
    }

    fn work(&self, job: &Job) -> Result<Worked, Failure> {
        let pause = Duration::from_millis(self.lease_ms) / RENEWALS;
        std::thread::scope(|scope| {
            let (at_work, done) = channel::<()>();
            scope.spawn(move || {
                while done.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                    if self.is_lost(&job.claim) {
                        return;
                    }
                }
            });
            let worked = self.worker.work(job);
            drop(at_work);
            worked
        })
    }
}

impl Attended<'_> {
    /// Renews a claim; returns whether it is another node's now, or settled.
    fn is_lost(&self, claim: &Claim) -> bool {
        let Some(until) = clock::now().checked_add_millis(self.lease_ms) else {
            return true;
        };
        matches!(self.store.renew(claim, until), Err(StoreError::Refused(_)))
    }
}
