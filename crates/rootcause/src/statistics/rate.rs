//! The rate of one group with its interval.

use super::confidence::Confidence;
use super::estimate::Estimate;
use super::hypergeometric::TABLE_CASES_MAX;
use super::log_factorials::{Deviation, stirling_rest};
use super::real::{TAU, real};
use super::roots::first_where;
use super::series::tail_in_first_terms;

/// Returns `failures / cases` with its score interval, or `None` without cases or with more
/// failures than cases.
///
/// Wilson (1927). Its coverage is close to the level on average; it never leaves 0 to 1.
pub fn wilson(cases: u64, failures: u64, confidence: Confidence) -> Option<Estimate> {
    let fine = cases.checked_sub(failures)?;
    if cases == 0 {
        return None;
    }
    // The two limits of failing and of being fine mirror each other, and the larger root of each is
    // free of cancellation.
    let high = wilson_high(cases, failures, confidence);
    let low = 1.0 - wilson_high(cases, fine, confidence);
    let low = if failures == 0 {
        0.0
    } else if low < 0.5 {
        let (cases, failures) = (real(cases), real(failures));
        let square = confidence.deviate() * confidence.deviate();
        // By Vieta: the product of both roots is failures^2 / (cases (cases + z^2)).
        failures * failures / (cases * (cases + square) * high)
    } else {
        low
    };
    Some(Estimate::finite(real(failures) / real(cases), low, high))
}

fn wilson_high(cases: u64, failures: u64, confidence: Confidence) -> f64 {
    if failures == cases {
        return 1.0;
    }
    let z = confidence.deviate();
    let (n, k, fine) = (real(cases), real(failures), real(cases - failures));
    let half = z * (k * fine / n + z * z / 4.0).sqrt();
    (k + z * z / 2.0 + half) / (n + z * z)
}

/// Returns `failures / cases` with its exact interval, or `None` without cases, with more than
/// [`TABLE_CASES_MAX`] or with more failures than cases.
///
/// Clopper and Pearson (1934): the rates at which this many failures or more, or this many or fewer,
/// are not rarer than the level allows. It covers at least as often as it says.
pub fn clopper_pearson(cases: u64, failures: u64, confidence: Confidence) -> Option<Estimate> {
    let fine = cases.checked_sub(failures)?;
    if cases == 0 || cases > TABLE_CASES_MAX {
        return None;
    }
    let ln_tail = libm::log(confidence.tail());
    let low = if failures == 0 {
        0.0
    } else {
        first_where(0.0, 1.0, |chance| {
            ln_upper_tail(cases, failures, chance) >= ln_tail
        })
    };
    let high = if fine == 0 {
        1.0
    } else {
        1.0 - first_where(0.0, 1.0, |chance| {
            ln_upper_tail(cases, fine, chance) >= ln_tail
        })
    };
    Some(Estimate::finite(real(failures) / real(cases), low, high))
}

/// Returns ln of the probability of at least `hits` of `cases`, `hits` being at least one, when each
/// hits with this chance; at most ln 1/2 is exact, above it any number above.
fn ln_upper_tail(cases: u64, hits: u64, chance: f64) -> f64 {
    let (n, k) = (real(cases), real(hits));
    if chance >= 1.0 || k <= (n + 1.0) * chance {
        // At or below the mode the tail exceeds one half, up to a hair; any limit is below it.
        return 0.0;
    }
    let miss = 1.0 - chance;
    let misses = cases - hits;
    let hit_deviation = Deviation {
        observed: k,
        expected: n * chance,
        difference: k - n * chance,
    };
    let miss_deviation = Deviation {
        observed: real(misses),
        expected: n * miss,
        difference: n * chance - k,
    };
    let mut scale = n / k;
    if misses > 0 {
        scale /= TAU * real(misses);
    }
    let rest = stirling_rest(cases) - stirling_rest(hits) - stirling_rest(misses);
    let deviance = hit_deviation.deviance() + miss_deviation.deviance();
    let sum = tail_in_first_terms(|step| match misses.checked_sub(step - 1) {
        Some(left) => real(left) * chance / (real(hits + step) * miss),
        None => 0.0,
    });
    0.5 * libm::log(scale) + rest - deviance + libm::log(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: Option<Estimate>, low: f64, high: f64) {
        let found = found.unwrap();
        assert!((found.low.unwrap() - low).abs() < 1e-12, "{found:?}");
        assert!((found.high.unwrap() - high).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn intervals_have_their_known_values() {
        let level = Confidence::P95;
        check(
            wilson(10, 1, level),
            0.017_876_213_095_072_924,
            0.404_150_026_795_238_54,
        );
        check(wilson(10, 0, level), 0.0, 0.277_532_799_862_889_26);
        check(wilson(10, 10, level), 0.722_467_200_137_110_8, 1.0);
        check(
            clopper_pearson(10, 1, level),
            0.002_528_578_544_461_785,
            0.445_016_117_028_195_3,
        );
        check(clopper_pearson(10, 0, level), 0.0, 0.308_497_107_818_760_83);
        check(clopper_pearson(10, 10, level), 0.691_502_892_181_239_2, 1.0);
        check(clopper_pearson(1, 1, level), 0.025, 1.0);
        assert_eq!(wilson(0, 0, level), None);
        assert_eq!(clopper_pearson(3, 4, level), None);
    }

    #[test]
    fn a_rare_rate_keeps_its_digits() {
        let rare = clopper_pearson(100_000_000, 1, Confidence::P95).unwrap();
        let low = -libm::log1p(-0.025) / 1e8;
        assert!((rare.low.unwrap() - low).abs() < 1e-9 * low);
        let rare = wilson(100_000_000, 1, Confidence::P95).unwrap();
        assert!(rare.low.unwrap() > 1e-9 && rare.low.unwrap() < 2e-9);
    }
}
