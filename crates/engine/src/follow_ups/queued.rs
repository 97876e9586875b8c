//! The message by which connectors hear of follow-ups. It is set in the transaction that queues them, one for each decision that
//! does, and delivered until it is taken.

use std::collections::BTreeSet;

use baton_evidence::canonical;
use baton_terms::{Id, Instant};
use serde::{Deserialize, Serialize};

use super::task::Task;
use crate::handoff::Failure;
use crate::node::{Worked, again_after_ms, later};
use crate::port::{
    Courier, Job, JobId, JobKind, Message, MessageKind, NameError, NewJob, StoreError,
};

/// The format of the message.
pub const QUEUED_FORMAT: &str = "follow-ups-queued/v1";
/// What the names of such jobs begin with.
const JOB: &str = "follow-ups.";

/// Follow-ups that one decision queued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Queued {
    /// Always [`QUEUED_FORMAT`].
    baton: String,
    /// The same for every delivery of it.
    id: String,
    /// Their owners.
    to: BTreeSet<Id>,
    /// What was queued, in order.
    follow_ups: Vec<Task>,
}

/// Returns the job that tells of follow-ups queued at an instant; nothing where there are none.
///
/// # Errors
/// When the name cannot be that of a job.
pub(crate) fn job(
    (source, revision): (&str, u64),
    follow_ups: Vec<Task>,
    at: Instant,
) -> Result<Option<NewJob>, NameError> {
    if follow_ups.is_empty() {
        return Ok(None);
    }
    let queued = Queued {
        baton: QUEUED_FORMAT.to_owned(),
        id: format!("{source}.{revision}.follow-ups"),
        to: follow_ups.iter().map(|task| task.owner.clone()).collect(),
        follow_ups,
    };
    Ok(Some(NewJob {
        id: JobId::new(format!("{JOB}{revision}"))?,
        kind: JobKind::Message,
        due: at,
        // It is made of texts alone.
        body: canonical::of(&queued).unwrap_or_default(),
    }))
}

/// Returns whether a job tells of follow-ups.
pub(crate) fn is_queued(job: &Job) -> bool {
    job.kind == JobKind::Message && job.claim.job.as_str().starts_with(JOB)
}

/// Tells of follow-ups. They hold nobody up, so a connector that cannot be reached parks nothing: it goes on being tried.
pub(crate) fn tell(courier: &dyn Courier, job: &Job, now: Instant) -> Result<Worked, Failure> {
    let queued: Queued =
        serde_json::from_slice(&job.body).map_err(|error| StoreError::Damaged {
            why: format!(
                "the job `{}` of `{}`: {error}",
                job.claim.job, job.claim.stream
            ),
        })?;
    let delivered = courier.deliver(&Message {
        id: queued.id.clone(),
        kind: MessageKind::FollowUp,
        to: queued.to,
        body: job.body.clone(),
    });
    Ok(match again_after_ms(&delivered, job, &queued.id) {
        Some(delay) => Worked::Later(later(now, delay)),
        None => Worked::Done,
    })
}
