//! What happens to a process: its store fails, it dies, or it stands still for longer than its leases.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::seed::Seed;
use crate::store::{Fault, Faults, Operation};

/// Faults by chance, deaths and stalls among them.
pub struct Hazards<'a> {
    seed: Seed,
    per_mille: u64,
    /// What others do while the process stands still.
    meanwhile: &'a (dyn Fn() + Sync + 'a),
    is_dead: AtomicBool,
    deaths: AtomicU64,
    stalls: AtomicU64,
}

impl std::fmt::Debug for Hazards<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hazards").finish_non_exhaustive()
    }
}

impl<'a> Hazards<'a> {
    /// Returns hazards that strike so many calls of a thousand.
    pub fn new(seed: Seed, per_mille: u64, meanwhile: &'a (dyn Fn() + Sync + 'a)) -> Self {
        Self {
            seed,
            per_mille,
            meanwhile,
            is_dead: AtomicBool::new(false),
            deaths: AtomicU64::new(0),
            stalls: AtomicU64::new(0),
        }
    }

    /// Returns whether the process has died, and starts another: nothing of its memory is left.
    pub fn restart(&self) -> bool {
        self.is_dead.swap(false, Ordering::SeqCst)
    }

    /// Returns how often the process died, and how often it stood still.
    pub fn counted(&self) -> BTreeMap<&'static str, u64> {
        BTreeMap::from([
            ("deaths", self.deaths.load(Ordering::SeqCst)),
            ("stalls", self.stalls.load(Ordering::SeqCst)),
        ])
    }

    fn die(&self, last: Fault) -> Fault {
        self.deaths.fetch_add(1, Ordering::SeqCst);
        self.is_dead.store(true, Ordering::SeqCst);
        last
    }
}

impl Faults for Hazards<'_> {
    fn next(&self, operation: Operation) -> Option<Fault> {
        // The dead reach nothing: whatever their code still tries is as if it were not tried.
        if self.is_dead.load(Ordering::SeqCst) {
            return Some(Fault::Unavailable);
        }
        let is_append = operation == Operation::Append;
        // A commit is where faults hurt: it is struck more often than the many reads around it.
        let weight = if is_append { 4 } else { 1 };
        if !self.seed.happens(self.per_mille.saturating_mul(weight)) {
            return None;
        }
        match self.seed.below(8) {
            0 if is_append => {
                self.stalls.fetch_add(1, Ordering::SeqCst);
                (self.meanwhile)();
                None
            }
            1 if is_append => Some(self.die(Fault::UnknownAndKept)),
            2 if is_append => Some(self.die(Fault::UnknownAndLost)),
            3 => Some(self.die(Fault::Unavailable)),
            4 if is_append => Some(Fault::UnknownAndKept),
            5 if is_append => Some(Fault::UnknownAndLost),
            6 if is_append => Some(Fault::Full),
            _ => Some(Fault::Unavailable),
        }
    }
}
