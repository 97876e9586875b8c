//! The desk: what every use case works with.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use baton_evidence::keys::Keyring;
use baton_mission::names::HandoffId;
use baton_terms::{Id, Instant};

use super::case::Case;
use super::effects::stream_of;
use super::failure::Failure;
use super::numbered::Hints;
use super::roster::Roster;
use super::shelf::{Pinned, Shelf};
use super::turns::Turns;
use crate::port::{Clock, Store, StreamId};
use crate::rollout::{Flags, NoFlags, Record};

/// Handoffs kept in memory as they were last seen; when there are more, memory is emptied.
const SEEN_MAX: usize = 1_000;
/// Rollouts kept in memory likewise.
const ROLLOUTS_SEEN_MAX: usize = 100;

/// What use cases work with: a store, a clock, the keys that count and what is known of teams.
///
/// It holds nothing that is not in the store: what it remembers only saves reading it again.
pub struct Desk<'a> {
    pub(super) store: &'a dyn Store,
    clock: &'a dyn Clock,
    pub(super) keyring: Keyring,
    pub(crate) roster: Roster,
    flags: &'a dyn Flags,
    pub(crate) shelf: Shelf,
    pub(crate) hints: Hints,
    pub(super) turns: Turns,
    seen: Mutex<BTreeMap<StreamId, Arc<Case>>>,
    rollouts: Mutex<BTreeMap<Id, Arc<Record>>>,
}

impl std::fmt::Debug for Desk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl<'a> Desk<'a> {
    /// Returns a desk where no signature counts and teams are what contracts say of them.
    pub fn new(store: &'a dyn Store, clock: &'a dyn Clock) -> Self {
        Self {
            store,
            clock,
            keyring: Keyring::default(),
            roster: Roster::default(),
            flags: &NoFlags,
            shelf: Shelf::default(),
            hints: Hints::default(),
            turns: Turns::default(),
            seen: Mutex::default(),
            rollouts: Mutex::default(),
        }
    }

    /// Returns the desk with the keys whose signatures count.
    #[must_use]
    pub fn with_keyring(mut self, keyring: Keyring) -> Self {
        self.keyring = keyring;
        self
    }

    /// Returns the desk with what is known of teams.
    #[must_use]
    pub fn with_roster(mut self, roster: Roster) -> Self {
        self.roster = roster;
        self
    }

    /// Returns the desk with where feature flags are read from.
    #[must_use]
    pub fn with_flags(mut self, flags: &'a dyn Flags) -> Self {
        self.flags = flags;
        self
    }

    /// Returns where feature flags are read from.
    pub(crate) fn flags(&self) -> &'a dyn Flags {
        self.flags
    }

    /// Returns a rollout as its stream has it now.
    pub(crate) fn rollout(&self, id: &Id) -> Result<Arc<Record>, Failure> {
        let seen = self.rollouts.lock().unwrap_or_else(PoisonError::into_inner);
        let last = seen.get(id).cloned();
        drop(seen);
        let record = Record::read(self.store, id, last)?;
        self.remember_rollout(id, Arc::clone(&record));
        Ok(record)
    }

    pub(crate) fn remember_rollout(&self, id: &Id, record: Arc<Record>) {
        let mut seen = self.rollouts.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= ROLLOUTS_SEEN_MAX {
            seen.clear();
        }
        seen.insert(id.clone(), record);
    }

    /// Returns the store.
    pub fn store(&self) -> &'a dyn Store {
        self.store
    }

    /// Returns the present.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Returns a handoff as its stream has it now.
    ///
    /// # Errors
    /// When the store cannot be read, or the stream is not one that Baton wrote.
    pub fn load(&self, handoff: &HandoffId) -> Result<Arc<Case>, Failure> {
        let stream = stream_of(handoff)?;
        match Case::read(self.store, &stream, self.last_seen(&stream)) {
            Ok(case) => {
                self.remember(stream, Arc::clone(&case));
                Ok(case)
            }
            Err(failure) => {
                self.forget(&stream);
                Err(failure)
            }
        }
    }

    /// Returns a handoff as it was seen last; one that was not is read.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub(super) fn glance(&self, handoff: &HandoffId) -> Result<Arc<Case>, Failure> {
        match self.last_seen(&stream_of(handoff)?) {
            Some(case) => Ok(case),
            None => self.load(handoff),
        }
    }

    /// Returns the contract that a handoff holds to, if it was opened.
    ///
    /// # Errors
    /// When the store does not hold it.
    pub fn contract_of(&self, case: &Case) -> Result<Arc<Pinned>, Failure> {
        let digest = case.contract().ok_or_else(|| Failure::NoSuchHandoff {
            handoff: case.name(),
        })?;
        self.shelf.kept(self.store, digest)
    }

    fn last_seen(&self, stream: &StreamId) -> Option<Arc<Case>> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(stream).cloned()
    }

    pub(super) fn remember(&self, stream: StreamId, case: Arc<Case>) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= SEEN_MAX {
            seen.clear();
        }
        seen.insert(stream, case);
    }

    pub(super) fn forget(&self, stream: &StreamId) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.remove(stream);
    }
}
