//! Missions on a node: a mission that was left to nodes is driven by whichever of them claims it.
//!
//! The job is there from the decision that left the mission to nodes until the one that parks it, so that a node that dies is followed
//! by another after its lease. A node that comes back after its lease does no harm: each decision is appended by
//! compare-and-set, steps change nothing beside the record, and a report that tells again what is known changes nothing.

use std::sync::atomic::{AtomicBool, Ordering};

use baton_mission::retry;
use baton_mission::run::{Command, Notice, Phase, StepReport};

use super::drive::{Progress, advance};
use super::gauges::Gauges;
use super::inputs::Files;
use super::keeper::{KeepError, Keeper, Time};
use super::task::Task;
use super::work::{Means, Work};
use crate::follow_ups;
use crate::handoff::Failure;
use crate::node::{Worked, Worker, again_after_ms, later};
use crate::port::{Courier, Job, JobKind, Message, MessageKind, Store, StoreError};

/// What the streams of missions begin with.
const MISSIONS: &str = "mission/";
/// Times a node looks for inputs that are not as they were, before that counts as a failed attempt: another one may have them.
const LOOKS_MAX: u32 = 4;
/// How long it waits between two looks.
const LOOK_AGAIN_MS: u64 = 15_000;

/// Opens the files of missions on this machine.
pub trait Places: Send + Sync {
    /// Returns the files at the places that a task names.
    fn files(&self, task: &Task) -> Box<dyn Files>;
}

/// What missions are driven with.
#[derive(Clone, Copy)]
pub struct Tools<'w> {
    /// Where their records are.
    pub store: &'w dyn Store,
    /// The present; it is never waited for.
    pub time: &'w (dyn Time + Send + Sync),
    /// Where their files are.
    pub places: &'w dyn Places,
    /// What measures what budgets cap.
    pub gauges: &'w (dyn Gauges + Send),
    /// Takes their notices out.
    pub courier: &'w dyn Courier,
    /// Threads that steps are done on first.
    pub threads: usize,
    /// Raised when the node is to stop: a mission is put down between two steps.
    pub stop: &'w AtomicBool,
}

/// Drives the missions of a store for a node.
pub struct MissionWorker<'w> {
    tools: Tools<'w>,
}

impl<'w> MissionWorker<'w> {
    /// Returns a worker.
    pub fn new(tools: Tools<'w>) -> Self {
        Self { tools }
    }

    fn drive(&self, job: &Job) -> Result<Worked, Failure> {
        let task = Task::read(&job.body).map_err(|why| unreadable(job, &why))?;
        let run = task.run().map_err(|why| unreadable(job, &why))?;
        let time = self.tools.time;
        let mut keeper =
            Keeper::open(self.tools.store, time, &run).map_err(|error| of_keeping(job, error))?;
        if *keeper.stream() != job.claim.stream {
            return Err(unreadable(job, &"it is about another mission"));
        }
        let files = self.tools.places.files(&task);
        if let Some(why) = task.differs(files.as_ref()) {
            return self.without_inputs(job, (&mut keeper, why));
        }
        let means = Means {
            files: files.as_ref(),
            gauges: self.tools.gauges,
            threads: self.tools.threads,
        };
        let mut work = Work::new(&run, means);
        loop {
            if self.tools.stop.load(Ordering::Relaxed) {
                return Ok(Worked::Later(time.now()));
            }
            match advance(&mut keeper, &mut work).map_err(|error| of_keeping(job, error))? {
                Progress::Moved => {}
                Progress::Waiting(at) => return Ok(Worked::Later(at)),
                Progress::Parked => return Ok(Worked::Done),
            }
        }
    }

    /// Leaves a mission to nodes that may have its inputs as they were; when nobody took it, its attempt has failed.
    fn without_inputs(
        &self,
        job: &Job,
        (keeper, why): (&mut Keeper<'_>, String),
    ) -> Result<Worked, Failure> {
        let now = self.tools.time.now();
        let is_last = job.attempt.saturating_add(1).is_multiple_of(LOOKS_MAX);
        let (Phase::Executing { step, attempt }, true) = (keeper.mission().phase(), is_last) else {
            return Ok(match keeper.mission().phase() {
                phase if phase.is_parked() => Worked::Done,
                _ => Worked::Later(later(now, LOOK_AGAIN_MS)),
            });
        };
        let Some(step) = keeper.mission().plan().step(*step) else {
            return Ok(Worked::Done);
        };
        let report = StepReport::Failed {
            step: step.id.clone(),
            attempt: *attempt,
            // Whoever oversees it brings the inputs back and has it go on, or takes it back.
            failure: retry::Failure::Permanent,
            reason: why,
            driven_ms: 0,
        };
        let kept = keeper.commit(&Command::Report(report), &[]);
        kept.map_err(|error| of_keeping(job, error))?;
        Ok(Worked::Done)
    }

    fn tell(&self, job: &Job) -> Result<Worked, Failure> {
        let notice: Notice =
            serde_json::from_slice(&job.body).map_err(|error| unreadable(job, &error))?;
        let delivered = self.tools.courier.deliver(&Message {
            id: format!("mission/{}", notice.id),
            kind: MessageKind::Notification,
            to: [notice.to].into(),
            body: job.body.clone(),
        });
        Ok(match again_after_ms(&delivered, job, &notice.id) {
            Some(delay) => Worked::Later(later(self.tools.time.now(), delay)),
            None => Worked::Done,
        })
    }
}

impl Worker for MissionWorker<'_> {
    fn prefix(&self) -> &str {
        MISSIONS
    }

    fn work(&self, job: &Job) -> Result<Worked, Failure> {
        match job.kind {
            JobKind::Timer => self.drive(job),
            JobKind::Message if follow_ups::is_queued(job) => {
                follow_ups::tell(self.tools.courier, job, self.tools.time.now())
            }
            JobKind::Message => self.tell(job),
        }
    }
}

fn unreadable(job: &Job, why: &dyn std::fmt::Display) -> Failure {
    Failure::Store(StoreError::Damaged {
        why: format!(
            "the job `{}` of `{}` cannot be read: {why}",
            job.claim.job, job.claim.stream
        ),
    })
}

fn of_keeping(job: &Job, error: KeepError) -> Failure {
    match error {
        KeepError::Store(error) => Failure::Store(error),
        KeepError::Contended { stream, tries } => Failure::Contended {
            handoff: stream,
            tries,
        },
        error => unreadable(job, &error),
    }
}
