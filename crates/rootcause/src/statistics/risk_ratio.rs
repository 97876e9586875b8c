//! How many times as often covered cases fail, with its score interval.

use super::confidence::Confidence;
use super::estimate::Estimate;
use super::fourfold::FourfoldTable;
use super::real::real;
use super::roots::first_where;

/// Ratios are looked for up to this and down to its inverse (2^100); counts allow none beyond.
const RATIO_MAX: f64 = 1_267_650_600_228_229_401_496_703_205_376.0;

/// Returns the risk ratio with its score interval, or `None` when one side has no case.
///
/// Koopman (1984): the ratios that Pearson's chi-square test does not refuse. Without failures
/// among the others the ratio and its upper limit are absent.
pub fn koopman(table: &FourfoldTable, confidence: Confidence) -> Option<Estimate> {
    if table.covered() == 0 || table.others() == 0 {
        return None;
    }
    let square = confidence.deviate() * confidence.deviate();
    let ratio = real(table.failing()) * real(table.others())
        / (real(table.covered()) * real(table.others_failing()));
    let low = if table.failing() == 0 {
        0.0
    } else {
        first_where(1.0 / RATIO_MAX, RATIO_MAX, |ratio| {
            let score = Score::at(table, ratio);
            score.difference <= 0.0 || score.is_within(square)
        })
    };
    let high = if table.others_failing() == 0 {
        f64::INFINITY
    } else {
        first_where(1.0 / RATIO_MAX, RATIO_MAX, |ratio| {
            let score = Score::at(table, ratio);
            score.difference < 0.0 && !score.is_within(square)
        })
    };
    Some(Estimate::finite(ratio, low, high))
}

/// How far the table is from one assumed ratio.
#[derive(Debug, Clone, Copy)]
struct Score {
    /// Rate of covered cases less `ratio` times the rate of the others.
    difference: f64,
    /// Its variance under the assumed ratio.
    variance: f64,
}

impl Score {
    /// The rates are the most likely ones with that ratio: a quadratic equation, whose discriminant
    /// is written as a sum of what is not negative.
    fn at(table: &FourfoldTable, ratio: f64) -> Self {
        let (cases, failures) = (real(table.covered()), real(table.failing()));
        let (others, others_failing) = (real(table.others()), real(table.others_failing()));
        let linear = ratio * (cases + others_failing) + (failures + others);
        let apart = ratio * (cases + others_failing) - (failures + others);
        let root =
            (apart * apart + 4.0 * ratio * real(table.fine()) * real(table.others_fine())).sqrt();
        let other_rate = (2.0 * (failures + others_failing) / (linear + root)).min(1.0);
        let rate = (ratio * other_rate).min(1.0);
        Self {
            difference: failures / cases - ratio * (others_failing / others),
            variance: rate * (1.0 - rate) / cases
                + ratio * ratio * other_rate * (1.0 - other_rate) / others,
        }
    }

    fn is_within(self, square: f64) -> bool {
        self.difference * self.difference <= square * self.variance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(covered: (u64, u64), others: (u64, u64), expected: [Option<f64>; 3]) {
        let table = FourfoldTable::new(covered, others).unwrap();
        let found = koopman(&table, Confidence::P95).unwrap();
        for (found, expected) in [found.value, found.low, found.high]
            .into_iter()
            .zip(expected)
        {
            match (found, expected) {
                (Some(found), Some(expected)) => {
                    assert!(
                        (found - expected).abs() <= 1e-6 * expected,
                        "{table:?} {found}"
                    );
                }
                (found, expected) => assert_eq!(found, expected, "{table:?}"),
            }
        }
    }

    #[test]
    fn published_intervals_are_met() {
        // Koopman (1984), the example of section 4: 36 of 40 against 16 of 80.
        check(
            (40, 36),
            (80, 16),
            [Some(4.5), Some(2.939_569), Some(7.152_223)],
        );
        check((10, 0), (20, 0), [None, Some(0.0), None]);
        check((10, 0), (20, 5), [Some(0.0), Some(0.0), Some(1.246_691)]);
        check(
            (10, 10),
            (10, 10),
            [Some(1.0), Some(0.722_467), Some(1.384_146)],
        );
        let table = FourfoldTable::new((0, 0), (10, 1)).unwrap();
        assert_eq!(koopman(&table, Confidence::P95), None);
    }

    #[test]
    fn exchanging_the_sides_inverts_the_interval() {
        for (covered, others) in [
            ((40, 36), (80, 16)),
            ((7, 3), (900, 1)),
            ((100_000, 12), (5, 5)),
        ] {
            let there = koopman(
                &FourfoldTable::new(covered, others).unwrap(),
                Confidence::P95,
            );
            let back = koopman(
                &FourfoldTable::new(others, covered).unwrap(),
                Confidence::P95,
            );
            let (there, back) = (there.unwrap(), back.unwrap());
            assert!((there.low.unwrap() * back.high.unwrap() - 1.0).abs() < 1e-11);
            assert!((there.high.unwrap() * back.low.unwrap() - 1.0).abs() < 1e-11);
        }
    }
}
