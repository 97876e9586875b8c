//! One turn of a node, and turns until nothing is due.

use baton_mission::authority::Actor;
use baton_mission::names::HandoffId;
use baton_terms::Instant;

use crate::follow_ups;
use crate::handoff::{Desk, Failure, engine};
use crate::port::{Claim, ClaimRequest, Courier, Job, JobKind, Refusal, Settlement, StoreError};

/// How long a claim lasts, unless a node is told otherwise.
pub const LEASE_MS: u64 = 60_000;
/// Turns in one run until nothing is due.
pub const ROUNDS_MAX: u32 = 10_000;
/// Jobs of a kind claimed at once.
const CLAIMED_MAX: u32 = 8;
/// What the streams of handoffs begin with.
pub(super) const HANDOFFS: &str = "handoff/";

/// Does the jobs of streams that are not handoffs.
pub trait Worker: Send + Sync {
    /// Returns what its streams begin with, such as `mission/`.
    fn prefix(&self) -> &str;

    /// Does a claimed job.
    ///
    /// # Errors
    /// When it could not be done; it is tried again later.
    fn work(&self, job: &Job) -> Result<Worked, Failure>;

    /// Looks for work whose timer was lost, and does it. Returns how many streams it had to move.
    ///
    /// # Errors
    /// When the store fails.
    fn sweep(&self) -> Result<u64, Failure> {
        Ok(0)
    }
}

/// What became of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worked {
    /// It is done, and is to be settled.
    Done,
    /// It is done, and was settled in the transaction of what was decided under its claim.
    Settled,
    /// It is to be done later.
    Later(Instant),
}

/// What a turn did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Work {
    /// Jobs done.
    pub done: u64,
    /// Jobs to be done later.
    pub later: u64,
    /// Jobs that another node took over.
    pub taken_over: u64,
    /// What failed, with the job; each is tried again.
    pub failed: Vec<(Claim, Failure)>,
}

impl Work {
    /// Returns whether nothing was due.
    pub fn is_idle(&self) -> bool {
        self.done == 0 && self.later == 0 && self.taken_over == 0 && self.failed.is_empty()
    }

    /// Adds what else was done.
    pub fn add(&mut self, other: Self) {
        self.done += other.done;
        self.later += other.later;
        self.taken_over += other.taken_over;
        self.failed.extend(other.failed);
    }
}

/// One worker on the store, in this process or another.
pub struct Node<'a> {
    pub(super) desk: &'a Desk<'a>,
    pub(super) courier: &'a dyn Courier,
    pub(super) baton: Actor,
    pub(super) workers: Vec<&'a dyn Worker>,
    name: String,
    pub(super) lease_ms: u64,
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl<'a> Node<'a> {
    /// Returns a node of a name that no other node has.
    pub fn new(name: impl Into<String>, desk: &'a Desk<'a>, courier: &'a dyn Courier) -> Self {
        Self {
            desk,
            courier,
            baton: engine(),
            workers: Vec::new(),
            name: name.into(),
            lease_ms: LEASE_MS,
        }
    }

    /// Returns the node with how long its claims last.
    #[must_use]
    pub fn with_lease_ms(mut self, lease_ms: u64) -> Self {
        self.lease_ms = lease_ms;
        self
    }

    /// Returns the node with who does the jobs of other streams.
    #[must_use]
    pub fn with_worker(mut self, worker: &'a dyn Worker) -> Self {
        self.workers.push(worker);
        self
    }

    /// Claims what is due now and does it: timers first, for they may make messages unnecessary.
    ///
    /// # Errors
    /// When nothing can be claimed. What fails afterwards is told with its job, and does not hold up the others.
    pub fn turn(&self) -> Result<Work, StoreError> {
        let mut work = Work::default();
        for kind in [JobKind::Timer, JobKind::Message] {
            let (jobs, fresh_until) = self.claim(kind, CLAIMED_MAX)?;
            for job in &jobs {
                work.add(self.work_off(job, fresh_until));
            }
        }
        Ok(work)
    }

    /// Takes turns until nothing is due by the desk's clock.
    ///
    /// # Errors
    /// When nothing can be claimed.
    pub fn run_until_idle(&self) -> Result<Work, StoreError> {
        let mut all = Work::default();
        for _ in 0..ROUNDS_MAX {
            let work = self.turn()?;
            if work.is_idle() {
                break;
            }
            all.add(work);
        }
        Ok(all)
    }

    /// Claims what is due; also returns until when the claims are good to begin with.
    pub(super) fn claim(
        &self,
        kind: JobKind,
        limit: u32,
    ) -> Result<(Vec<Job>, Instant), StoreError> {
        let now = self.desk.now();
        let jobs = self.desk.store().claim(&ClaimRequest {
            node: self.name.clone(),
            kind,
            now,
            until: later(now, self.lease_ms),
            limit,
        })?;
        Ok((jobs, later(now, self.lease_ms / 2)))
    }

    /// Does a claimed job, when it is still this node's.
    pub(super) fn work_off(&self, job: &Job, fresh_until: Instant) -> Work {
        if self.desk.now() > fresh_until && !self.renew(&job.claim) {
            return Work {
                taken_over: 1,
                ..Work::default()
            };
        }
        self.settled(job)
    }

    fn renew(&self, claim: &Claim) -> bool {
        let until = later(self.desk.now(), self.lease_ms);
        self.desk.store().renew(claim, until).is_ok()
    }

    fn settled(&self, job: &Job) -> Work {
        let mut work = Work::default();
        let settled = self.worked(job).and_then(|worked| {
            let settlement = match worked {
                Worked::Settled => return Ok(worked),
                Worked::Done => Settlement::Done {
                    at: self.desk.now(),
                },
                Worked::Later(due) => Settlement::Postponed { due },
            };
            match self.desk.store().settle(&job.claim, &settlement) {
                // Somebody else moved the handoff and cleared it, or set it anew.
                Err(StoreError::Refused(Refusal::Fenced { .. })) | Ok(()) => Ok(worked),
                Err(error) => Err(error.into()),
            }
        });
        match settled {
            Ok(Worked::Done | Worked::Settled) => work.done = 1,
            Ok(Worked::Later(_)) => work.later = 1,
            Err(failure) if failure.is_fenced() => work.taken_over = 1,
            Err(failure) => work.failed.push((job.claim.clone(), failure)),
        }
        work
    }

    fn worked(&self, job: &Job) -> Result<Worked, Failure> {
        let stream = job.claim.stream.as_str();
        let Some(name) = stream.strip_prefix(HANDOFFS) else {
            let mut workers = self.workers.iter();
            let worker = workers.find(|worker| stream.starts_with(worker.prefix()));
            return match worker {
                Some(worker) => worker.work(job),
                // Another node may know what to do with it.
                None => Ok(Worked::Later(later(self.desk.now(), self.lease_ms))),
            };
        };
        let handoff: HandoffId = name.parse().map_err(|_| unreadable(job))?;
        let done = match job.kind {
            JobKind::Timer => self.timer(&handoff, job),
            JobKind::Message if follow_ups::is_queued(job) => {
                follow_ups::tell(self.courier, job, self.desk.now())
            }
            JobKind::Message => self.message(&handoff, job),
        };
        match done {
            // What will not pass by itself is looked at by a person, and goes on being tried.
            Err(failure) if !failure.is_transient() && !failure.is_fenced() => {
                self.stuck(&handoff, (job, &failure))
            }
            done => done,
        }
    }
}

/// Returns an instant so many milliseconds later; the same one where time has no such instant.
pub(crate) fn later(now: Instant, millis: u64) -> Instant {
    now.checked_add_millis(millis).unwrap_or(now)
}

/// Returns the failure of a job that this Baton did not write.
pub(super) fn unreadable(job: &Job) -> Failure {
    Failure::Store(StoreError::Damaged {
        why: format!(
            "the job `{}` of `{}` cannot be read",
            job.claim.job, job.claim.stream
        ),
    })
}
