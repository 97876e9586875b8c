//! The one loop through which every decision about a mission is made and kept.
//!
//! Read, decide, append by compare-and-set. Who was overtaken, or does not know whether a commit was
//! kept, reads again: the stream tells where the mission stands, and nothing else does.

use std::collections::BTreeMap;

use baton_evidence::canonical;
use baton_evidence::trace::{Draft, Entry, EntryError};
use baton_mission::run::{
    Command, Event, Format, Mission, OutOfPlace, Phase, Plan, Recorded, Refusal, apply, decide,
    notice,
};
use baton_report::mission::OutcomeReport;
use baton_terms::{Digest, Id, Instant};
use serde_json::{Map, Value};

use super::outcome::outcome;
use super::packet::incident_packet;
use super::reports::{OUTCOME_REPORT, report_of};
use super::run::Run;
use crate::follow_ups::{self, Task};
use crate::port::{
    Blob, JobId, JobKind, Ledger, NameError, NewJob, Page, StoreError, StreamId, Summary,
    Transition,
};
use crate::trail::Trail;

/// How often a decision is made anew because others were faster or its outcome was unknown.
const TRIES_MAX: u32 = 32;
/// Earlier runs looked at for a baseline.
const EARLIER_MAX: u32 = 1_000;
/// Under which name the entry that blocks a mission holds its incident packet.
const INCIDENT_PACKET: &str = "incident-packet";
/// The job by which nodes find a mission that is left to them.
const DRIVE: &str = "drive";
/// Under which name an entry that sets a mission going holds what nodes are told.
const TASK: &str = "task";
/// Under which name the first entry holds the baseline.
const BASELINE: &str = "baseline";

/// Tells the time, and waits for it.
pub trait Time {
    /// Returns the present.
    fn now(&self) -> Instant;
    /// Returns at the instant or after it, never before.
    fn wait_until(&self, at: Instant);
}

/// Why nothing more was kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeepError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The mission does not take the command where it stands.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The record of the mission does not hold together.
    #[error(transparent)]
    OutOfPlace(#[from] OutOfPlace),
    /// An entry cannot be written.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// A name cannot stand in the store.
    #[error(transparent)]
    Name(#[from] NameError),
    /// An entry is not one of a mission.
    #[error("read the record of `{stream}`: {why}")]
    Unreadable {
        /// The stream.
        stream: String,
        /// What is wrong with it.
        why: String,
    },
    /// Others were faster every time.
    #[error("decide about `{stream}`: others were faster {tries} times")]
    Contended {
        /// The stream.
        stream: String,
        /// How often it was tried.
        tries: u32,
    },
}

/// A mission and its record.
pub struct Keeper<'k> {
    store: &'k dyn Ledger,
    time: &'k dyn Time,
    run: &'k Run,
    stream: StreamId,
    plan: Plan,
    trail: Trail,
    mission: Mission,
    /// What nodes are told to do, when the mission is left to them.
    task: Option<Vec<u8>>,
    /// Whether the last decision that set it going left it to them.
    is_left_to_nodes: bool,
}

impl<'k> Keeper<'k> {
    /// Returns the mission of a run as its record has it; one without a record has not been started.
    ///
    /// # Errors
    /// When the store or the record cannot be read.
    pub fn open(
        store: &'k dyn Ledger,
        time: &'k dyn Time,
        run: &'k Run,
    ) -> Result<Self, KeepError> {
        let stream = run.stream()?;
        let first = store.lines(&stream, 0, 1)?;
        // What a rollback lands on is settled when the run begins: later runs do not move it.
        let baseline = match first.first() {
            Some(line) => entry(&stream, &line.bytes)?
                .draft()
                .digests
                .get(&id(BASELINE)?)
                .copied(),
            None => match run.file.baseline {
                Some(baseline) => Some(baseline),
                None => last_completed(store, run, &stream)?,
            },
        };
        let plan = run.plan(baseline);
        let mut keeper = Self {
            store,
            time,
            run,
            stream,
            mission: Mission::new(plan.clone()),
            plan,
            trail: Trail::default(),
            task: None,
            is_left_to_nodes: false,
        };
        keeper.read_on()?;
        Ok(keeper)
    }

    /// Returns the keeper that leaves what follows its decisions to the nodes of the store, which are told this.
    #[must_use]
    pub fn leaving_it_to_nodes(mut self, task: Vec<u8>) -> Self {
        self.task = Some(task);
        self
    }

    /// Returns whether nodes of the store drive the mission once it goes on.
    pub fn is_left_to_nodes(&self) -> bool {
        self.is_left_to_nodes
    }

    /// Returns where the mission stands.
    pub fn mission(&self) -> &Mission {
        &self.mission
    }

    /// Returns the run.
    pub fn run(&self) -> &Run {
        self.run
    }

    /// Returns the stream of its trace.
    pub fn stream(&self) -> &StreamId {
        &self.stream
    }

    /// Returns the time.
    pub fn time(&self) -> &dyn Time {
        self.time
    }

    /// Returns a document that the record names.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn document(&self, digest: &Digest) -> Result<Option<Vec<u8>>, KeepError> {
        Ok(self.store.blob(digest)?)
    }

    /// Decides about a command and keeps what follows; `documents` are kept with it, by digest.
    ///
    /// # Errors
    /// When the mission does not take the command, or the store fails.
    pub fn commit(&mut self, command: &Command, documents: &[Vec<u8>]) -> Result<(), KeepError> {
        let mut was_overtaken = false;
        for _ in 0..TRIES_MAX {
            let now = self.now();
            let events = match decide(&self.mission, command, now) {
                Ok(events) => events,
                // Another process, or this one before it lost the answer, made the move already.
                Err(_) if was_overtaken => return Ok(()),
                Err(refusal) => return Err(refusal.into()),
            };
            if events.is_empty() {
                return Ok(());
            }
            let next = self.next(&events, now, documents)?;
            match self.store.append(next.transition) {
                Ok(_) => {
                    if events.iter().any(sets_going) {
                        self.is_left_to_nodes = self.task.is_some();
                    }
                    self.mission = next.mission;
                    self.trail = next.trail;
                    return Ok(());
                }
                Err(
                    StoreError::Refused(crate::port::Refusal::Moved { .. })
                    | StoreError::OutcomeUnknown { .. },
                ) => {
                    was_overtaken = self.read_on()? || was_overtaken;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(KeepError::Contended {
            stream: self.stream.to_string(),
            tries: TRIES_MAX,
        })
    }

    /// Returns the present, never before what is recorded.
    fn now(&self) -> Instant {
        let now = self.time.now();
        self.mission.latest().map_or(now, |latest| latest.max(now))
    }

    /// Reads what was added to the record; returns whether anything was.
    fn read_on(&mut self) -> Result<bool, KeepError> {
        let stream = self.stream.clone();
        let mut trail = self.trail;
        let mut mission = self.mission.clone();
        let mut is_left_to_nodes = self.is_left_to_nodes;
        trail.read_on(self.store, &stream, |entry| {
            let detail = Value::Object(entry.draft().detail.clone());
            let record: Recorded =
                serde_json::from_value(detail).map_err(|error| unreadable(&stream, &error))?;
            let expected = mission.revision().saturating_add(1);
            if record.mission != self.plan.id || record.sequence != expected {
                return Err(unreadable(&stream, &"an event of another place or mission"));
            }
            if sets_going(&record.event) {
                let mut names = entry.draft().digests.keys();
                is_left_to_nodes = names.any(|name| name.as_str() == TASK);
            }
            mission = apply(mission.clone(), &record.event, record.at)?;
            Ok::<(), KeepError>(())
        })?;
        let has_grown = trail.entries() > self.trail.entries();
        self.trail = trail;
        self.mission = mission;
        self.is_left_to_nodes = is_left_to_nodes;
        Ok(has_grown)
    }

    fn next(
        &self,
        events: &[Event],
        now: Instant,
        documents: &[Vec<u8>],
    ) -> Result<Next, KeepError> {
        let mut mission = self.mission.clone();
        let mut blobs: BTreeMap<Digest, Vec<u8>> = BTreeMap::new();
        for document in documents {
            blobs.insert(Digest::of(document), document.clone());
        }
        let mut drafts = Vec::new();
        let mut jobs = Vec::new();
        for event in events {
            let before = mission.clone();
            mission = apply(mission, event, now)?;
            drafts.push(self.draft(event, &mission, now)?);
            if let Some(notice) = notice(&before, &mission) {
                jobs.push(NewJob {
                    id: JobId::new(format!("notice-{}", notice.sequence))?,
                    kind: JobKind::Message,
                    due: at_once(now),
                    body: canonical::of(&value(&notice)).unwrap_or_default(),
                });
            }
        }
        if mission.phase().is_parked() {
            let report = self.report(&mission, (&mut drafts, &mut blobs))?;
            // Who is told that it parked is told what it leaves over.
            if !jobs.is_empty() {
                let tasks = report.follow_ups.iter();
                let tasks = tasks.map(|task| Task::of_mission(&report.run, task, now));
                let named = (report.run.as_str(), mission.revision());
                jobs.extend(follow_ups::job(named, tasks.collect(), at_once(now))?);
            }
        }
        jobs.extend(self.drive_job(&mission, now)?);
        let mut trail = self.trail;
        let lines: Result<Vec<_>, EntryError> = drafts
            .into_iter()
            .map(|draft| Ok(trail.push(draft)?.1))
            .collect();
        let transition = Transition {
            stream: self.stream.clone(),
            expected: self.trail.entries(),
            at: now,
            lines: lines?,
            leaf: trail.leaf(),
            summary: summary(&mission),
            request: None,
            blobs: blobs
                .into_iter()
                .map(|(digest, bytes)| Blob { digest, bytes })
                .collect(),
            jobs,
            // Whoever parks it, nobody need look at it again before a person has.
            cleared: if mission.phase().is_parked() {
                vec![JobId::new(DRIVE)?]
            } else {
                Vec::new()
            },
            under: None,
        };
        Ok(Next {
            transition,
            mission,
            trail,
        })
    }

    /// Returns the report of a mission that parks or ends; it is kept with the last entry, and an incident packet where it is blocked.
    fn report(
        &self,
        mission: &Mission,
        (drafts, blobs): (&mut [Draft], &mut BTreeMap<Digest, Vec<u8>>),
    ) -> Result<OutcomeReport, KeepError> {
        let read = |digest: &Digest| match blobs.get(digest) {
            Some(bytes) => Some(bytes.clone()),
            None => self.store.blob(digest).ok().flatten(),
        };
        let report = outcome(self.run, mission, &read);
        let mut kept = vec![(OUTCOME_REPORT, canonical::of(&value(&report)))];
        if let Some(packet) = incident_packet(self.run, mission) {
            kept.push((INCIDENT_PACKET, canonical::of(&value(&packet))));
        }
        for (name, bytes) in kept {
            let bytes = bytes.map_err(|_| EntryError::NotCanonical)?;
            if let Some(last) = drafts.last_mut() {
                last.digests.insert(id(name)?, Digest::of(&bytes));
            }
            blobs.insert(Digest::of(&bytes), bytes);
        }
        Ok(report)
    }

    /// Returns the job by which nodes find a mission that is left to them.
    fn drive_job(&self, mission: &Mission, now: Instant) -> Result<Option<NewJob>, KeepError> {
        let Some(task) = self.task.as_ref().filter(|_| !mission.phase().is_parked()) else {
            return Ok(None);
        };
        Ok(Some(NewJob {
            id: JobId::new(DRIVE)?,
            kind: JobKind::Timer,
            due: match mission.phase() {
                Phase::Retrying { at, .. } => *at,
                _ => at_once(now),
            },
            body: task.clone(),
        }))
    }

    fn draft(&self, event: &Event, after: &Mission, now: Instant) -> Result<Draft, KeepError> {
        let record = Recorded {
            baton: Format::V1,
            mission: self.plan.id.clone(),
            sequence: after.revision(),
            at: now,
            event: event.clone(),
        };
        let Value::Object(detail) = value(&record) else {
            return Err(EntryError::NotCanonical.into());
        };
        let mut digests = BTreeMap::new();
        if after.revision() == 1 {
            digests.insert(id("mission")?, self.run.digest);
            for (name, digest) in &self.run.inputs {
                digests.insert(id(&format!("input-{name}"))?, *digest);
            }
            if let Some(baseline) = self.plan.baseline {
                digests.insert(id(BASELINE)?, baseline);
            }
        }
        if let Some(task) = self.task.as_ref().filter(|_| sets_going(event)) {
            digests.insert(id(TASK)?, Digest::of(task));
        }
        if let Event::StepDone { outcome, .. } = event {
            digests.insert(id("output")?, outcome.output);
        }
        Ok(Draft {
            time: now,
            kind: id(&format!("mission-{}", event.word()))?,
            subject: self.plan.id.to_string(),
            actor: Some(actor(event)),
            digests,
            detail,
        })
    }
}

/// What one decision would leave behind.
struct Next {
    transition: Transition,
    mission: Mission,
    trail: Trail,
}

/// Returns the outcome report of the last run of this mission that was completed.
fn last_completed(
    store: &dyn Ledger,
    run: &Run,
    own: &StreamId,
) -> Result<Option<Digest>, KeepError> {
    let heads = store.heads(&Page {
        prefix: run.streams(),
        state: Some(Phase::Completed.word().to_owned()),
        turn: None,
        after: None,
        limit: EARLIER_MAX,
    })?;
    let mut latest: Option<(Instant, Digest)> = None;
    for head in heads.iter().filter(|head| head.stream != *own) {
        let lines = store.lines(&head.stream, head.entries.saturating_sub(1), 1)?;
        let Some(line) = lines.first() else { continue };
        let entry = entry(&head.stream, &line.bytes)?;
        let named = report_of(&entry).map(|report| (entry.draft().time, report));
        latest = latest.max(named);
    }
    Ok(latest.map(|(_, report)| report))
}

fn entry(stream: &StreamId, line: &[u8]) -> Result<Entry, KeepError> {
    Entry::parse(line).map_err(|_| unreadable(stream, &"a line is no entry of a trace"))
}

fn unreadable(stream: &StreamId, why: &impl std::fmt::Display) -> KeepError {
    KeepError::Unreadable {
        stream: stream.to_string(),
        why: why.to_string(),
    }
}

fn id(text: &str) -> Result<Id, KeepError> {
    text.parse()
        .map_err(|error: baton_terms::IdError| KeepError::Unreadable {
            stream: text.to_owned(),
            why: error.to_string(),
        })
}

/// Returns when what is to be done at once is due: nodes may count time in whole seconds.
fn at_once(now: Instant) -> Instant {
    let whole = jiff::Timestamp::from_second(now.timestamp().as_second());
    whole.map_or(now, Instant::from_timestamp)
}

/// Returns whether the event sets a mission going that waited for its start or for a person.
fn sets_going(event: &Event) -> bool {
    matches!(
        event,
        Event::Started
            | Event::Confirmed { .. }
            | Event::Resumed { .. }
            | Event::RollbackStarted { .. }
    )
}

/// Returns who did it: a person, or the mission by itself.
fn actor(event: &Event) -> String {
    match event {
        Event::Confirmed { principal, .. }
        | Event::Resumed { principal, .. }
        | Event::Withdrawn { principal, .. } => principal.to_string(),
        _ => "baton".to_owned(),
    }
}

fn summary(mission: &Mission) -> Summary {
    let phase = mission.phase();
    let is_somebodys = phase.is_parked() && !phase.is_terminal();
    Summary {
        state: phase.word().to_owned(),
        turn: is_somebodys.then(|| mission.plan().oversight.to_string()),
        due: match phase {
            Phase::Retrying { at, .. } => Some(*at),
            _ => None,
        },
    }
}

/// Returns a wire type as JSON; they are all made of texts, numbers and maps of texts.
fn value<T: serde::Serialize>(wire: &T) -> Value {
    serde_json::to_value(wire).unwrap_or_else(|_| Value::Object(Map::new()))
}
