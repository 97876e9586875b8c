//! Sets of rows, one bit each, and the weights a resample gives to rows.

/// A set of rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// Returns the rows whose flag is set.
    pub(crate) fn of(flags: impl IntoIterator<Item = bool>) -> Self {
        let mut words = Vec::new();
        let mut word = 0_u64;
        let mut place = 0_u32;
        for flag in flags {
            word |= u64::from(flag) << place;
            place += 1;
            if place == u64::BITS {
                words.push(word);
                word = 0;
                place = 0;
            }
        }
        if place > 0 {
            words.push(word);
        }
        Self { words }
    }

    /// Returns the first `count` of `len` rows.
    pub(crate) fn first(count: usize, len: usize) -> Self {
        Self::of((0..len).map(|row| row < count))
    }

    /// Keeps the rows that are in `other` too.
    pub(crate) fn and(&mut self, other: &Self) {
        for (word, with) in self.words.iter_mut().zip(&other.words) {
            *word &= with;
        }
    }

    /// Keeps the rows that are not in `other`.
    pub(crate) fn and_not(&mut self, other: &Self) {
        for (word, without) in self.words.iter_mut().zip(&other.words) {
            *word &= !without;
        }
    }

    /// Adds the rows of `other`.
    pub(crate) fn or(&mut self, other: &Self) {
        for (word, with) in self.words.iter_mut().zip(&other.words) {
            *word |= with;
        }
    }

    /// Becomes a copy of `other`, in the memory it has.
    pub(crate) fn copy_from(&mut self, other: &Self) {
        self.words.clone_from(&other.words);
    }

    /// Returns the number of rows.
    pub(crate) fn count(&self) -> u64 {
        self.words.iter().map(|word| ones(*word)).sum()
    }

    /// Returns the number of rows that are in `other` too.
    pub(crate) fn count_and(&self, other: &Self) -> u64 {
        let pairs = self.words.iter().zip(&other.words);
        pairs.map(|(one, two)| ones(one & two)).sum()
    }

    /// Calls `found` with each row that is in `other` too, first to last.
    fn each_and(&self, other: &Self, mut found: impl FnMut(usize)) {
        for (at, (one, two)) in self.words.iter().zip(&other.words).enumerate() {
            let mut left = one & two;
            while left != 0 {
                let place = usize::try_from(left.trailing_zeros()).unwrap_or_default();
                left &= left - 1;
                found(at * 64 + place);
            }
        }
    }

    /// Returns whether the row is in the set.
    pub(crate) fn contains(&self, row: usize) -> bool {
        let word = self.words.get(row / 64).copied().unwrap_or_default();
        word >> (row % 64) & 1 == 1
    }

    /// Returns the rows, first to last.
    pub(crate) fn rows(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(at, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let place = usize::try_from(left.trailing_zeros()).ok()?;
                (left != 0).then(|| {
                    left &= left - 1;
                    at * 64 + place
                })
            })
        })
    }
}

fn ones(word: u64) -> u64 {
    u64::from(word.count_ones())
}

/// How often each row counts: the sum of 2^b over the planes b that hold it.
#[derive(Debug, Clone)]
pub(crate) struct Weights {
    planes: Vec<Bits>,
}

impl Weights {
    /// Counts the given rows once and no other.
    pub(crate) fn once(rows: Bits) -> Self {
        Self { planes: vec![rows] }
    }

    /// Counts each row as often as its number says, up to seven times.
    pub(crate) fn of(numbers: &[u8]) -> Self {
        let plane = |bit: u32| Bits::of(numbers.iter().map(|number| number >> bit & 1 == 1));
        Self {
            planes: (0..3).map(plane).collect(),
        }
    }

    /// Returns the weight of a set of rows.
    pub(crate) fn count(&self, rows: &Bits) -> u64 {
        let planes = self.planes.iter().enumerate();
        planes
            .map(|(bit, plane)| rows.count_and(plane) << bit)
            .sum()
    }

    /// Returns the weight of all rows.
    pub(crate) fn total(&self) -> u64 {
        let planes = self.planes.iter().enumerate();
        planes.map(|(bit, plane)| plane.count() << bit).sum()
    }

    /// Returns whether a row counts at all.
    pub(crate) fn counts(&self, row: usize) -> bool {
        self.planes.iter().any(|plane| plane.contains(row))
    }

    /// Calls `found` with each row of a set and a part of its weight; the parts of a row add up to
    /// its weight.
    pub(crate) fn each(&self, rows: &Bits, mut found: impl FnMut(usize, u64)) {
        for (bit, plane) in self.planes.iter().enumerate() {
            rows.each_and(plane, |row| found(row, 1 << bit));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_rows_count_as_their_flags_do() {
        let threes = Bits::of((0..200).map(|row| row % 3 == 0));
        let mut both = Bits::of((0..200).map(|row| row % 2 == 0));
        assert_eq!(both.count_and(&threes), 34);
        both.and(&threes);
        assert_eq!(both.count(), 34);
        assert!(both.rows().eq((0..200).filter(|row| row % 6 == 0)));
        assert!(both.contains(6) && !both.contains(7) && !both.contains(6_000));
        both.and_not(&Bits::first(100, 200));
        assert_eq!(both.count(), 17);
        both.or(&Bits::first(100, 200));
        assert_eq!(both.count(), 117);
    }

    #[test]
    fn weights_count_rows_as_often_as_they_say() {
        let weights = Weights::of(&[0, 1, 2, 3, 7]);
        assert_eq!(weights.count(&Bits::first(5, 5)), 13);
        assert_eq!(weights.count(&Bits::first(3, 5)), 3);
        assert_eq!(
            Weights::once(Bits::first(2, 5)).count(&Bits::first(5, 5)),
            2
        );
    }
}
