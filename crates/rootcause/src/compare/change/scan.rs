//! The scan of one stretch of days: the split that speaks most against one rate, and the exact
//! probability that any split would speak that strongly.
//!
//! Given all its failures, a stretch of one constant rate is a random order of them (Fisher's
//! argument), so the failures up to a day are hypergeometric, and over the days they are a Markov
//! chain. The smallest tail over all splits reaches the observed one exactly when that chain leaves
//! a corridor; the probability of leaving is summed by dynamic programming, with no resampling.

use super::day::{Day, totals};
use super::exact::{Population, Tail, ln_binomial};
use crate::statistics::real;

/// Below this the bound of Bonferroni is close enough, and the sum could lose digits.
const LN_BOUND_SUFFICES: f64 = -20.0;
/// Additions that one exact probability may take; beyond it the bound of Bonferroni stands.
const STEPS_MAX: u64 = 60_000_000;
/// Two tails this close, as logarithms, are the same one computed twice.
const SAME: f64 = 1e-7;
/// Probabilities below this share of the largest are left out of a day's distribution.
const NEGLIGIBLE: f64 = 1e-16;

/// The split of a stretch that speaks most against one rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Split {
    /// Days before the split.
    pub(super) place: usize,
    /// ln of its hypergeometric tail, on the side it lies.
    pub(super) ln_tail: f64,
}

/// Returns the split with the smallest tail, the earliest of equals; none without both kinds of cases.
pub(super) fn best_split(days: &[Day]) -> Option<Split> {
    let (cases, failures) = totals(days);
    if failures == 0 || failures == cases {
        return None;
    }
    let population = Population { cases, failures };
    let mut best: Option<Split> = None;
    let (mut drawn, mut found) = (0, 0);
    for (place, day) in (1..days.len()).zip(days) {
        drawn += day.cases;
        found += day.failures;
        let is_above =
            u128::from(found) * u128::from(cases) > u128::from(failures) * u128::from(drawn);
        let tail = if is_above { Tail::Upper } else { Tail::Lower };
        let ln_tail = population.ln_tail(drawn, found, tail);
        if best.is_none_or(|best| ln_tail < best.ln_tail) {
            best = Some(Split { place, ln_tail });
        }
    }
    best
}

/// Returns ln of the probability that, under one rate, any split of these days has a tail as small
/// as `ln_tail`: exact, or the bound of Bonferroni where that is small enough or the sum too long.
pub(super) fn ln_p(days: &[Day], ln_tail: f64) -> f64 {
    let splits = u64::try_from(days.len())
        .unwrap_or(u64::MAX)
        .saturating_sub(1);
    let bound = (ln_tail + libm::log(2.0 * real(splits.max(1)))).min(0.0);
    if bound < LN_BOUND_SUFFICES {
        return bound;
    }
    match left(days, ln_tail + SAME) {
        Some(probability) => libm::log(probability.clamp(f64::MIN_POSITIVE, 1.0)).min(bound),
        None => bound,
    }
}

/// Distribution of failures so far: probabilities from `least` failures up.
struct Distribution {
    least: u64,
    weights: Vec<f64>,
}

/// Returns the probability of leaving the corridor, or `None` when it takes too many steps.
fn left(days: &[Day], ln_tail: f64) -> Option<f64> {
    let (cases, failures) = totals(days);
    if failures == 0 || failures == cases {
        return Some(1.0);
    }
    let population = Population { cases, failures };
    let chance = real(failures) / real(cases);
    let ln_all = ln_binomial(cases, failures, chance);
    let mut inside = Distribution {
        least: 0,
        weights: vec![1.0],
    };
    let (mut drawn, mut steps, mut probability) = (0, 0_u64, 0.0_f64);
    for (_, day) in (1..days.len()).zip(days) {
        drawn += day.cases;
        let of_day = binomial(day.cases, chance);
        let (held, added) = (inside.weights.len(), of_day.weights.len());
        steps = steps.saturating_add(u64::try_from(held.saturating_mul(added)).unwrap_or(u64::MAX));
        if steps > STEPS_MAX {
            return None;
        }
        inside = sum_of(&inside, &of_day);
        let low = population.boundary(drawn, Tail::Lower, ln_tail);
        let high = population.boundary(drawn, Tail::Upper, ln_tail);
        let mut kept = Distribution {
            least: low.map_or(inside.least, |low| inside.least.max(low + 1)),
            weights: Vec::new(),
        };
        for (count, weight) in (inside.least..).zip(&inside.weights) {
            let is_out =
                low.is_some_and(|low| count <= low) || high.is_some_and(|high| count >= high);
            if !is_out {
                kept.weights.push(*weight);
            } else if *weight > 0.0 && count <= failures {
                // From here on the chain may go anywhere that ends with all failures.
                let rest = ln_binomial(cases - drawn, failures - count, chance);
                probability += weight * libm::exp(rest - ln_all);
            }
        }
        inside = kept;
    }
    Some(probability)
}

/// Returns the distribution of the failures of one day; what is negligible is cut off.
fn binomial(cases: u64, chance: f64) -> Distribution {
    let odds = chance / (1.0 - chance);
    let mode = libm::floor(real(cases + 1) * chance);
    let mode = whole(mode).min(cases);
    let top = libm::exp(ln_binomial(cases, mode, chance));
    let mut below = Vec::new();
    let (mut at, mut weight) = (mode, top);
    while at > 0 && weight > top * NEGLIGIBLE {
        weight *= real(at) / (real(cases - at + 1) * odds);
        at -= 1;
        below.push(weight);
    }
    let least = at;
    below.reverse();
    let mut weights = below;
    weights.push(top);
    let (mut at, mut weight) = (mode, top);
    while at < cases && weight > top * NEGLIGIBLE {
        weight *= real(cases - at) * odds / real(at + 1);
        at += 1;
        weights.push(weight);
    }
    Distribution { least, weights }
}

fn whole(value: f64) -> u64 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a product of a count and a chance: finite, not negative, and `as` saturates"
    )]
    let value = value as u64;
    value
}

/// Returns the distribution of the sum of two independent counts.
fn sum_of(one: &Distribution, other: &Distribution) -> Distribution {
    let length = (one.weights.len() + other.weights.len()).saturating_sub(1);
    let mut weights = vec![0.0; length];
    for (shift, weight) in one.weights.iter().enumerate() {
        let targets = weights.iter_mut().skip(shift);
        for (target, added) in targets.zip(&other.weights) {
            *target += weight * added;
        }
    }
    Distribution {
        least: one.least + other.least,
        weights,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(counts: &[(u64, u64)]) -> Vec<Day> {
        (0..)
            .zip(counts)
            .map(|(day, &(cases, failures))| Day {
                day,
                cases,
                failures,
            })
            .collect()
    }

    /// The share of all orders of the failures whose best split is at least as extreme.
    fn naive(given: &[(u64, u64)]) -> f64 {
        let given_days = days(given);
        let observed = best_split(&given_days).unwrap().ln_tail;
        let cases: u64 = given.iter().map(|day| day.0).sum();
        let failures: u64 = given.iter().map(|day| day.1).sum();
        let (mut all, mut extreme) = (0_u32, 0_u32);
        for order in 0..1_u32 << cases {
            if u64::from(order.count_ones()) != failures {
                continue;
            }
            let mut bits = order;
            let counts: Vec<(u64, u64)> = given
                .iter()
                .map(|&(cases, _)| {
                    let mask = (1_u32 << cases) - 1;
                    let found = (bits & mask).count_ones();
                    bits >>= cases;
                    (cases, u64::from(found))
                })
                .collect();
            all += 1;
            let tail = best_split(&days(&counts)).unwrap().ln_tail;
            extreme += u32::from(tail <= observed + SAME);
        }
        f64::from(extreme) / f64::from(all)
    }

    #[test]
    fn the_probability_of_leaving_is_that_of_counting_every_order() {
        for given in [
            vec![(3, 0), (4, 0), (2, 1), (3, 3), (2, 2)],
            vec![(1, 1), (1, 0), (5, 2), (5, 1), (2, 0)],
            vec![(4, 4), (4, 1), (4, 0)],
            vec![(2, 1), (3, 1), (6, 2), (1, 0), (2, 1), (2, 0)],
        ] {
            let observed = best_split(&days(&given)).unwrap();
            let found = ln_p(&days(&given), observed.ln_tail).exp();
            let expected = naive(&given);
            assert!(
                (found - expected).abs() < 1e-9,
                "{given:?}: {found} {expected}"
            );
        }
    }

    #[test]
    fn one_kind_of_cases_has_no_split() {
        assert_eq!(best_split(&days(&[(3, 0), (4, 0)])), None);
        assert_eq!(best_split(&days(&[(3, 3), (4, 4)])), None);
        assert_eq!(best_split(&days(&[(3, 1)])), None);
    }
}
