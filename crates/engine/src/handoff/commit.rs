//! The one loop through which every decision is made and kept.
//!
//! Read, gather facts, decide, append by compare-and-set. Who was overtaken reads again and decides anew; where the outcome of
//! a commit is unknown the stream is read again, and tells by the request's key whether it was kept.

use std::sync::Arc;

use baton_evidence::trace::Draft;
use baton_mission::handoff::{
    Ask, AskName, CheckSummary, Command, CommandFormat, Event, Facts, PackageFacts, Refusal,
    decide, request_digest,
};
use baton_terms::{Digest, Instant};

use super::call::{Call, Outcome};
use super::case::Case;
use super::desk::Desk;
use super::effects::{self, stream_of};
use super::entry;
use super::failure::Failure;
use super::shelf::Pinned;
use super::slot::{Standing, digest_of};
use crate::port::{self, Appended, Blob, Request, Settlement, StoreError, StreamId, Transition};
use crate::rollout::Assignment;

/// How often a decision is made anew because others were faster or its outcome was unknown.
pub const TRIES_MAX: u32 = 32;

/// What a use case found out before the lifecycle decides.
pub(super) struct Gathered {
    pub(super) ask: Ask,
    pub(super) pinned: Arc<Pinned>,
    pub(super) package: Option<PackageFacts>,
    pub(super) check: Option<CheckSummary>,
    /// Documents that the decision rests on.
    pub(super) blobs: Vec<Blob>,
    /// Entries that come before those of the events.
    pub(super) before: Vec<Draft>,
    /// The key of a numbered place that the decision takes, beside what it says.
    pub(super) place: Option<(String, Vec<u8>)>,
    /// Which version a rollout gives the handoff that is opened.
    pub(super) assignment: Option<Assignment>,
}

impl Gathered {
    pub(super) fn plain(ask: Ask, pinned: Arc<Pinned>) -> Self {
        Self {
            ask,
            pinned,
            package: None,
            check: None,
            blobs: Vec::new(),
            before: Vec::new(),
            place: None,
            assignment: None,
        }
    }
}

/// What became of one try.
enum Tried {
    Kept(Outcome),
    Again,
}

/// Decides and keeps. `gather` is asked again whenever the handoff has moved.
pub(super) fn commit(
    desk: &Desk<'_>,
    call: &Call<'_>,
    mut gather: impl FnMut(&Case, Instant) -> Result<Gathered, Failure>,
) -> Result<Outcome, Failure> {
    let stream = stream_of(&call.handoff)?;
    for _ in 0..TRIES_MAX {
        let case = desk.load(&call.handoff)?;
        // Where the handoff is known to be is also what a check is dated by: never before its last event.
        let now = desk.now();
        let at = case.handoff.last_at().map_or(now, |last| last.max(now));
        let tried = gather(&case, at).and_then(|gathered| {
            let tried = Try {
                desk,
                call,
                case: &case,
                stream: &stream,
            };
            tried.make(gathered, now)
        });
        match tried {
            Ok(Tried::Kept(outcome)) => return Ok(outcome),
            Ok(Tried::Again) => desk.forget(&stream),
            Err(failure) => {
                desk.forget(&stream);
                return Err(failure);
            }
        }
    }
    Err(Failure::Contended {
        handoff: call.handoff.to_string(),
        tries: TRIES_MAX,
    })
}

struct Try<'t, 'd> {
    desk: &'t Desk<'d>,
    call: &'t Call<'t>,
    case: &'t Case,
    stream: &'t StreamId,
}

impl Try<'_, '_> {
    fn make(&self, gathered: Gathered, now: Instant) -> Result<Tried, Failure> {
        let command = Command {
            baton: CommandFormat::V1,
            handoff: self.call.handoff.clone(),
            key: self.call.key.clone(),
            expects: (self.call.expects).unwrap_or_else(|| self.case.handoff.revision()),
            ask: gathered.ask.clone(),
        };
        let slot = self.slot(&command)?;
        let facts = Facts {
            package: gathered.package.as_ref(),
            check: gathered.check.as_ref(),
            baseline: slot.as_ref().and_then(|slot| slot.baseline.as_ref()),
            places_taken: slot.as_ref().map_or(0, |slot| slot.places_taken),
            ..Facts::at(now, self.call.actor, &gathered.pinned.terms)
        };
        let events = decide(&self.case.handoff, &command, &facts)?;
        if events.is_empty() {
            self.end_job(now)?;
            return self.answered(&command).map(Tried::Kept);
        }
        let request = self.request(&command);
        let place = match slot {
            Some(slot) => slot.claim(&events)?,
            None => None,
        };
        let place = place.or_else(|| {
            let (key, answer) = gathered.place.clone()?;
            let digest = digest_of(&events);
            Some(Request {
                key,
                digest,
                answer,
            })
        });
        let is_place = place.is_some();
        let (transition, after) = self.transition(gathered, &events)?;
        let outcome = Outcome::of(&after.handoff)?;
        let request = match place {
            Some(place) => place,
            None => Request {
                answer: outcome.to_bytes()?,
                ..request
            },
        };
        let transition = Transition {
            request: Some(request),
            ..transition
        };
        self.append((transition, is_place), (after, outcome))
    }

    fn append(
        &self,
        (transition, is_place): (Transition, bool),
        (after, outcome): (Case, Outcome),
    ) -> Result<Tried, Failure> {
        let request = transition.request.as_ref().map(|request| request.digest);
        let request = request.unwrap_or_else(|| Digest::of(b""));
        let place = transition.request.as_ref().filter(|_| is_place);
        let place = place.map(|place| place.key.clone());
        match self.desk.store.append(transition) {
            Ok(Appended::Now { .. }) => {
                if let Some(place) = place {
                    self.desk.hints.taken(&place);
                }
                self.desk.remember(self.stream.clone(), Arc::new(after));
                Ok(Tried::Kept(outcome))
            }
            // The stream was read before the same request was kept: read again, and it tells the answer.
            Ok(Appended::Before { .. })
            | Err(
                StoreError::Refused(port::Refusal::Moved { .. })
                | StoreError::OutcomeUnknown { .. },
            ) => Ok(Tried::Again),
            Err(StoreError::Refused(port::Refusal::KeyReused { .. })) if is_place => {
                Ok(Tried::Again)
            }
            Err(StoreError::Refused(port::Refusal::KeyReused { key })) => {
                Err(self.conflict(&key, request)?)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The job of a call that changes nothing ends as it does with a decision.
    fn end_job(&self, at: Instant) -> Result<(), StoreError> {
        match &self.call.under {
            Some(claim) => self.desk.store.settle(claim, &Settlement::Done { at }),
            None => Ok(()),
        }
    }

    /// A key names one request of its principal in the whole store.
    fn conflict(&self, key: &str, now: Digest) -> Result<Failure, Failure> {
        let kept = self.desk.store.request(key)?;
        Ok(Refusal::KeyConflict {
            key: self.call.key.clone(),
            first: kept.map_or(now, |kept| kept.digest),
            now,
        }
        .into())
    }

    /// What may be accepted or rolled back rests on what stands in the slot.
    fn slot(&self, command: &Command) -> Result<Option<Standing>, Failure> {
        let rests = matches!(
            command.ask.name(),
            AskName::Accept | AskName::RollBack | AskName::Check | AskName::Fire | AskName::Report
        );
        match self.case.handoff.phase().draft() {
            Some(draft) if rests => {
                Standing::read(&self.desk.hints, self.desk.store, &draft.slot).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn request(&self, command: &Command) -> Request {
        let principal = &self.call.actor.principal;
        let name = format!(
            "{}\n{}\n{}",
            principal.as_str().len(),
            principal,
            self.call.key
        );
        Request {
            key: format!("request/{}", Digest::of(name.as_bytes()).hex()),
            digest: request_digest(command),
            answer: Vec::new(),
        }
    }

    /// Returns what the same request led to before.
    fn answered(&self, command: &Command) -> Result<Outcome, Failure> {
        let principal = &self.call.actor.principal;
        let answer = self.case.handoff.answer(principal, &command.key);
        let revision = answer.map_or(self.case.handoff.revision(), |answer| answer.revision);
        if revision == self.case.handoff.revision() {
            return Outcome::of(&self.case.handoff);
        }
        let then = Case::at(self.desk.store, self.stream, revision)?;
        Outcome::of(&then)
    }

    fn transition(
        &self,
        gathered: Gathered,
        events: &[Event],
    ) -> Result<(Transition, Case), Failure> {
        let contract = gathered.pinned.form.digest();
        let mut after = self.case.clone();
        let mut lines = Vec::new();
        let mut blobs = gathered.blobs;
        for draft in gathered.before {
            lines.push(after.push(draft)?);
        }
        for event in events {
            let (mut draft, made) = entry::draft(event, contract)?;
            if let Some(assignment) = &gathered.assignment {
                entry::assigned(&mut draft, assignment)?;
            }
            lines.push(after.push_event(draft, event)?);
            blobs.extend(made);
        }
        blobs.sort_by_key(|blob| blob.digest);
        blobs.dedup_by_key(|blob| blob.digest);
        let effects = effects::of(self.case, &after, events)?;
        let transition = Transition {
            stream: self.stream.clone(),
            expected: self.case.entries(),
            at: after.handoff.last_at().unwrap_or_else(|| self.desk.now()),
            lines,
            leaf: after.trail.leaf(),
            summary: effects::summary(&after.handoff, &gathered.pinned.terms),
            request: None,
            blobs,
            jobs: effects.set.into_values().collect(),
            cleared: effects.cleared.into_iter().collect(),
            under: self.call.under.clone(),
        };
        Ok((transition, after))
    }
}
