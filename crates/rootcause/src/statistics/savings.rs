//! What fixing a cause would save.

use super::confidence::Confidence;
use super::estimate::Estimate;
use super::fourfold::FourfoldTable;
use super::real::real;
use super::strata::mantel_haenszel;

/// A risk ratio on the scale where its error is symmetric.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogRatio {
    /// ln of the ratio.
    pub ln: f64,
    /// Variance of that.
    pub variance: f64,
}

impl LogRatio {
    /// Returns the ratio when both parts are finite and the variance is not negative.
    pub fn new(ln: f64, variance: f64) -> Option<Self> {
        (ln.is_finite() && variance.is_finite() && variance >= 0.0).then_some(Self { ln, variance })
    }

    /// Returns the ratio with its interval.
    pub fn estimate(self, confidence: Confidence) -> Estimate {
        let half = confidence.deviate() * self.variance.sqrt();
        Estimate::finite(
            libm::exp(self.ln),
            libm::exp(self.ln - half),
            libm::exp(self.ln + half),
        )
    }
}

/// Returns the failures that would not have happened at the rate of the others,
/// `A = K (1 - 1 / RR)` with the ratio of Mantel and Haenszel, and their interval; `None` where
/// there is no ratio. Unit: failures; negative for a ratio below one.
///
/// Attributable failures among the covered (Levin 1953; Greenland and Robins 1988). The failures
/// that happened are chance too, so the interval is that of the delta method for both: with
/// `W = 1 - 1 / RR` and `L = ln RR`, `Var A = W² Var K + (K / RR)² Var L + 2 W (K / RR) Cov(K, L)`.
/// `Var L` is that of Greenland and Robins (1985); the variance of the failures of a stratum is
/// `a (1 - RR b / n0)`, right for few large and for many small strata (Greenland 1987). With one
/// stratum it is the variance of `a - b n1 / n0`. How many cases there are is taken as given.
pub fn savings(strata: &[FourfoldTable], confidence: Confidence) -> Option<Estimate> {
    let ratio = mantel_haenszel(strata)?;
    let (times, kept) = (libm::exp(ratio.ln), libm::exp(-ratio.ln));
    let (mut covered, mut failing, mut spread) = (0.0, 0.0, 0.0);
    let (mut top, mut shared) = (0.0, 0.0);
    for table in strata.iter().filter(|table| table.covered() > 0) {
        let (here, a) = (real(table.covered()), real(table.failing()));
        let others = real(table.others());
        let rate = if others > 0.0 {
            times * real(table.others_failing()) / others
        } else {
            a / here
        };
        let (weight, variance) = (others / (here + others), a * (1.0 - rate));
        covered += here;
        failing += a;
        spread += variance;
        top += a * weight;
        shared += variance * weight;
    }
    let avoided_share = -libm::expm1(-ratio.ln);
    let expected = failing * kept;
    let variance = avoided_share * avoided_share * spread
        + expected * expected * ratio.variance
        + 2.0 * avoided_share * expected * shared / top;
    let avoided = failing * avoided_share;
    let half = confidence.deviate() * variance.max(0.0).sqrt();
    let high = (avoided + half).min(covered);
    Some(Estimate::finite(avoided, avoided - half, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: MINING-11
    #[test]
    fn halving_the_risk_saves_half_the_failures() {
        let table = FourfoldTable::new((1_000, 200), (2_000, 200)).unwrap();
        let found = savings(&[table], Confidence::P95).unwrap();
        assert!((found.value.unwrap() - 100.0).abs() < 1e-11);
        // 1000 * 0.2 * 0.8 + (1000 / 2000)² * 2000 * 0.1 * 0.9.
        let half = Confidence::P95.deviate() * 205.0_f64.sqrt();
        assert!((found.low.unwrap() - (100.0 - half)).abs() < 1e-10);
        assert!((found.high.unwrap() - (100.0 + half)).abs() < 1e-10);
    }

    #[test]
    fn nobody_saves_more_failures_than_there_are_cases() {
        let few = FourfoldTable::new((4, 4), (2_000, 100)).unwrap();
        assert!(savings(&[few], Confidence::P95).unwrap().high.unwrap() <= 4.0);
        let none = FourfoldTable::new((40, 0), (80, 16)).unwrap();
        assert_eq!(savings(&[none], Confidence::P95), None);
        assert_eq!(LogRatio::new(f64::NAN, 1.0), None);
        assert_eq!(LogRatio::new(0.0, -1.0), None);
    }
}
