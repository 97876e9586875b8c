//! Chance by key and counter: the number at a place depends on nothing that came before, so threads
//! and their order cannot change it.

/// Multipliers and key increments of the generator.
const MULTIPLIERS: [u32; 2] = [0xd251_1f53, 0xcd9e_8d57];
const WEYL: [u32; 2] = [0x9e37_79b9, 0xbb67_ae85];
const ROUNDS: u32 = 10;

/// Returns the block of 128 bits at a counter: Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011,
/// "Parallel random numbers: as easy as 1, 2, 3").
pub fn philox([mut c0, mut c1, mut c2, mut c3]: [u32; 4], [mut k0, mut k1]: [u32; 2]) -> [u32; 4] {
    let [m0, m1] = MULTIPLIERS;
    let [w0, w1] = WEYL;
    for round in 0..ROUNDS {
        if round > 0 {
            k0 = k0.wrapping_add(w0);
            k1 = k1.wrapping_add(w1);
        }
        let (high0, low0) = halves(u64::from(m0) * u64::from(c0));
        let (high1, low1) = halves(u64::from(m1) * u64::from(c2));
        (c0, c1, c2, c3) = (high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0);
    }
    [c0, c1, c2, c3]
}

/// Returns the upper and the lower half.
fn halves(value: u64) -> (u32, u32) {
    let [b0, b1, b2, b3, b4, b5, b6, b7] = value.to_be_bytes();
    (
        u32::from_be_bytes([b0, b1, b2, b3]),
        u32::from_be_bytes([b4, b5, b6, b7]),
    )
}

/// A stream of numbers named by a key and two indices, such as a permutation and a stratum.
#[derive(Debug, Clone)]
pub struct Stream {
    key: [u32; 2],
    /// The two indices of the counter's upper half.
    name: [u32; 2],
    block: u64,
    /// Numbers of the current block, last first.
    ready: Vec<u32>,
}

impl Stream {
    /// Returns the stream of a key, a permutation and a stratum, at its beginning.
    pub fn new(key: u64, permutation: u32, stratum: u32) -> Self {
        let (high, low) = halves(key);
        Self {
            key: [low, high],
            name: [permutation, stratum],
            block: 0,
            ready: Vec::new(),
        }
    }

    /// Returns the next 32 bits.
    pub fn bits(&mut self) -> u32 {
        if let Some(bits) = self.ready.pop() {
            return bits;
        }
        let (high, low) = halves(self.block);
        let [permutation, stratum] = self.name;
        let [first, second, third, fourth] = philox([low, high, permutation, stratum], self.key);
        self.block += 1;
        self.ready = vec![fourth, third, second];
        first
    }

    /// Returns a number below `bound`, every one equally likely; 0 for a bound of 0.
    ///
    /// Lemire (2019), "Fast random integer generation in an interval".
    pub fn below(&mut self, bound: u32) -> u32 {
        if bound == 0 {
            return 0;
        }
        let rejected_below = bound.wrapping_neg() % bound;
        loop {
            let (index, fraction) = halves(u64::from(self.bits()) * u64::from(bound));
            if fraction >= rejected_below {
                return index;
            }
        }
    }

    /// Puts the items in random order, every order equally likely (Fisher and Yates 1938; Durstenfeld
    /// 1964). Items beyond the 2^32nd stay where they are.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let Ok(bound) = u32::try_from(last + 1) else {
                continue;
            };
            let chosen = usize::try_from(self.below(bound)).unwrap_or(last);
            items.swap(last, chosen);
        }
    }
}

/// Exchanges labels at random within each stratum, the same for the same key and permutation
/// whatever threads do. Labels without a stratum stay.
///
/// Rows must stand in an order that does not depend on the file they came from, such as that of
/// their cases' identifiers.
pub fn shuffle_within(labels: &mut [bool], strata: &[u32], (key, permutation): (u64, u32)) {
    let mut rows: Vec<(u32, usize)> = strata.iter().copied().zip(0..).take(labels.len()).collect();
    rows.sort_unstable();
    for stratum in rows.chunk_by(|one, other| one.0 == other.0) {
        let Some(&(name, _)) = stratum.first() else {
            continue;
        };
        let mut held: Vec<bool> = stratum
            .iter()
            .filter_map(|&(_, row)| labels.get(row).copied())
            .collect();
        Stream::new(key, permutation, name).shuffle(&mut held);
        for (&(_, row), label) in stratum.iter().zip(held) {
            if let Some(slot) = labels.get_mut(row) {
                *slot = label;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_gives_its_published_answers() {
        // `kat_vectors` of Random123 1.14.
        for (counter, key, expected) in [
            (
                [0; 4],
                [0; 2],
                [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8],
            ),
            (
                [u32::MAX; 4],
                [u32::MAX; 2],
                [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd],
            ),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ] {
            assert_eq!(philox(counter, key), expected);
        }
    }

    #[test]
    fn every_order_is_equally_likely() {
        let mut counts = std::collections::BTreeMap::new();
        for permutation in 0..24_000 {
            let mut items = [0, 1, 2, 3];
            Stream::new(7, permutation, 0).shuffle(&mut items);
            *counts.entry(items).or_insert(0_i32) += 1;
        }
        assert_eq!(counts.len(), 24);
        // 1,000 each with a standard deviation of 31.
        assert!(
            counts.values().all(|count| (count - 1_000).abs() < 150),
            "{counts:?}"
        );
    }

    #[test]
    fn labels_stay_in_their_stratum_and_the_key_decides() {
        let strata: Vec<u32> = (0..300).map(|row| row % 3).collect();
        let labels: Vec<bool> = (0..300).map(|row| row % 3 == 1 || row < 30).collect();
        let shuffled = |key, permutation| {
            let mut labels = labels.clone();
            shuffle_within(&mut labels, &strata, (key, permutation));
            labels
        };
        let failing = |labels: &[bool], stratum| {
            labels
                .iter()
                .zip(&strata)
                .filter(|(label, s)| **label && **s == stratum)
                .count()
        };
        let once = shuffled(1, 0);
        for stratum in 0..3 {
            assert_eq!(failing(&once, stratum), failing(&labels, stratum));
        }
        assert_eq!(once, shuffled(1, 0));
        assert_ne!(once, labels);
        assert_ne!(once, shuffled(1, 1));
        assert_ne!(once, shuffled(2, 0));
    }

    #[test]
    fn numbers_below_a_bound_stay_below_it() {
        let mut stream = Stream::new(3, 1, 4);
        assert!((0..1_000).all(|_| stream.below(7) < 7));
        assert_eq!((stream.below(0), stream.below(1)), (0, 0));
    }
}
