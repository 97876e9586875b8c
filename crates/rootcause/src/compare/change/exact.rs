//! Exact tails of the hypergeometric distribution and point probabilities of the binomial one, as
//! natural logarithms from software functions, so that every machine agrees.

use crate::statistics::real;

/// Terms below this share of the sum no longer count.
const NEGLIGIBLE: f64 = 1e-18;

/// A finite population: cases, and failures among them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Population {
    /// Cases.
    pub(super) cases: u64,
    /// Failures among them.
    pub(super) failures: u64,
}

/// Which tail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// This many failures or fewer.
    Lower,
    /// This many failures or more.
    Upper,
}

/// Returns ln C(n, k), or negative infinity when there is no such choice.
fn ln_choose(n: u64, k: u64) -> f64 {
    if k > n {
        return f64::NEG_INFINITY;
    }
    let ln_factorial = |count: u64| libm::lgamma(real(count) + 1.0);
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

/// Returns ln of the probability of `failures` among `cases` when each fails with this chance.
pub(super) fn ln_binomial(cases: u64, failures: u64, chance: f64) -> f64 {
    if failures > cases {
        return f64::NEG_INFINITY;
    }
    ln_choose(cases, failures)
        + real(failures) * libm::log(chance)
        + real(cases - failures) * libm::log1p(-chance)
}

impl Population {
    /// Returns the least and the most failures that `drawn` cases can hold.
    pub(super) fn support(self, drawn: u64) -> (u64, u64) {
        let fine = self.cases - self.failures.min(self.cases);
        (drawn.saturating_sub(fine), drawn.min(self.failures))
    }

    fn ln_probability(self, drawn: u64, failures: u64) -> f64 {
        let rest = drawn.saturating_sub(failures);
        ln_choose(self.failures, failures) + ln_choose(self.cases - self.failures, rest)
            - ln_choose(self.cases, drawn)
    }

    /// Returns ln of the tail of the hypergeometric distribution (Fisher 1935): the probability that
    /// `drawn` of the cases hold `failures` failures or a more extreme number on that side.
    pub(super) fn ln_tail(self, drawn: u64, failures: u64, tail: Tail) -> f64 {
        let (least, most) = self.support(drawn);
        if failures < least || failures > most {
            let nothing_left = match tail {
                Tail::Lower => failures < least,
                Tail::Upper => failures > most,
            };
            return if nothing_left { f64::NEG_INFINITY } else { 0.0 };
        }
        let fine = self.cases - self.failures;
        let (mut sum, mut term, mut at) = (1.0_f64, 1.0_f64, failures);
        loop {
            // The ratio of neighboring probabilities needs no logarithm.
            match tail {
                Tail::Upper if at < most => {
                    term *= real(self.failures - at) * real(drawn - at)
                        / (real(at + 1) * real((fine + at + 1).saturating_sub(drawn)));
                    at += 1;
                }
                Tail::Lower if at > least => {
                    term *= real(at) * real((fine + at).saturating_sub(drawn))
                        / (real(self.failures - at + 1) * real(drawn - at + 1));
                    at -= 1;
                }
                _ => break,
            }
            sum += term;
            if term < sum * NEGLIGIBLE {
                break;
            }
        }
        (self.ln_probability(drawn, failures) + libm::log(sum)).min(0.0)
    }

    /// Returns the number of failures closest to the middle whose tail is still at most `ln_p`.
    pub(super) fn boundary(self, drawn: u64, tail: Tail, ln_p: f64) -> Option<u64> {
        let (mut least, mut most) = self.support(drawn);
        let extreme = match tail {
            Tail::Lower => least,
            Tail::Upper => most,
        };
        let is_beyond = |failures| self.ln_tail(drawn, failures, tail) <= ln_p;
        if !is_beyond(extreme) {
            return None;
        }
        while least < most {
            match tail {
                Tail::Lower => {
                    let middle = least + (most - least).div_ceil(2);
                    if is_beyond(middle) {
                        least = middle;
                    } else {
                        most = middle - 1;
                    }
                }
                Tail::Upper => {
                    let middle = least + (most - least) / 2;
                    if is_beyond(middle) {
                        most = middle;
                    } else {
                        least = middle + 1;
                    }
                }
            }
        }
        Some(least)
    }
}

#[cfg(test)]
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "small numbers of tests"
)]
mod tests {
    use super::*;

    /// Probabilities by whole numbers, for small populations.
    fn naive(population: Population, drawn: u64, failures: u64, tail: Tail) -> f64 {
        let choose = |n: u64, k: u64| -> u128 {
            if k > n {
                return 0;
            }
            (0..k).fold(1_u128, |product, i| {
                product * u128::from(n - i) / u128::from(i + 1)
            })
        };
        let of = |x: u64| {
            choose(population.failures, x)
                * choose(population.cases - population.failures, drawn - x)
        };
        let range = match tail {
            Tail::Lower => 0..=failures.min(drawn),
            Tail::Upper => failures..=drawn,
        };
        let sum: u128 = range.map(of).sum();
        sum as f64 / choose(population.cases, drawn) as f64
    }

    #[test]
    fn tails_and_boundaries_agree_with_whole_numbers() {
        for (cases, failures, drawn) in [(20, 5, 8), (30, 1, 10), (12, 11, 6), (40, 20, 40)] {
            let population = Population { cases, failures };
            let (least, most) = population.support(drawn);
            for tail in [Tail::Lower, Tail::Upper] {
                let tails: Vec<f64> = (least..=most)
                    .map(|x| naive(population, drawn, x, tail))
                    .collect();
                for (x, expected) in (least..=most).zip(&tails) {
                    let found = population.ln_tail(drawn, x, tail).exp();
                    assert!(
                        (found - expected).abs() < 1e-12,
                        "{population:?} {x} {tail:?}"
                    );
                }
                for limit in [0.5, 0.04, 1e-9] {
                    let beyond = |x: &u64| naive(population, drawn, *x, tail) <= limit;
                    let expected = match tail {
                        Tail::Lower => (least..=most).rev().find(beyond),
                        Tail::Upper => (least..=most).find(beyond),
                    };
                    let found = population.boundary(drawn, tail, libm::log(limit));
                    assert_eq!(found, expected, "{population:?} {tail:?} {limit}");
                }
            }
        }
    }
}
