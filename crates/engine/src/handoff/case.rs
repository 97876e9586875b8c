//! A case: a handoff as its stream tells it.

use std::sync::Arc;

use baton_evidence::trace::{Draft, Entry};
use baton_mission::handoff::{Change, Event, Handoff, apply};
use baton_mission::names::Revision;
use baton_terms::Digest;

use super::entry::{self, Read};
use super::failure::Failure;
use crate::port::{Ledger, StoreError, StreamId};
use crate::rollout::Assignment;
use crate::trail::Trail;

/// A handoff with the end of its stream.
#[derive(Debug, Clone)]
pub struct Case {
    // INVARIANT: what `take` made of the entries that `trail` has read.
    pub(super) stream: StreamId,
    pub(super) handoff: Handoff,
    pub(super) trail: Trail,
    contract: Option<Digest>,
    assignment: Option<Arc<Assignment>>,
    decision: Option<Entry>,
    offered: Option<Revision>,
}

impl Case {
    /// Reads a stream, from where it was seen last.
    pub(super) fn read(
        store: &(impl Ledger + ?Sized),
        stream: &StreamId,
        seen: Option<Arc<Self>>,
    ) -> Result<Arc<Self>, Failure> {
        let seen = seen.unwrap_or_else(|| Arc::new(Self::empty(stream)));
        let mut trail = seen.trail;
        let mut case: Option<Self> = None;
        trail.read_on(store, stream, |entry| {
            let case = case.get_or_insert_with(|| (*seen).clone());
            case.take(entry)
        })?;
        match case {
            None => Ok(seen),
            Some(mut case) => {
                case.trail = trail;
                Ok(Arc::new(case))
            }
        }
    }

    /// Returns the handoff as it was at a revision.
    pub(super) fn at(
        store: &(impl Ledger + ?Sized),
        stream: &StreamId,
        revision: Revision,
    ) -> Result<Handoff, Failure> {
        let mut case = Self::empty(stream);
        Trail::default().read_on::<Failure>(store, stream, |entry| {
            if case.handoff.revision() < revision {
                case.take(entry)?;
            }
            Ok(())
        })?;
        Ok(case.handoff)
    }

    fn empty(stream: &StreamId) -> Self {
        Self {
            stream: stream.clone(),
            handoff: Handoff::default(),
            trail: Trail::default(),
            contract: None,
            assignment: None,
            decision: None,
            offered: None,
        }
    }

    /// Adds an entry, and returns its line.
    pub(super) fn push(&mut self, draft: Draft) -> Result<Vec<u8>, Failure> {
        let (entry, line) = self.trail.push(draft)?;
        self.take(entry)?;
        Ok(line)
    }

    /// Adds the entry of an event, and returns its line. What the entry says is what a debug build reads from it again.
    pub(super) fn push_event(&mut self, draft: Draft, event: &Event) -> Result<Vec<u8>, Failure> {
        let (entry, line) = self.trail.push(draft)?;
        debug_assert!(
            matches!(entry::read(&entry), Some(Read::Event(read)) if *read == *event),
            "an entry says another event than it was made of"
        );
        self.assign(&entry)?;
        self.happened(event, entry::contract(&entry))?;
        Ok(line)
    }

    fn assign(&mut self, entry: &Entry) -> Result<(), Failure> {
        if let Some(assignment) = entry::assignment(entry)? {
            self.assignment = Some(Arc::new(assignment));
        }
        Ok(())
    }

    fn take(&mut self, entry: Entry) -> Result<(), Failure> {
        self.assign(&entry)?;
        match entry::read(&entry) {
            Some(Read::Beside(_)) => Ok(()),
            Some(Read::Event(event)) => self.happened(&event, entry::contract(&entry)),
            Some(Read::Decision) => {
                self.decision = Some(entry);
                Ok(())
            }
            None => Err(Failure::Store(StoreError::Damaged {
                why: format!(
                    "entry {} of `{}` is no event of a handoff",
                    entry.sequence(),
                    self.stream
                ),
            })),
        }
    }

    fn happened(&mut self, event: &Event, contract: Option<Digest>) -> Result<(), Failure> {
        self.handoff = apply(std::mem::take(&mut self.handoff), event)?;
        match &event.change {
            Change::Opened { .. } => self.contract = contract,
            Change::Submitted { pin, .. } => self.contract = Some(pin.contract),
            Change::Offered { .. } | Change::Reassigned { .. } => {
                self.offered = Some(event.revision);
            }
            _ => {}
        }
        Ok(())
    }

    /// Returns the handoff.
    pub fn handoff(&self) -> &Handoff {
        &self.handoff
    }

    /// Returns the digest of the contract it was opened with, or is pinned to.
    pub fn contract(&self) -> Option<Digest> {
        self.contract
    }

    /// Returns which version a rollout gave it, where one had a say.
    pub fn assignment(&self) -> Option<&Assignment> {
        self.assignment.as_deref()
    }

    /// Returns the entry of its last check.
    pub fn decision(&self) -> Option<&Entry> {
        self.decision.as_ref()
    }

    /// Returns how many entries its stream has.
    pub fn entries(&self) -> u64 {
        self.trail.entries()
    }

    /// Returns the name under which its last offer is delivered.
    pub(crate) fn offer_name(&self) -> Option<String> {
        let offered = self.offered?;
        Some(format!("{}.{offered}.offer", self.name()))
    }

    /// Returns whether anything was recorded.
    pub(super) fn exists(&self) -> bool {
        self.trail.entries() > 0
    }

    /// Returns the name people know it by.
    pub(super) fn name(&self) -> String {
        let stream = self.stream.as_str();
        stream.strip_prefix("handoff/").unwrap_or(stream).to_owned()
    }
}
