//! Turns: those in one process who compete for the same numbered places decide one after the other.
//!
//! Who takes a place is settled by the store, whatever process asks. But of several who decide at once on the same place all but one
//! decide in vain, and within one process that need not be: each waits until the one before it has its answer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Sequences kept; when there are more, those that nobody waits for are dropped.
const SEQUENCES_MAX: usize = 10_000;

/// Whose turn it is, by sequence.
#[derive(Debug, Default)]
pub(super) struct Turns {
    sequences: Mutex<BTreeMap<String, Arc<Mutex<()>>>>,
}

impl Turns {
    /// Works while nobody else in this process works on any of the sequences.
    pub(super) fn take<T>(&self, sequences: &BTreeSet<String>, work: impl FnOnce() -> T) -> T {
        // In the order of names, so that no two wait for each other in a circle.
        let locks: Vec<_> = sequences.iter().map(|name| self.lock_of(name)).collect();
        let _held: Vec<_> = locks.iter().map(|lock| held(lock)).collect();
        work()
    }

    fn lock_of(&self, name: &str) -> Arc<Mutex<()>> {
        let mut sequences = held(&self.sequences);
        if let Some(lock) = sequences.get(name) {
            return Arc::clone(lock);
        }
        if sequences.len() >= SEQUENCES_MAX {
            sequences.retain(|_, lock| Arc::strong_count(lock) > 1);
        }
        let lock = Arc::default();
        sequences.insert(name.to_owned(), Arc::clone(&lock));
        lock
    }
}

/// A lock keeps nothing that whoever panicked could have left half done.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn nobody_works_on_a_sequence_that_another_works_on() {
        let turns = Turns::default();
        let working = [const { AtomicUsize::new(0) }; 3];
        let sets: [&[usize]; 4] = [&[0, 1], &[1, 2], &[2, 0], &[1]];
        std::thread::scope(|scope| {
            for set in sets {
                let (turns, working) = (&turns, &working);
                scope.spawn(move || {
                    let asked = set.iter().map(|at| format!("team/{at}")).collect();
                    for _ in 0..200 {
                        turns.take(&asked, || {
                            for at in set {
                                assert_eq!(working[*at].fetch_add(1, Ordering::SeqCst), 0);
                            }
                            std::thread::yield_now();
                            for at in set {
                                working[*at].fetch_sub(1, Ordering::SeqCst);
                            }
                        });
                    }
                });
            }
        });
    }

    #[test]
    fn sequences_nobody_waits_for_are_dropped() {
        let turns = Turns::default();
        turns.take(&names(&["held"]), || {
            for number in 0..SEQUENCES_MAX {
                turns.take(&names(&[&number.to_string()]), || {});
            }
            let kept = held(&turns.sequences);
            assert!(kept.len() <= 2 && kept.contains_key("held"));
        });
    }

    #[test]
    fn after_a_panic_others_get_their_turn() {
        let turns = Turns::default();
        let asked = names(&["a"]);
        let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            turns.take(&asked, || panic!("on purpose"));
        }));
        assert!(failed.is_err());
        assert_eq!(turns.take(&asked, || 7), 7);
    }
}
