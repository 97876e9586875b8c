//! Numbers from a seed: the splitmix64 generator (Steele, Lea and Flood, "Fast splittable pseudorandom number
//! generators", 2014). The same seed gives the same numbers everywhere, so that a failure repeats exactly.

use std::sync::{Mutex, PoisonError};

/// A generator that several parts of a world may draw from; draws in one thread repeat exactly.
#[derive(Debug)]
pub struct Seed {
    state: Mutex<u64>,
}

impl Seed {
    /// Returns the generator of a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            state: Mutex::new(seed),
        }
    }

    /// Returns another generator, whose numbers do not depend on how many are drawn here later.
    #[must_use]
    pub fn split(&self) -> Self {
        Self::new(self.draw())
    }

    /// Returns the next number.
    pub fn draw(&self) -> u64 {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `end`, or 0 where `end` is 0.
    pub fn below(&self, end: u64) -> u64 {
        self.draw().checked_rem(end).unwrap_or(0)
    }

    /// Returns whether something happens that happens `per_mille` times in a thousand.
    pub fn happens(&self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// Returns one of several things, or nothing where there are none.
    pub fn pick<'t, T>(&self, things: &'t [T]) -> Option<&'t T> {
        let count = u64::try_from(things.len()).unwrap_or(u64::MAX);
        let index = usize::try_from(self.below(count)).unwrap_or(0);
        things.get(index)
    }
}
