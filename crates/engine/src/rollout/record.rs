//! A rollout as its stream tells it: its plan, the fold of its events, and what each request led to.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_evidence::trace::{Draft, Entry};
use baton_mission::names::{Key, Principal};
use baton_mission::rollout::{Event, Format, Plan, Recorded, RollbackCause, Rollout, apply};
use baton_terms::{Digest, Id, Instant};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::Fault;
use crate::handoff::Failure;
use crate::port::{Ledger, StoreError, StreamId};
use crate::trail::Trail;

/// What the streams of rollouts begin with.
pub(crate) const ROLLOUTS: &str = "rollout/";
/// What the kind of an entry begins with.
const EVENT_KIND: &str = "rollout-";
/// Under which names an entry's detail holds what it says.
const EVENT: &str = "event";
const PLAN: &str = "plan";
const REQUEST: &str = "request";

/// What a command led to. A repetition is given the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The rollout.
    pub rollout: Id,
    /// The revision it came to.
    pub revision: u64,
    /// Where it stands.
    pub phase: &'static str,
    /// The stage it is in, from 0.
    pub stage: Option<usize>,
    /// Share of buckets that the new version judges.
    pub percent: u32,
}

/// The request that an entry answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    pub(super) by: Principal,
    pub(super) key: Key,
    pub(super) digest: Digest,
}

/// A rollout with the end of its stream.
#[derive(Debug, Clone)]
pub struct Record {
    // INVARIANT: what `take` made of the entries that `trail` has read.
    id: Id,
    pub(super) stream: StreamId,
    pub(super) trail: Trail,
    rollout: Option<Rollout>,
    answers: BTreeMap<(Principal, Key), (Digest, Outcome)>,
}

impl Record {
    /// Reads a rollout, from where it was seen last.
    pub(crate) fn read(
        store: &(impl Ledger + ?Sized),
        id: &Id,
        seen: Option<Arc<Self>>,
    ) -> Result<Arc<Self>, Failure> {
        let stream = stream_of(id)?;
        let seen = seen.unwrap_or_else(|| Arc::new(Self::empty(id, &stream)));
        let mut trail = seen.trail;
        let mut record: Option<Self> = None;
        trail.read_on::<Failure>(store, &stream, |entry| {
            record.get_or_insert_with(|| (*seen).clone()).take(&entry)
        })?;
        Ok(match record {
            None => seen,
            Some(record) => Arc::new(Self { trail, ..record }),
        })
    }

    fn empty(id: &Id, stream: &StreamId) -> Self {
        Self {
            id: id.clone(),
            stream: stream.clone(),
            trail: Trail::default(),
            rollout: None,
            answers: BTreeMap::new(),
        }
    }

    /// Returns the rollout.
    ///
    /// # Errors
    /// When it was never started.
    pub fn rollout(&self) -> Result<&Rollout, Failure> {
        let missing = || Fault::NoSuchRollout {
            rollout: self.id.clone(),
        };
        self.rollout.as_ref().ok_or_else(|| missing().into())
    }

    /// Returns what a request led to before, if it was made.
    pub(super) fn answer(&self, asked: &Asked) -> Result<Option<Outcome>, Failure> {
        match self.answers.get(&(asked.by.clone(), asked.key.clone())) {
            None => Ok(None),
            Some((digest, outcome)) if *digest == asked.digest => Ok(Some(outcome.clone())),
            Some(_) => Err(Fault::KeyReused {
                key: asked.key.to_string(),
            }
            .into()),
        }
    }

    /// Adds an event to a rollout that stands as `before`, and returns its line.
    pub(super) fn push(
        &mut self,
        before: &Rollout,
        (event, at): (&Event, Instant),
        (asked, digests): (Option<&Asked>, BTreeMap<Id, Digest>),
    ) -> Result<Vec<u8>, Failure> {
        let unrecordable = |why: String| Failure::Unrecordable { why };
        let recorded = Recorded {
            baton: Format::V1,
            rollout: self.id.clone(),
            sequence: before.revision.saturating_add(1),
            at,
            event: event.clone(),
        };
        let mut detail = Map::new();
        let mut say = |name: &str, said: serde_json::Result<Value>| -> Result<(), Failure> {
            let said = said.map_err(|error| unrecordable(error.to_string()))?;
            detail.insert(name.to_owned(), said);
            Ok(())
        };
        say(EVENT, serde_json::to_value(&recorded))?;
        if before.revision == 0 {
            say(PLAN, serde_json::to_value(&before.plan))?;
        }
        if let Some(asked) = asked {
            say(REQUEST, serde_json::to_value(asked))?;
        }
        let kind = format!("{EVENT_KIND}{}", event.word());
        let draft = Draft {
            time: at,
            kind: (kind.parse::<Id>()).map_err(|error| unrecordable(error.to_string()))?,
            subject: self.id.to_string(),
            actor: Some(actor(event)),
            digests,
            detail,
        };
        let (entry, line) = self.trail.push(draft)?;
        self.take(&entry)?;
        Ok(line)
    }

    fn take(&mut self, entry: &Entry) -> Result<(), Failure> {
        let damaged = |why: String| {
            let place = format!("entry {} of `{}`", entry.sequence(), self.stream);
            Failure::Store(StoreError::Damaged {
                why: format!("{place}: {why}"),
            })
        };
        let missing = || damaged("it is no event of a rollout".to_owned());
        let detail = &entry.draft().detail;
        let recorded: Recorded = said(detail, EVENT).map_err(&damaged)?.ok_or_else(missing)?;
        let plan: Option<Plan> = said(detail, PLAN).map_err(&damaged)?;
        let asked: Option<Asked> = said(detail, REQUEST).map_err(&damaged)?;
        let before = match (self.rollout.take(), plan) {
            (Some(rollout), None) => rollout,
            (None, Some(plan)) => Rollout::new(plan),
            _ => return Err(damaged("its plan is missing, or there are two".to_owned())),
        };
        let is_next = recorded.sequence == before.revision.saturating_add(1);
        if recorded.rollout != self.id || before.plan.id != self.id || !is_next {
            return Err(damaged("it belongs elsewhere".to_owned()));
        }
        let after = apply(before, &recorded.event, recorded.at);
        let after = after.map_err(|error| damaged(error.to_string()))?;
        if let Some(asked) = asked {
            let answer = (asked.digest, outcome(&after));
            self.answers.insert((asked.by, asked.key), answer);
        }
        self.rollout = Some(after);
        Ok(())
    }
}

/// Returns the event that an entry records, where it is one of a rollout.
pub(super) fn recorded(entry: &Entry) -> Option<Recorded> {
    said(&entry.draft().detail, EVENT).ok().flatten()
}

fn said<T: DeserializeOwned>(detail: &Map<String, Value>, name: &str) -> Result<Option<T>, String> {
    let said = detail.get(name).cloned();
    let read = said.map(serde_json::from_value).transpose();
    read.map_err(|error| format!("its `{name}` cannot be read: {error}"))
}

/// Returns the stream of a rollout.
///
/// # Errors
/// When its name cannot be that of a stream.
pub fn stream_of(id: &Id) -> Result<StreamId, Failure> {
    StreamId::new(format!("{ROLLOUTS}{id}")).map_err(|error| Failure::Unrecordable {
        why: error.to_string(),
    })
}

/// Returns what a command led to that left a rollout so.
pub(super) fn outcome(rollout: &Rollout) -> Outcome {
    Outcome {
        rollout: rollout.plan.id.clone(),
        revision: rollout.revision,
        phase: rollout.phase.word(),
        stage: rollout.stay().map(|stay| stay.stage),
        percent: rollout.percent(),
    }
}

/// Returns who decided: a person, or Baton by what the handoffs show.
fn actor(event: &Event) -> String {
    match event {
        Event::Started { by, .. }
        | Event::Frozen { by, .. }
        | Event::Thawed { by, .. }
        | Event::RolledBack {
            cause: RollbackCause::Asked { by, .. },
            ..
        } => by.to_string(),
        _ => "baton".to_owned(),
    }
}
