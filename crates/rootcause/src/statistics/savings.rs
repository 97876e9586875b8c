//! What fixing a cause would save.

use super::confidence::Confidence;
use super::estimate::Estimate;
use super::real::real;

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
/// `A = K (1 - 1 / RR)`, with their interval. Unit: failures; negative for a ratio below one.
///
/// Attributable failures among the covered (Levin 1953; Greenland and Robins 1988, for an adjusted
/// ratio). The interval is that of the delta method for the failures that did happen, with standard
/// error `K / RR` times that of ln RR; its upper limit is held to `K`.
pub fn savings(failing: u64, ratio: LogRatio, confidence: Confidence) -> Estimate {
    let failing = real(failing);
    let avoided = -failing * libm::expm1(-ratio.ln);
    let half = confidence.deviate() * failing * libm::exp(-ratio.ln) * ratio.variance.sqrt();
    Estimate::finite(avoided, avoided - half, (avoided + half).min(failing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_the_risk_saves_half_the_failures() {
        let ratio = LogRatio::new(libm::log(2.0), 0.01).unwrap();
        let found = savings(200, ratio, Confidence::P95);
        assert!((found.value.unwrap() - 100.0).abs() < 1e-12);
        assert!((found.low.unwrap() - (100.0 - 19.599_639_845_400_54)).abs() < 1e-11);
        assert!((found.high.unwrap() - 119.599_639_845_400_54).abs() < 1e-11);
    }

    #[test]
    fn nobody_saves_more_than_all_failures() {
        let ratio = LogRatio::new(libm::log(50.0), 9.0).unwrap();
        assert_eq!(savings(10, ratio, Confidence::P95).high, Some(10.0));
        assert_eq!(
            savings(0, ratio, Confidence::P95).value.map(f64::abs),
            Some(0.0)
        );
        assert_eq!(LogRatio::new(f64::NAN, 1.0), None);
        assert_eq!(LogRatio::new(0.0, -1.0), None);
    }
}
