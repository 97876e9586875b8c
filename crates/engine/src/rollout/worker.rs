//! The part of a node that looks at rollouts on a timer and tells oversight what became of them.

use std::collections::BTreeSet;

use baton_mission::authority::Actor;
use baton_terms::{Id, Instant};

use super::commit::{Notice, due_again, next_look};
use super::look::look;
use super::record::ROLLOUTS;
use super::watch::Watch;
use crate::handoff::{Desk, Failure, engine};
use crate::node::{NOTICE_DELAY_MS_MAX, Worked, Worker};
use crate::port::{
    Courier, Delivered, Head, Job, JobKind, Message, MessageKind, Page, StoreError, each_head,
};

/// The first delay between two attempts at news, in milliseconds.
const NOTICE_DELAY_MS: u64 = 60_000;

/// Looks at rollouts for a node.
pub struct Rollouts<'a> {
    desk: &'a Desk<'a>,
    courier: &'a dyn Courier,
    baton: Actor,
    watch: Watch,
}

impl std::fmt::Debug for Rollouts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rollouts").finish_non_exhaustive()
    }
}

impl<'a> Rollouts<'a> {
    /// Returns who looks at the rollouts of a desk's store.
    pub fn new(desk: &'a Desk<'a>, courier: &'a dyn Courier) -> Self {
        Self {
            desk,
            courier,
            baton: engine(),
            watch: Watch::default(),
        }
    }

    fn look(&self, stream: &str) -> Result<Option<Instant>, Failure> {
        let name = stream.strip_prefix(ROLLOUTS).unwrap_or(stream);
        let rollout: Id = name.parse().map_err(|_| StoreError::Damaged {
            why: format!("`{stream}` is not the stream of a rollout"),
        })?;
        look(self.desk, &self.watch, (&self.baton, &rollout, None))?;
        let record = self.desk.rollout(&rollout)?;
        Ok(due_again(record.rollout()?, self.desk.now()))
    }

    fn tell(&self, job: &Job) -> Result<Worked, Failure> {
        let notice: Notice = serde_json::from_slice(&job.body).map_err(|error| {
            let why = format!(
                "the job `{}` of `{}`: {error}",
                job.claim.job, job.claim.stream
            );
            StoreError::Damaged { why }
        })?;
        let message = Message {
            id: notice.id,
            kind: MessageKind::Notification,
            to: notice.to.into_iter().collect::<BTreeSet<Id>>(),
            body: job.body.clone(),
        };
        Ok(match self.courier.deliver(&message) {
            Delivered::Done => Worked::Done,
            Delivered::Transient { .. } | Delivered::Lasting { .. } => {
                let delay = NOTICE_DELAY_MS.saturating_mul(1 << job.attempt.min(10));
                let now = self.desk.now();
                let delay = delay.min(NOTICE_DELAY_MS_MAX);
                Worked::Later(now.checked_add_millis(delay).unwrap_or(now))
            }
        })
    }
}

impl Worker for Rollouts<'_> {
    fn prefix(&self) -> &str {
        ROLLOUTS
    }

    fn work(&self, job: &Job) -> Result<Worked, Failure> {
        match job.kind {
            JobKind::Timer => {
                let next = self.look(job.claim.stream.as_str())?;
                Ok(next.map_or(Worked::Done, Worked::Later))
            }
            JobKind::Message => self.tell(job),
        }
    }

    fn sweep(&self) -> Result<u64, Failure> {
        let mut moved = 0;
        each_head::<Failure>(self.desk.store(), Page::under(ROLLOUTS), |head| {
            if self.is_overdue(head) {
                self.look(head.stream.as_str())?;
                let after = self.desk.store().head(&head.stream)?;
                moved += u64::from(after.is_some_and(|after| after.entries > head.entries));
            }
            Ok(())
        })?;
        Ok(moved)
    }
}

impl Rollouts<'_> {
    fn is_overdue(&self, head: &Head) -> bool {
        head.summary
            .due
            .is_some_and(|due| next_look(due) < self.desk.now())
    }
}
