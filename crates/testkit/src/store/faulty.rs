//! A store that fails: before it kept anything, after it kept everything, or for good.
//!
//! Which call fails is decided by [`Faults`]: by chance from a seed, or by counting, so that each call of a scenario can
//! be made to fail in turn. What was done to whom is counted, so that a run can say how much it went through.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use baton_engine::port::{
    Appended, Claim, ClaimRequest, Head, Job, Jobs, Ledger, Line, Page, Register, RegisterHead,
    Request, Sealing, Settlement, Store, StoreError, StreamId, Transition, Unsealed,
};
use baton_terms::{Digest, Instant};

use crate::seed::Seed;

/// What is asked of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// Something is read.
    Read,
    /// A transition is appended.
    Append,
    /// Jobs are claimed.
    Claim,
    /// A job is settled.
    Settle,
    /// A lease is renewed.
    Renew,
    /// The register is sealed.
    Seal,
}

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The store is busy or cannot be reached: nothing was kept.
    Unavailable,
    /// There is no room: nothing was kept.
    Full,
    /// The connection ended before anything was kept, and nobody knows.
    UnknownAndLost,
    /// The connection ended after everything was kept, and nobody knows.
    UnknownAndKept,
}

/// Says which calls fail.
pub trait Faults: Send + Sync {
    /// Returns how the next call fails, if it does.
    fn next(&self, operation: Operation) -> Option<Fault>;
}

/// No call fails.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFaults;

/// Calls fail by chance.
#[derive(Debug)]
pub struct ByChance {
    seed: Seed,
    per_mille: u64,
}

/// One call fails, or all from one on.
#[derive(Debug)]
pub struct ByCount {
    fault: Fault,
    first: u64,
    last: u64,
    calls: AtomicU64,
}

/// A store whose calls fail as it is told.
pub struct FaultyStore<'s> {
    store: &'s dyn Store,
    faults: &'s dyn Faults,
    injected: Mutex<BTreeMap<(Operation, Fault), u64>>,
}

impl Faults for NoFaults {
    fn next(&self, _: Operation) -> Option<Fault> {
        None
    }
}

impl ByChance {
    /// Has calls fail `per_mille` times in a thousand.
    pub fn new(seed: Seed, per_mille: u64) -> Self {
        Self { seed, per_mille }
    }
}

impl Faults for ByChance {
    fn next(&self, operation: Operation) -> Option<Fault> {
        if !self.seed.happens(self.per_mille) {
            return None;
        }
        let choice = self.seed.pick(&[
            Fault::Unavailable,
            Fault::Full,
            Fault::UnknownAndLost,
            Fault::UnknownAndKept,
        ]);
        Some(
            choice
                .copied()
                .unwrap_or(Fault::Unavailable)
                .fitting(operation),
        )
    }
}

impl ByCount {
    /// Has call `number` (the first is 1) fail.
    pub fn once(fault: Fault, number: u64) -> Self {
        Self::between(fault, (number, number))
    }

    /// Has the calls from one to another fail, both included.
    pub fn between(fault: Fault, (first, last): (u64, u64)) -> Self {
        Self {
            fault,
            first,
            last,
            calls: AtomicU64::new(0),
        }
    }

    /// Returns how many calls there were: a scenario has been broken everywhere when that is below the first that fails.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }
}

impl Faults for ByCount {
    fn next(&self, operation: Operation) -> Option<Fault> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        (self.first..=self.last)
            .contains(&call)
            .then(|| self.fault.fitting(operation))
    }
}

impl Fault {
    /// Returns the fault that the operation can show: what keeps nothing cannot be full or leave anybody in doubt.
    fn fitting(self, operation: Operation) -> Self {
        match operation {
            Operation::Read | Operation::Claim => Self::Unavailable,
            _ => self,
        }
    }

    fn error(self) -> StoreError {
        match self {
            Self::Unavailable => StoreError::Unavailable {
                why: "made to fail".to_owned(),
            },
            Self::Full => StoreError::Full,
            Self::UnknownAndLost | Self::UnknownAndKept => StoreError::OutcomeUnknown {
                why: "made to fail".to_owned(),
            },
        }
    }
}

impl std::fmt::Debug for FaultyStore<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FaultyStore").finish_non_exhaustive()
    }
}

impl<'s> FaultyStore<'s> {
    /// Returns a store that fails as `faults` say.
    pub fn new(store: &'s dyn Store, faults: &'s dyn Faults) -> Self {
        Self {
            store,
            faults,
            injected: Mutex::default(),
        }
    }

    /// Returns how often which call failed in which way.
    pub fn injected(&self) -> BTreeMap<(Operation, Fault), u64> {
        let injected = self.injected.lock();
        injected.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn call<T>(
        &self,
        operation: Operation,
        call: impl FnOnce(&dyn Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let Some(fault) = self.faults.next(operation) else {
            return call(self.store);
        };
        let mut injected = self.injected.lock().unwrap_or_else(PoisonError::into_inner);
        let count = injected.entry((operation, fault)).or_default();
        *count = count.saturating_add(1);
        drop(injected);
        if fault == Fault::UnknownAndKept {
            // A refusal reaches whoever asked: nothing was on its way then.
            call(self.store)?;
        }
        Err(fault.error())
    }
}

impl Ledger for FaultyStore<'_> {
    fn append(&self, transition: Transition) -> Result<Appended, StoreError> {
        self.call(Operation::Append, |store| store.append(transition))
    }

    fn lines(&self, stream: &StreamId, from: u64, limit: u32) -> Result<Vec<Line>, StoreError> {
        self.call(Operation::Read, |store| store.lines(stream, from, limit))
    }

    fn head(&self, stream: &StreamId) -> Result<Option<Head>, StoreError> {
        self.call(Operation::Read, |store| store.head(stream))
    }

    fn heads(&self, page: &Page) -> Result<Vec<Head>, StoreError> {
        self.call(Operation::Read, |store| store.heads(page))
    }

    fn request(&self, key: &str) -> Result<Option<Request>, StoreError> {
        self.call(Operation::Read, |store| store.request(key))
    }

    fn blob(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.call(Operation::Read, |store| store.blob(digest))
    }
}

impl Jobs for FaultyStore<'_> {
    fn claim(&self, request: &ClaimRequest) -> Result<Vec<Job>, StoreError> {
        self.call(Operation::Claim, |store| store.claim(request))
    }

    fn settle(&self, claim: &Claim, settlement: &Settlement) -> Result<(), StoreError> {
        self.call(Operation::Settle, |store| store.settle(claim, settlement))
    }

    fn renew(&self, claim: &Claim, until: Instant) -> Result<(), StoreError> {
        self.call(Operation::Renew, |store| store.renew(claim, until))
    }

    fn next_due(&self) -> Result<Option<Instant>, StoreError> {
        self.call(Operation::Read, |store| store.next_due())
    }
}

impl Register for FaultyStore<'_> {
    fn unsealed(&self, limit: u32) -> Result<Vec<Unsealed>, StoreError> {
        self.call(Operation::Read, |store| store.unsealed(limit))
    }

    fn register_head(&self) -> Result<RegisterHead, StoreError> {
        self.call(Operation::Read, |store| store.register_head())
    }

    fn register_lines(&self, from: u64, limit: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        self.call(Operation::Read, |store| store.register_lines(from, limit))
    }

    fn seal(&self, sealing: Sealing) -> Result<(), StoreError> {
        self.call(Operation::Seal, |store| store.seal(sealing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryStore;

    fn head_of(store: &FaultyStore<'_>) -> Result<Option<Head>, StoreError> {
        store.head(&StreamId::new("handoff/a").unwrap())
    }

    #[test]
    fn calls_fail_in_their_turn_and_are_counted() {
        let memory = MemoryStore::new();
        let faults = ByCount::between(Fault::UnknownAndLost, (2, 3));
        let store = FaultyStore::new(&memory, &faults);
        let answers: Vec<bool> = (0..5).map(|_| head_of(&store).is_ok()).collect();
        assert_eq!(answers, [true, false, false, true, true]);
        assert_eq!(faults.calls(), 5);
        // Reading leaves nobody in doubt: the fault is one that reading can have.
        let injected = store.injected();
        assert_eq!(
            injected.get(&(Operation::Read, Fault::Unavailable)),
            Some(&2)
        );
    }

    #[test]
    fn the_same_seed_fails_the_same_calls() {
        let memory = MemoryStore::new();
        let run = |seed| -> Vec<bool> {
            let faults = ByChance::new(Seed::new(seed), 300);
            let store = FaultyStore::new(&memory, &faults);
            (0..200).map(|_| head_of(&store).is_ok()).collect()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        let failed = run(7).iter().filter(|is_ok| !**is_ok).count();
        assert!((30..90).contains(&failed), "{failed}");
    }
}
