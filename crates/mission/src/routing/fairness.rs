//! How evenly open work is spread over receivers, by Jain's index of load per capacity.
//!
//! R. Jain, D. Chiu and W. Hawe, "A Quantitative Measure of Fairness and Discrimination" (DEC-TR-301,
//! 1984): `(Σx)² / (n·Σx²)`, from `1/n` (one has it all) to 1 (all have the same). Loads are counted in
//! millionths and the index is floored to basis points, so it is the same on every machine.

use baton_terms::BasisPoints;

/// Millionths per unit of load.
const SCALE: u128 = 1_000_000;

/// What one receiver has open, and how much it can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Open handoffs.
    pub open: u32,
    /// Capacity, above zero, in a unit common to all receivers.
    pub capacity: u32,
}

/// What an assignment does to fairness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fairness {
    /// The index before.
    pub before: BasisPoints,
    /// The index after.
    pub after: BasisPoints,
    /// The best index any receiver that could take the handoff leads to.
    pub best: BasisPoints,
    /// The floor the contract sets.
    pub floor: Option<BasisPoints>,
}

impl Fairness {
    /// Returns whether the floor is held, or no choice could have held it.
    pub fn is_bounded(&self) -> bool {
        self.floor
            .is_none_or(|floor| self.after >= floor.min(self.best))
    }
}

impl Load {
    /// Returns the load with one more handoff.
    #[must_use]
    pub fn plus_one(self) -> Self {
        Self {
            open: self.open.saturating_add(1),
            ..self
        }
    }

    /// Returns open handoffs per capacity in millionths, floored; without capacity, as if it were one.
    fn per_capacity(self) -> u128 {
        u128::from(self.open) * SCALE / u128::from(self.capacity.max(1))
    }

    /// Compares open work per capacity exactly.
    pub(super) fn cmp_per_capacity(self, other: Self) -> std::cmp::Ordering {
        let mine = u64::from(self.open) * u64::from(other.capacity.max(1));
        let theirs = u64::from(other.open) * u64::from(self.capacity.max(1));
        mine.cmp(&theirs)
    }
}

/// Returns Jain's index of `loads`, floored; full when nobody has anything, or there is nobody.
pub fn jain_index(loads: impl IntoIterator<Item = Load>) -> BasisPoints {
    let mut count: u128 = 0;
    let mut sum: u128 = 0;
    let mut squares: u128 = 0;
    for load in loads {
        // At most 2^32 times a million: a square stays below 2^104 and a sum of thousands below 2^128.
        let share = load.per_capacity();
        count = count.saturating_add(1);
        sum = sum.saturating_add(share);
        squares = squares.saturating_add(share.saturating_mul(share));
    }
    if squares == 0 {
        return BasisPoints::FULL;
    }
    let index = ratio(sum, count.saturating_mul(squares));
    BasisPoints::saturating(u64::try_from(index).unwrap_or(10_000))
}

/// Returns `sum² · 10000 / whole`, floored; both are halved together until the product fits.
fn ratio(sum: u128, whole: u128) -> u128 {
    let (mut sum, mut whole) = (sum, whole);
    loop {
        let scaled = sum
            .checked_mul(sum)
            .and_then(|square| square.checked_mul(10_000));
        if let Some(scaled) = scaled {
            return scaled / whole.max(1);
        }
        sum >>= 1;
        whole >>= 2;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn loads(pairs: &[(u32, u32)]) -> Vec<Load> {
        let load = |(open, capacity): &(u32, u32)| Load {
            open: *open,
            capacity: *capacity,
        };
        pairs.iter().map(load).collect()
    }

    // spec: ROUTING-5
    #[test]
    fn the_index_is_that_of_the_paper() {
        for (pairs, expected) in [
            (&[][..], 10_000),
            (&[(0, 1), (0, 5)], 10_000),
            (&[(3, 1)], 10_000),
            (&[(2, 1), (2, 1), (2, 1)], 10_000),
            (&[(1, 3), (2, 6), (5, 15)], 10_000),
            (&[(4, 1), (0, 1)], 5_000),
            (&[(9, 1), (0, 1), (0, 1), (0, 1)], 2_500),
            // (1+3)²/(2·(1+9)) = 16/20
            (&[(1, 1), (3, 1)], 8_000),
            // (1+2+3)²/(3·14) = 36/42
            (&[(1, 1), (2, 1), (3, 1)], 8_571),
            (&[(5, 0), (5, 1)], 10_000),
        ] {
            assert_eq!(jain_index(loads(pairs)).get(), expected, "{pairs:?}");
        }
    }

    proptest! {
        // spec: ROUTING-5
        #[test]
        fn it_lies_between_one_nth_and_one_whatever_the_order(
            mut pairs in proptest::collection::vec((any::<u32>(), 1_u32..1_000), 1..200),
        ) {
            let index = jain_index(loads(&pairs));
            let least = 10_000 / u64::try_from(pairs.len()).unwrap();
            prop_assert!(index.get() + 1 >= least, "{index}");
            pairs.reverse();
            prop_assert_eq!(jain_index(loads(&pairs)), index);
        }

        #[test]
        fn loads_compare_as_fractions(a in any::<(u32, u32)>(), b in any::<(u32, u32)>()) {
            let (left, right) = (loads(&[a])[0], loads(&[b])[0]);
            let exact = (u128::from(a.0) * u128::from(b.1.max(1)))
                .cmp(&(u128::from(b.0) * u128::from(a.1.max(1))));
            prop_assert_eq!(left.cmp_per_capacity(right), exact);
        }
    }
}
