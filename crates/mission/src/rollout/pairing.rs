//! Sets handoffs of the canary beside those of the stable version that finished about the same time.
//!
//! Handoffs wait until both sides have one; then all that wait are compared as one block, mean against mean, and
//! the wait begins anew. Every handoff is used once. Which handoffs meet depends on their order and on chance
//! (the bucket), never on how they went, so a block's difference has the expectation of the difference between
//! the versions, and what changes for both over time cancels out.

use super::bucket::Arm;

/// What waits on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Side {
    sum: u64,
    count: u64,
}

/// Handoffs that wait for one of the other side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Pairing {
    stable: Side,
    canary: Side,
}

/// The difference of a block: mean of canary less mean of stable, in basis points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Difference {
    /// `canary·n(stable) − stable·n(canary)`.
    pub(super) numerator: i64,
    /// `n(stable)·n(canary)`.
    pub(super) denominator: u64,
}

impl Pairing {
    /// Adds a handoff with a value from 0 to 10,000, and returns the block's difference when it closes one.
    pub(super) fn add(&mut self, arm: Arm, value: u64) -> Option<Difference> {
        let side = match arm {
            Arm::Stable => &mut self.stable,
            Arm::Canary => &mut self.canary,
        };
        side.sum += value;
        side.count += 1;
        let (stable, canary) = (self.stable, self.canary);
        if stable.count == 0 || canary.count == 0 {
            return None;
        }
        *self = Self::default();
        // At most a million handoffs of at most 10,000: far below 2^63.
        let signed = |product: u64| i64::try_from(product).unwrap_or(i64::MAX);
        Some(Difference {
            numerator: signed(canary.sum * stable.count) - signed(stable.sum * canary.count),
            denominator: stable.count * canary.count,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_closes_when_both_sides_have_one() {
        let mut pairing = Pairing::default();
        let mut closed = Vec::new();
        for (arm, value) in [
            (Arm::Stable, 0),
            (Arm::Stable, 10_000),
            (Arm::Canary, 10_000),
            (Arm::Canary, 0),
            (Arm::Canary, 10_000),
            (Arm::Stable, 10_000),
            (Arm::Stable, 10_000),
        ] {
            closed.extend(pairing.add(arm, value));
        }
        let difference = |numerator, denominator| Difference {
            numerator,
            denominator,
        };
        assert_eq!(closed, [difference(10_000, 2), difference(-10_000, 2)]);
    }
}
