//! The one loop through which every decision about a rollout is made and kept.
//!
//! Read, gather, decide, append by compare-and-set, with the move that a start or an end makes in the line of its contract. Who was
//! overtaken, or does not know whether a commit was kept, reads again and decides anew; nodes that look at once so apply once.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_evidence::canonical;
use baton_mission::authority::{Actor, may_decide_rollout};
use baton_mission::names::Key;
use baton_mission::rollout::{Command, Event, Hold, Phase, Rollout, apply, decide};
use baton_terms::{Digest, Id, Instant};
use serde::{Deserialize, Serialize};

use super::Fault;
use super::line::Line;
use super::record::{Asked, Outcome, Record, outcome};
use crate::handoff::{Desk, Failure, TRIES_MAX};
use crate::port::{self, Appended, Blob, JobId, JobKind, NewJob, StoreError, Summary, Transition};

/// How long after a look the next one is due.
pub const LOOK_MS: u64 = 60_000;
/// How long it is from one look to the next once everybody has the new version.
pub const LOOK_AFTER_MS: u64 = 3_600_000;
/// The job that has Baton look.
const LOOK: &str = "look";
/// The format of news about rollouts.
const NOTICE: &str = "rollout-notice/v1";

/// Who asks for what.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// Who acts, as the credential says.
    pub actor: &'a Actor,
    /// The rollout.
    pub rollout: Id,
    /// The request's own key: sent again, it is answered with what it led to first.
    pub key: Key,
    /// The revision it was made for; without one it is decided anew where somebody else was faster.
    pub expects: Option<u64>,
}

/// What a use case found out before the rollout decides.
pub(super) struct Gathered {
    /// The rollout as it stands; a new one for a start.
    pub(super) rollout: Rollout,
    pub(super) events: Vec<Event>,
    /// Documents that the decision rests on, by the name under which its entry names them.
    pub(super) documents: BTreeMap<Id, Vec<u8>>,
}

impl Gathered {
    /// Returns what a command causes.
    pub(super) fn of(rollout: &Rollout, command: &Command, now: Instant) -> Result<Self, Failure> {
        Ok(Self {
            events: decide(rollout, command, now)?,
            rollout: rollout.clone(),
            documents: BTreeMap::new(),
        })
    }
}

/// What oversight is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Notice {
    pub(super) baton: String,
    pub(super) id: String,
    pub(super) about: String,
    pub(super) rollout: Id,
    pub(super) contract: Id,
    pub(super) phase: String,
    pub(super) percent: u32,
    pub(super) event: Event,
    pub(super) to: Vec<Id>,
}

/// Decides and keeps. `content` is what the request asks; nothing where it is a look, which asks nothing. `gather` is asked again
/// whenever the rollout has moved.
pub(super) fn commit(
    desk: &Desk<'_>,
    (call, content): (&Call<'_>, Option<&serde_json::Value>),
    mut gather: impl FnMut(&Record, Instant) -> Result<Gathered, Failure>,
) -> Result<Outcome, Failure> {
    let asked = content.map(|content| asked(call, content)).transpose()?;
    let mut seen = None;
    for _ in 0..TRIES_MAX {
        let record = desk.rollout(&call.rollout)?;
        if let Some(asked) = &asked
            && let Some(before) = record.answer(asked)?
        {
            return Ok(before);
        }
        if let (None, Some(seen), Ok(rollout)) = (&asked, seen, record.rollout())
            && rollout.revision > seen
        {
            // Another look, or this one before it lost the answer, made the move already.
            return Ok(outcome(rollout));
        }
        let latest = record.rollout().ok().and_then(|rollout| rollout.latest);
        let now = desk.now();
        let now = latest.map_or(now, |latest| latest.max(now));
        let gathered = gather(&record, now)?;
        entitled(call, &gathered.rollout.plan.oversight)?;
        let found = gathered.rollout.revision;
        if let Some(expected) = call.expects.filter(|expected| *expected != found) {
            return Err(Fault::Stale { expected, found }.into());
        }
        seen = Some(found);
        if gathered.events.is_empty() {
            return Ok(outcome(&gathered.rollout));
        }
        let made = Making {
            desk,
            record: &record,
            asked: asked.as_ref(),
        };
        let (transition, after) = made.transition(gathered, now)?;
        match desk.store().append(transition) {
            Ok(Appended::Now { .. }) => {
                let outcome = outcome(after.rollout()?);
                desk.remember_rollout(&call.rollout, Arc::new(after));
                return Ok(outcome);
            }
            // The line has moved, or this very move was kept and nobody saw the answer.
            Ok(Appended::Before { .. })
            | Err(
                StoreError::Refused(port::Refusal::Moved { .. } | port::Refusal::KeyReused { .. })
                | StoreError::OutcomeUnknown { .. },
            ) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Failure::Contended {
        handoff: call.rollout.to_string(),
        tries: TRIES_MAX,
    })
}

/// Checks that whoever asks may decide about rollouts of a contract that `owner` answers for.
pub(super) fn entitled(call: &Call<'_>, owner: &Id) -> Result<(), Failure> {
    may_decide_rollout(call.actor, owner).map_err(|why| Fault::Forbidden(why).into())
}

fn asked(call: &Call<'_>, content: &serde_json::Value) -> Result<Asked, Failure> {
    let bytes = canonical::of(content).map_err(|error| Failure::Unrecordable {
        why: error.to_string(),
    })?;
    Ok(Asked {
        by: call.actor.principal.clone(),
        key: call.key.clone(),
        digest: Digest::of(&bytes),
    })
}

struct Making<'m, 'd> {
    desk: &'m Desk<'d>,
    record: &'m Record,
    asked: Option<&'m Asked>,
}

impl Making<'_, '_> {
    fn transition(
        &self,
        gathered: Gathered,
        now: Instant,
    ) -> Result<(Transition, Record), Failure> {
        let mut rollout = gathered.rollout;
        let mut after = self.record.clone();
        let mut made = Made::default();
        let mut digests: BTreeMap<Id, Digest> = (gathered.documents.iter())
            .map(|(name, bytes)| (name.clone(), Digest::of(bytes)))
            .collect();
        let line = Line::read(self.desk, &rollout.plan.versions.contract)?;
        for event in &gathered.events {
            let said = (self.asked, std::mem::take(&mut digests));
            made.lines.push(after.push(&rollout, (event, now), said)?);
            rollout = apply(rollout, event, now).map_err(|error| Failure::Unrecordable {
                why: error.to_string(),
            })?;
            let place = line.claim(&rollout, event)?;
            made.place = place.or(made.place);
            made.follow(&rollout, (event, now))?;
        }
        let blobs = gathered.documents.into_values().map(|bytes| Blob {
            digest: Digest::of(&bytes),
            bytes,
        });
        let transition = Transition {
            stream: self.record.stream.clone(),
            expected: self.record.trail.entries(),
            at: now,
            lines: made.lines,
            leaf: after.trail.leaf(),
            summary: summary(&rollout, now),
            request: made.place,
            blobs: blobs.collect(),
            jobs: made.jobs,
            cleared: made.cleared,
            under: None,
        };
        Ok((transition, after))
    }
}

/// What a decision leaves behind beside what it decides.
#[derive(Default)]
struct Made {
    lines: Vec<Vec<u8>>,
    jobs: Vec<NewJob>,
    cleared: Vec<JobId>,
    place: Option<port::Request>,
}

impl Made {
    fn follow(&mut self, after: &Rollout, (event, now): (&Event, Instant)) -> Result<(), Failure> {
        match event {
            Event::Started { .. } => self.jobs.push(NewJob {
                id: job(LOOK)?,
                kind: JobKind::Timer,
                due: next_look(now),
                body: Vec::new(),
            }),
            // What was promoted is looked at for a while.
            Event::Promoted { .. } if after.watched().is_some() => {}
            Event::Promoted { .. } | Event::RolledBack { .. } => self.cleared.push(job(LOOK)?),
            _ => {}
        }
        if !is_told(event) {
            return Ok(());
        }
        let plan = &after.plan;
        let notice = Notice {
            baton: NOTICE.to_owned(),
            id: format!("rollout.{}.{}", plan.id, after.revision),
            about: event.word().to_owned(),
            rollout: plan.id.clone(),
            contract: plan.versions.contract.clone(),
            phase: after.phase.word().to_owned(),
            percent: after.percent(),
            event: event.clone(),
            to: vec![plan.oversight.clone()],
        };
        let body = canonical::of(&notice).map_err(|error| Failure::Unrecordable {
            why: error.to_string(),
        })?;
        self.jobs.push(NewJob {
            id: job(&format!("notice-{}", after.revision))?,
            kind: JobKind::Message,
            due: now,
            body,
        });
        Ok(())
    }
}

/// Returns whether oversight hears of an event: whatever changes who has which version, and holds that somebody has to mend.
fn is_told(event: &Event) -> bool {
    match event {
        Event::Held { holds, .. } => holds.iter().any(|hold| {
            matches!(
                hold,
                Hold::Unreadable { .. }
                    | Hold::ShadowFailed { .. }
                    | Hold::StableNotWell { .. }
                    | Hold::TooMany { .. }
            )
        }),
        _ => true,
    }
}

fn summary(rollout: &Rollout, now: Instant) -> Summary {
    let is_frozen = matches!(rollout.phase, Phase::Frozen { .. });
    Summary {
        state: rollout.phase.word().to_owned(),
        turn: is_frozen.then(|| rollout.plan.oversight.to_string()),
        due: due_again(rollout, now),
    }
}

/// Returns when the look after one at `now` is due.
pub(super) fn next_look(now: Instant) -> Instant {
    now.checked_add_millis(LOOK_MS).unwrap_or(now)
}

/// Returns when a rollout that was looked at at `now` is due again, if it is.
pub(super) fn due_again(rollout: &Rollout, now: Instant) -> Option<Instant> {
    if rollout.stay().is_some() {
        return Some(next_look(now));
    }
    let (_, until) = rollout.watched().filter(|(_, until)| now < *until)?;
    let next = now.checked_add_millis(LOOK_AFTER_MS).unwrap_or(now);
    Some(next.min(until))
}

fn job(name: &str) -> Result<JobId, Failure> {
    JobId::new(name).map_err(|error| Failure::Unrecordable {
        why: error.to_string(),
    })
}
