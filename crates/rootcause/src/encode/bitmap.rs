//! A set of rows, one bit each: the rows of an item, of a pattern, of the failures.

/// Bits in a word.
const WORD: usize = 64;

/// A set of rows out of a known number of rows.
///
/// INVARIANT: bits at and beyond `rows` are zero, so that counts need no mask.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Bitmap {
    words: Vec<u64>,
    rows: usize,
}

impl Bitmap {
    /// Returns the empty set of `rows` rows.
    pub fn empty(rows: usize) -> Self {
        Self {
            words: vec![0; rows.div_ceil(WORD)],
            rows,
        }
    }

    /// Returns the set of all `rows` rows.
    pub fn full(rows: usize) -> Self {
        Self::of((0..rows).map(|_| true))
    }

    /// Returns the set of the rows at which `members` says true.
    pub fn of(members: impl ExactSizeIterator<Item = bool>) -> Self {
        let rows = members.len();
        let mut words = Vec::with_capacity(rows.div_ceil(WORD));
        let mut word = 0_u64;
        let mut filled = 0_u32;
        for member in members {
            word |= u64::from(member) << filled;
            filled += 1;
            if filled == u64::BITS {
                words.push(word);
                (word, filled) = (0, 0);
            }
        }
        if filled > 0 {
            words.push(word);
        }
        Self { words, rows }
    }

    /// Returns the number of rows it is a subset of.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Returns the bits, 64 rows a word, lowest row in the lowest bit.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Returns whether `row` is a member.
    pub fn contains(&self, row: usize) -> bool {
        self.words
            .get(row / WORD)
            .is_some_and(|word| word >> (row % WORD) & 1 == 1)
    }

    /// Adds `row`; a row that does not exist is left out.
    pub fn insert(&mut self, row: usize) {
        if row < self.rows
            && let Some(word) = self.words.get_mut(row / WORD)
        {
            *word |= 1 << (row % WORD);
        }
    }

    /// Returns the number of members.
    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| ones(*word)).sum()
    }

    /// Returns the number of members that are in `other` too.
    pub fn count_both(&self, other: &Self) -> u64 {
        count_both(&self.words, &other.words)
    }

    /// Returns the members that are in `other` too.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.combine(other, |one, two| one & two)
    }

    /// Returns the members that are not in `other`.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        self.combine(other, |one, two| one & !two)
    }

    /// Returns the members of either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        self.combine(other, |one, two| one | two)
    }

    /// Returns the members in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(place, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = usize::try_from(rest.trailing_zeros()).ok()?;
                rest &= rest - 1;
                Some(place * WORD + bit)
            })
        })
    }

    /// Combines word by word; `other` is taken as empty beyond its rows.
    fn combine(&self, other: &Self, combine: impl Fn(u64, u64) -> u64) -> Self {
        let theirs = other.words.iter().copied().chain(std::iter::repeat(0));
        let mut joined = Self {
            words: self
                .words
                .iter()
                .zip(theirs)
                .map(|(one, two)| combine(*one, two))
                .collect(),
            rows: self.rows,
        };
        joined.trim();
        joined
    }

    fn trim(&mut self) {
        let used = self.rows % WORD;
        if used > 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << used) - 1;
        }
    }
}

/// Returns the number of bits that are set in both of two runs of words.
///
/// Four sums run side by side, which the compiler turns into vector instructions.
pub(crate) fn count_both(one: &[u64], two: &[u64]) -> u64 {
    let mut sums = [0_u64; 4];
    let (ones_of, twos_of) = (one.chunks_exact(4), two.chunks_exact(4));
    let rest: u64 = ones_of
        .remainder()
        .iter()
        .zip(two.get(one.len() / 4 * 4..).unwrap_or_default())
        .map(|(a, b)| ones(a & b))
        .sum();
    for (a, b) in ones_of.zip(twos_of) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += ones(a & b);
        }
    }
    rest + sums.iter().sum::<u64>()
}

fn ones(word: u64) -> u64 {
    u64::from(word.count_ones())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bitmap(rows: usize, of: impl Fn(usize) -> bool) -> Bitmap {
        Bitmap::of((0..rows).map(of))
    }

    #[test]
    fn sets_of_any_length_count_and_combine() {
        for rows in [0, 1, 63, 64, 65, 127, 200, 257, 515] {
            let threes = bitmap(rows, |row| row % 3 == 0);
            let fives = bitmap(rows, |row| row % 5 == 0);
            let count = |of: &dyn Fn(usize) -> bool| (0..rows).filter(|row| of(*row)).count();
            let same = |set: &Bitmap, of: &dyn Fn(usize) -> bool| {
                assert_eq!(usize::try_from(set.count()).unwrap(), count(of), "{rows}");
                assert!(set.iter().eq((0..rows).filter(|row| of(*row))), "{rows}");
                assert!((0..rows + 70).all(|row| set.contains(row) == (row < rows && of(row))));
            };
            same(&threes, &|row| row % 3 == 0);
            same(&threes.and(&fives), &|row| row % 15 == 0);
            same(&threes.or(&fives), &|row| row % 3 == 0 || row % 5 == 0);
            same(&threes.without(&fives), &|row| row % 3 == 0 && row % 5 != 0);
            same(&Bitmap::full(rows).without(&threes), &|row| row % 3 != 0);
            assert_eq!(threes.count_both(&fives), threes.and(&fives).count());
            let mut built = Bitmap::empty(rows);
            (0..rows + 9).step_by(3).for_each(|row| built.insert(row));
            assert_eq!(built, threes);
        }
    }
}
