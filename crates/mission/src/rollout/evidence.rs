//! Evidence that holds at any moment: the wealth of bets that can only be won if a hypothesis is false.
//!
//! Under the hypothesis that gains have an expectation of at most zero given what came before, a wealth that
//! starts at 1 and is multiplied by `1 + λ·gain` has an expectation of at most 1 for ever, whatever stops the
//! count. So it reaches `a` at any time with a probability of at most `1/a` (Ville's inequality). Betting a
//! fixed part on each of several λ keeps that and needs no guess of the size of the effect.
//! Sources: A. Ramdas, P. Grünwald, V. Vovk, G. Shafer, "Game-Theoretic Statistics and Safe Anytime-Valid
//! Inference", Statistical Science 38 (2023); I. Waudby-Smith, A. Ramdas, "Estimating means of bounded random
//! variables by betting", JRSS B 86 (2024).
//!
//! Wealth is kept as 64 bits and an exponent, floored after every bet: rounding only ever takes evidence
//! away, and the same observations give the same bits on every machine.

/// λ as 32nds of the largest bet that cannot ruin.
const BETS: [u64; 6] = [1, 2, 4, 8, 16, 28];
/// What the bets are parts of.
const BET_PARTS: u64 = 32;
/// The bit that is set in every mantissa.
const TOP: u64 = 1 << 63;
/// From here on wealth counts as unlimited.
const WEALTH_MAX: u64 = 1 << 32;

/// Gain of one bet: a part of the worst loss, `numerator / denominator`, at least −1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gain {
    /// Above or below zero.
    pub(super) numerator: i64,
    /// Above zero and below 2^55.
    pub(super) denominator: u64,
}

/// Evidence against one hypothesis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Evidence {
    wealths: [Wealth; BETS.len()],
    highest: u64,
}

/// `mantissa · 2^exponent`, with the top bit of the mantissa set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wealth {
    mantissa: u64,
    exponent: i32,
}

impl Evidence {
    /// Returns no evidence yet.
    pub(super) fn new() -> Self {
        Self {
            wealths: [Wealth::ONE; BETS.len()],
            highest: 1,
        }
    }

    /// Places every bet on one gain.
    pub(super) fn observe(&mut self, gain: Gain) {
        for (wealth, bet) in self.wealths.iter_mut().zip(BETS) {
            let stake = BET_PARTS.saturating_mul(gain.denominator);
            let won = gain.numerator.unsigned_abs().saturating_mul(bet);
            let after = if gain.numerator < 0 {
                stake.saturating_sub(won)
            } else {
                stake.saturating_add(won)
            };
            *wealth = wealth.times(after, stake);
        }
        self.highest = self.highest.max(self.now());
    }

    /// Returns the highest wealth ever reached, floored: how many times less likely than 1 the observations
    /// are, at most, if the hypothesis holds.
    pub(super) fn highest(&self) -> u64 {
        self.highest
    }

    /// Returns the present wealth, the mean over all bets, floored and at most [`WEALTH_MAX`].
    fn now(&self) -> u64 {
        let whole: u128 = self.wealths.iter().map(|wealth| wealth.in_2_64ths()).sum();
        let bets = u128::try_from(BETS.len()).unwrap_or(u128::MAX);
        u64::try_from((whole / bets) >> 64).unwrap_or(WEALTH_MAX)
    }
}

impl Wealth {
    const ONE: Self = Self {
        mantissa: TOP,
        exponent: -63,
    };

    /// Returns the wealth times `numerator / denominator`, floored.
    fn times(self, numerator: u64, denominator: u64) -> Self {
        let product = u128::from(self.mantissa) * u128::from(numerator);
        let quotient = product / u128::from(denominator.max(1));
        let Some(bits) = quotient.checked_ilog2() else {
            return Self {
                mantissa: TOP,
                exponent: i32::MIN,
            };
        };
        // The top bit goes to place 63, whatever is below falls away.
        let shift = i32::try_from(bits).unwrap_or(0) - 63;
        let mantissa = if shift >= 0 {
            quotient >> shift.unsigned_abs()
        } else {
            quotient << shift.unsigned_abs()
        };
        Self {
            mantissa: u64::try_from(mantissa).unwrap_or(u64::MAX),
            exponent: self.exponent.saturating_add(shift),
        }
    }

    /// Returns the wealth in 2^-64ths, floored and at most [`WEALTH_MAX`].
    fn in_2_64ths(self) -> u128 {
        let most = u128::from(WEALTH_MAX) << 64;
        let shift = self.exponent.saturating_add(64);
        let mantissa = u128::from(self.mantissa);
        match shift {
            ..-64 => 0,
            -64..0 => mantissa >> shift.unsigned_abs(),
            0..33 => (mantissa << shift.unsigned_abs()).min(most),
            _ => most,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(gains: &[(i64, u64)]) -> Evidence {
        let mut evidence = Evidence::new();
        for (numerator, denominator) in gains {
            evidence.observe(Gain {
                numerator: *numerator,
                denominator: *denominator,
            });
        }
        evidence
    }

    #[test]
    fn wealth_grows_by_what_was_bet() {
        for (gains, highest) in [
            (&[][..], 1),
            (&[(1, 1)], 1),
            (&[(0, 1); 50], 1),
            (&[(-1, 1); 50], 1),
            // The mean of (1 + bet/32)^10 over the bets.
            (&[(1, 1); 10], 101),
            (&[(1, 1); 1000], WEALTH_MAX),
            (&[(5_000, 10_000); 20], 253),
        ] {
            assert_eq!(after(gains).highest(), highest, "{} gains", gains.len());
        }
    }

    #[test]
    fn what_was_lost_is_not_forgotten_and_what_was_shown_stays_shown() {
        let mut evidence = after(&[(1, 1); 10]);
        let shown = evidence.highest();
        for _ in 0..1_000 {
            evidence.observe(Gain {
                numerator: -1,
                denominator: 1,
            });
        }
        assert_eq!(evidence.highest(), shown);
        assert_eq!(evidence.now(), 0);
    }

    #[test]
    fn one_gain_is_never_evidence() {
        assert!(after(&[(1, 1)]).highest() < 20);
    }

    #[test]
    fn wealth_is_that_of_exact_fractions() {
        // Kept as floating-point here and nowhere else: the check of the fixed-point one.
        let gains: Vec<(i64, u64)> = (0..200)
            .map(|at: i64| ((at * 7919) % 23 - 10, 23))
            .collect();
        let mut peak: f64 = 1.0;
        for end in 1..=gains.len() {
            let wealth = |bet: &u64| -> f64 {
                let bet = f64::from(u32::try_from(*bet).unwrap()) / 32.0;
                gains[..end]
                    .iter()
                    .map(|(numerator, _)| {
                        1.0 + bet * f64::from(i32::try_from(*numerator).unwrap()) / 23.0
                    })
                    .product()
            };
            peak = peak.max(BETS.iter().map(wealth).sum::<f64>() / 6.0);
        }
        let found = after(&gains).highest();
        let found = f64::from(u32::try_from(found).unwrap());
        assert!((found - peak.floor()).abs() <= 1.0, "{found} {peak}");
    }
}
