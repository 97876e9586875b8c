//! How much more daily rates vary than chance alone would have it.
//!
//! Cases of one day often share their fate: an outage, a weekday, one bad batch. Then every day
//! counts for less than its number of cases says, and a test that believes it would find changes
//! everywhere. Differences of neighboring days show the surplus and are hardly touched by the
//! changes that are looked for (von Neumann 1941; quasi-likelihood, Wedderburn 1974).

use super::day::{Day, collected, totals};
use crate::statistics::real;
use crate::wire::Fixed;

/// Standard errors above 1 that the estimate must reach before it is believed.
const ERRORS_MIN: f64 = 2.0;

/// Returns by how much the variance of daily failure rates exceeds that of independent cases; 1
/// when there is no clear surplus.
pub fn dispersion(daily: &[Day]) -> Fixed {
    let factor = surplus(&collected(daily.iter().copied()));
    Fixed::round(factor).unwrap_or(Fixed::from_millionths(1_000_000))
}

/// Returns the same for days in order, as a factor of at least 1.
pub(super) fn surplus(days: &[Day]) -> f64 {
    let (cases, failures) = totals(days);
    if failures == 0 || failures == cases {
        return 1.0;
    }
    let chance = real(failures) / real(cases);
    let (mut sum, mut fourth, mut pairs) = (0.0_f64, 0.0_f64, 0.0_f64);
    for (one, other) in days.iter().zip(days.iter().skip(1)) {
        let rate = |day: &Day| real(day.failures) / real(day.cases);
        let weight = 1.0 / real(one.cases) + 1.0 / real(other.cases);
        let variance = chance * (1.0 - chance) * weight;
        let difference = rate(one) - rate(other);
        let square = difference * difference / variance;
        sum += square;
        fourth += square * square;
        pairs += 1.0;
    }
    if pairs < 2.0 {
        return 1.0;
    }
    let mean = sum / pairs;
    // Squares of sparse days have heavy tails, so their own spread is used; neighboring squares
    // share a day, which at most doubles the variance of their mean.
    let spread = (fourth / pairs - mean * mean).max(2.0);
    if mean - 1.0 < ERRORS_MIN * libm::sqrt(2.0 * spread / pairs) {
        1.0
    } else {
        mean
    }
}

/// Returns days that count for as much as they tell: sums up to every day divided by the factor.
pub(super) fn discounted(days: &[Day], factor: f64) -> Vec<Day> {
    if factor <= 1.0 {
        return days.to_vec();
    }
    // In thousandths, so that the division is one of whole numbers.
    let factor = libm::round(factor * 1_000.0);
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "finite and above 1000; `as` saturates"
    )]
    let factor = factor as u128;
    let share =
        |count: u64| u64::try_from(u128::from(count) * 1_000 / factor.max(1)).unwrap_or(u64::MAX);
    let (mut cases, mut failures) = (0, 0);
    let (mut cases_counted, mut failures_counted) = (0, 0);
    days.iter()
        .map(|day| {
            cases += day.cases;
            failures += day.failures;
            let count = share(cases) - cases_counted;
            let found = (share(failures) - failures_counted).min(count);
            cases_counted += count;
            failures_counted += found;
            Day {
                day: day.day,
                cases: count,
                failures: found,
            }
        })
        .collect()
}
