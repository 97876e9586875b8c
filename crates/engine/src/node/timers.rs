//! Timers that are due: those of the lifecycle, and Baton's own next step.

use baton_mission::handoff::{Ask, Refusal};
use baton_mission::names::HandoffId;

use super::messages::NOTICE_DELAY_MS_MAX;
use super::turn::{Node, Worked, later, unreadable};
use crate::handoff::{Advance, Call, Failure, Task, advance, ask, fire, shortened};
use crate::port::Job;

/// How long a handoff waits before it is offered again where nobody could receive and nobody knows when somebody will.
pub const WAIT_MS: u64 = 300_000;
/// Attempts at a job that fails for a lasting reason before a person is told.
const ATTEMPTS: u32 = 4;

impl Node<'_> {
    pub(super) fn timer(&self, handoff: &HandoffId, job: &Job) -> Result<Worked, Failure> {
        let task: Task = serde_json::from_slice(&job.body).map_err(|_| unreadable(job))?;
        let call = |what: &str| -> Result<Call<'_>, Failure> {
            Ok(Call {
                under: Some(job.claim.clone()),
                ..Call::own(&self.baton, handoff, what)?
            })
        };
        match task {
            Task::Fire { timer } => {
                let fired = fire(self.desk, &call(&format!("fire:{timer}"))?, timer);
                match fired {
                    Ok(_) => Ok(Worked::Settled),
                    Err(Failure::Refused(refusal)) => match *refusal {
                        // A clock that went back: late, never early.
                        Refusal::NotDue { due: Some(due), .. } => Ok(Worked::Later(due)),
                        Refusal::NotDue { due: None, .. } | Refusal::IllegalTransition { .. } => {
                            Ok(Worked::Done)
                        }
                        other => Err(other.into()),
                    },
                    Err(failure) => Err(failure),
                }
            }
            Task::Advance => match advance(self.desk, &call("advance")?) {
                Ok(Advance::Waiting { until, .. }) => {
                    let now = self.desk.now();
                    let wait = later(now, WAIT_MS);
                    Ok(Worked::Later(
                        until.filter(|until| *until > now).unwrap_or(wait),
                    ))
                }
                Ok(Advance::Moved(_)) => Ok(Worked::Settled),
                Ok(Advance::Idle) => Ok(Worked::Done),
                Err(Failure::Refused(refusal)) if is_overtaken(&refusal) => Ok(Worked::Done),
                Err(failure) => Err(failure),
            },
        }
    }

    /// Postpones a job that will not succeed by itself; after some attempts oversight is told, where it can be.
    pub(super) fn stuck(
        &self,
        handoff: &HandoffId,
        (job, failure): (&Job, &Failure),
    ) -> Result<Worked, Failure> {
        if job.attempt.saturating_add(1) == ATTEMPTS {
            let what = format!("stuck:{}:{}", job.claim.job, job.claim.fence.0);
            let reason = shortened(&format!("failed to {failure}"));
            let told = ask(
                self.desk,
                &Call::own(&self.baton, handoff, &what)?,
                &Ask::Escalate { reason },
            );
            match told {
                // In some states nobody can be told more than they were.
                Ok(_) | Err(Failure::Refused(_)) => {}
                Err(failure) if failure.is_transient() => return Err(failure),
                Err(_) => {}
            }
        }
        let doublings = job.attempt.min(20);
        let delay = self.lease_ms.saturating_mul(1 << doublings);
        let delay = delay.min(NOTICE_DELAY_MS_MAX);
        Ok(Worked::Later(later(self.desk.now(), delay)))
    }
}

/// Somebody else moved the handoff; whoever did has set what is to be done next.
fn is_overtaken(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::StaleRevision { .. } | Refusal::IllegalTransition { .. }
    )
}
