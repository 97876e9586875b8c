//! Numbers drawn from a seed: `SplitMix64` (Steele, Lea and Flood, "Fast Splittable Pseudorandom
//! Number Generators", 2014). Integers only, so that every machine draws the same.

/// A stream of numbers.
#[derive(Debug, Clone)]
pub(super) struct Draws(u64);

impl Draws {
    /// Returns the stream of `seed` for one part of the sample; parts do not disturb each other.
    pub(super) fn of(seed: u64, part: &str) -> Self {
        let digest = baton_terms::Digest::of(format!("{part}\n{seed}").as_bytes());
        let head = digest.as_bytes().iter().take(8);
        Self(head.fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
    }

    /// Returns a number from 0 to below `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    /// Returns whether something that happens `percent` times in a hundred happens now.
    pub(super) fn happens(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Returns one of `choices`, or nothing when there is none.
    pub(super) fn one_of<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let count = u64::try_from(choices.len()).unwrap_or(u64::MAX);
        choices.get(usize::try_from(self.below(count)).unwrap_or(0))
    }
}
