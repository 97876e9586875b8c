//! How much more often covered cases fail, in share and in number of failures.

use super::confidence::Confidence;
use super::estimate::Estimate;
use super::fourfold::FourfoldTable;
use super::real::{difference, product, real, real_wide};
use super::roots::first_where;

/// Returns the risk difference with its score interval, or `None` when one side has no case.
///
/// Miettinen and Nurminen (1985): the differences that the score test does not refuse, its variance
/// taken with the factor `n / (n - 1)`.
pub fn miettinen_nurminen(table: &FourfoldTable, confidence: Confidence) -> Option<Estimate> {
    if table.covered() == 0 || table.others() == 0 {
        return None;
    }
    let margins = product(table.covered(), table.others());
    let apart = difference(
        product(table.failing(), table.others()),
        product(table.others_failing(), table.covered()),
    );
    let value = apart / real_wide(margins);
    let square = confidence.deviate() * confidence.deviate();
    let high = limit(table, value, square);
    // The lower limit is the upper one of being fine, mirrored.
    let mirrored = FourfoldTable::new(
        (table.covered(), table.fine()),
        (table.others(), table.others_fine()),
    )?;
    let low = 0.0 - limit(&mirrored, -value, square);
    Some(Estimate::finite(value, low, high))
}

/// Returns the failures above the rate of everyone else, `K - N (k - K) / (n - N)`, with their
/// interval, or `None` when one side has no case. Unit: failures.
///
/// The number is `N` times the risk difference, and so are its limits.
pub fn excess_failures(table: &FourfoldTable, confidence: Confidence) -> Option<Estimate> {
    let apart = difference(
        product(table.failing(), table.others()),
        product(table.others_failing(), table.covered()),
    );
    let limits = miettinen_nurminen(table, confidence)?.scaled(real(table.covered()));
    let value = apart / real(table.others());
    Some(Estimate {
        value: value.is_finite().then_some(value),
        ..limits
    })
}

/// Returns the upper limit, at least `value`. The search runs over the distance from -1, which
/// is positive.
fn limit(table: &FourfoldTable, value: f64, square: f64) -> f64 {
    let found = first_where(0.0, 2.0, |shifted| {
        let assumed = shifted - 1.0;
        assumed > value && !is_within(table, assumed, (value - assumed, square))
    });
    (found - 1.0).clamp(-1.0, 1.0)
}

/// Whether the table lies within `square` of the assumed difference. A difference of one, or minus
/// one, stands whatever the table, for nothing lies beyond it.
fn is_within(table: &FourfoldTable, assumed: f64, (apart, square): (f64, f64)) -> bool {
    if assumed >= 1.0 {
        return false;
    }
    let (cases, others) = (real(table.covered()), real(table.others()));
    let other_rate = likeliest_other_rate(table, assumed);
    let rate = (other_rate + assumed).clamp(0.0, 1.0);
    let variance = rate * (1.0 - rate) / cases + other_rate * (1.0 - other_rate) / others;
    let all = cases + others;
    apart * apart * (all - 1.0) <= square * variance * all
}

/// Returns the most likely rate of the others when covered cases fail by `assumed` more often. The
/// slope of the likelihood falls from one end to the other, so its zero is found by halving.
fn likeliest_other_rate(table: &FourfoldTable, assumed: f64) -> f64 {
    let least = (-assumed).max(0.0);
    let most = (1.0 - assumed).min(1.0);
    let falls = |other_rate: f64| {
        let rate = (other_rate + assumed).clamp(0.0, 1.0);
        let up = part(table.failing(), rate) + part(table.others_failing(), other_rate);
        let down = part(table.fine(), 1.0 - rate) + part(table.others_fine(), 1.0 - other_rate);
        up <= down
    };
    first_where(least, most, falls)
}

/// Returns `count / share`, which is nothing for no cases and without bound for a share of zero.
fn part(count: u64, share: f64) -> f64 {
    if count == 0 { 0.0 } else { real(count) / share }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(covered: (u64, u64), others: (u64, u64), low: f64, high: f64) {
        let table = FourfoldTable::new(covered, others).unwrap();
        let found = miettinen_nurminen(&table, Confidence::P95).unwrap();
        assert!(
            (found.low.unwrap() - low).abs() < 1e-4,
            "{table:?} {found:?}"
        );
        assert!(
            (found.high.unwrap() - high).abs() < 1e-4,
            "{table:?} {found:?}"
        );
    }

    #[test]
    fn published_intervals_are_met() {
        // Newcombe (1998), table II, method 6.
        check((70, 56), (80, 48), 0.052_8, 0.338_2);
        check((10, 9), (10, 3), 0.170_0, 0.840_6);
        check((10, 10), (10, 0), 0.663_6, 1.0);
        check((10, 0), (20, 0), -0.165_8, 0.284_4);
    }

    #[test]
    fn exchanging_the_sides_mirrors_the_interval() {
        for (covered, others) in [
            ((70, 56), (80, 48)),
            ((7, 3), (900, 1)),
            ((100_000, 12), (5, 5)),
        ] {
            let there = miettinen_nurminen(
                &FourfoldTable::new(covered, others).unwrap(),
                Confidence::P95,
            );
            let back = miettinen_nurminen(
                &FourfoldTable::new(others, covered).unwrap(),
                Confidence::P95,
            );
            let (there, back) = (there.unwrap(), back.unwrap());
            assert!((there.low.unwrap() + back.high.unwrap()).abs() < 1e-12);
            assert!((there.value.unwrap() + back.value.unwrap()).abs() < 1e-15);
        }
    }

    #[test]
    fn excess_failures_are_what_the_others_rate_does_not_explain() {
        let table = FourfoldTable::within((1_000, 50), (100, 23)).unwrap();
        let excess = excess_failures(&table, Confidence::P95).unwrap();
        assert!((excess.value.unwrap() - 20.0).abs() < 1e-14);
        assert!(excess.low.unwrap() > 12.0 && excess.high.unwrap() < 30.0);
        let whole = FourfoldTable::within((10, 5), (10, 5)).unwrap();
        assert_eq!(excess_failures(&whole, Confidence::P95), None);
    }
}
