//! Intervals of 95%, as integers.
//!
//! Of a share: the score interval of E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (JASA 22,
//! 1927). Of a quantile: the order statistics between which it lies with that confidence whatever the distribution, by the binomial
//! distribution (W. J. Conover, "Practical Nonparametric Statistics", 3rd edition 1999, section 3.2). Limits are rounded outward.

use baton_mission::course::WHOLE;
use baton_rootcause::statistics::{Binomial, Confidence, wilson};
use baton_rootcause::wire::Fixed;

/// Millionths per basis point.
const PER_POINT: i64 = 100;

/// Ranks, from 1, of the values that are told of a quantile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ranks {
    /// The quantile itself.
    pub(super) value: u64,
    /// Its lower limit; none where too few values lie below.
    pub(super) low: Option<u64>,
    /// Its upper limit; none where too few values lie above.
    pub(super) high: Option<u64>,
}

/// Returns a share and its limits in basis points; the share is floored.
pub(super) fn of_share(hits: u64, count: u64) -> (Option<i64>, Option<i64>, Option<i64>) {
    let value = u128::from(hits) * u128::from(WHOLE.unsigned_abs()) / u128::from(count.max(1));
    let value = i64::try_from(value).ok();
    let limits = wilson(count, hits, Confidence::P95);
    let limit = |limit: Option<f64>| limit.and_then(Fixed::round).map(Fixed::millionths);
    let low = limits.and_then(|limits| limit(limits.low));
    let high = limits.and_then(|limits| limit(limits.high));
    (
        value,
        low.map(|low| low.div_euclid(PER_POINT)),
        high.map(|high| high.saturating_add(PER_POINT - 1).div_euclid(PER_POINT)),
    )
}

/// Returns the ranks of a quantile of `count` values; `part` of them, in basis points, do not exceed it.
pub(super) fn of_quantile(part: u64, count: u64) -> Ranks {
    let whole = WHOLE.unsigned_abs();
    let value = u128::from(part) * u128::from(count);
    let value = u64::try_from(value.div_ceil(u128::from(whole))).unwrap_or(count);
    let tail = Confidence::P95.tail();
    let Some(binomial) = Binomial::new(count, part, whole) else {
        return Ranks {
            value,
            low: None,
            high: None,
        };
    };
    let rare = |found: Option<baton_rootcause::statistics::LogProbability>| {
        found.is_some_and(|found| found.probability() <= tail)
    };
    // As many values at most lie below the quantile: rarely, up to some count.
    let low = first(count, |below| !rare(binomial.lower_tail(below)));
    let high = first(count, |below| rare(binomial.upper_tail(below)));
    Ranks {
        value: value.max(1),
        low: Some(low).filter(|low| *low > 0),
        high: Some(high).filter(|high| *high > 0 && *high <= count),
    }
}

/// Returns the least of 0 to `most` of which something holds that holds of everything above it; one more where it holds of none.
fn first(most: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, most.saturating_add(1));
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle.saturating_add(1);
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The probability that a quantile of `part` tenths lies between two ranks of `count` values, by summing whole numbers.
    fn covered(tenths: u32, count: u32, ranks: Ranks) -> f64 {
        let mut sum = 0.0;
        let mut choose = 1.0_f64;
        for below in 0..=count {
            let is_held = ranks.low.is_none_or(|low| u64::from(below) >= low)
                && ranks.high.is_none_or(|high| u64::from(below) < high);
            if is_held {
                let p = f64::from(tenths) / 10.0;
                sum += choose
                    * p.powi(i32::try_from(below).unwrap())
                    * (1.0 - p).powi(i32::try_from(count - below).unwrap());
            }
            choose = choose * f64::from(count - below) / f64::from(below + 1);
        }
        sum
    }

    // spec: OUTCOME-5
    #[test]
    fn quantiles_are_covered_as_often_as_they_say_and_no_rank_is_wasted() {
        for count in [1, 2, 5, 6, 10, 29, 30, 60, 100] {
            for tenths in [5, 9] {
                let ranks = of_quantile(u64::from(tenths) * 1_000, u64::from(count));
                let covered = covered(tenths, count, ranks);
                assert!(covered >= 0.95, "{tenths} tenths of {count}: {covered}");
            }
        }
        // Tables of Conover: 5 values hold no median at 95%, 6 hold it between the ends.
        let few = of_quantile(5_000, 5);
        assert_eq!((few.low, few.high), (None, None));
        let more = of_quantile(5_000, 6);
        assert_eq!((more.low, more.high), (Some(1), Some(6)));
    }

    #[test]
    fn limits_of_shares_are_rounded_outward() {
        assert_eq!(of_share(0, 10), (Some(0), Some(0), Some(2_776)));
        assert_eq!(of_share(10, 10), (Some(10_000), Some(7_224), Some(10_000)));
    }
}
