//! A probability by its logarithm, so that 10^-4000 is still a number.

use std::cmp::Ordering;

use super::real::{LN_2, LN_10};

/// The natural logarithm of a probability: finite and at most zero, so it is totally ordered and
/// never "not a number". A probability of exactly zero cannot be expressed and is never needed:
/// counts that cannot occur are refused instead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogProbability(f64);

impl LogProbability {
    /// The probability one.
    pub const ONE: Self = Self(0.0);

    /// Returns the probability with this natural logarithm, held to at most one, or `None` when it
    /// is not finite.
    pub fn from_ln(ln: f64) -> Option<Self> {
        if !ln.is_finite() {
            return None;
        }
        // Written so that a negative zero becomes zero.
        Some(if ln < 0.0 { Self(ln) } else { Self::ONE })
    }

    /// Returns the probability `value` in (0, 1], held to at most one.
    pub fn from_probability(value: f64) -> Option<Self> {
        if value > 0.0 {
            Self::from_ln(libm::log(value))
        } else {
            None
        }
    }

    /// Returns the natural logarithm.
    pub fn ln(self) -> f64 {
        self.0
    }

    /// Returns the logarithm to base ten.
    pub fn log10(self) -> f64 {
        self.0 / LN_10
    }

    /// Returns the probability itself; zero below about 10^-323.
    pub fn probability(self) -> f64 {
        libm::exp(self.0)
    }

    /// Returns the probability of the opposite, or `None` for a probability of one.
    ///
    /// Machler (2012), "Accurately computing log(1 - exp(-|a|))".
    pub fn complement(self) -> Option<Self> {
        Self::from_ln(if self.0 > -LN_2 {
            libm::log(-libm::expm1(self.0))
        } else {
            libm::log1p(-libm::exp(self.0))
        })
    }

    /// Returns the probability times `factor`, held to at most one; `None` unless `factor` is
    /// positive and finite.
    pub fn times(self, factor: f64) -> Option<Self> {
        if factor > 0.0 {
            Self::from_ln(self.0 + libm::log(factor))
        } else {
            None
        }
    }
}

impl Eq for LogProbability {}

impl PartialOrd for LogProbability {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LogProbability {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_probabilities_can_be_made() {
        for (ln, kept) in [
            (0.0, Some(0.0)),
            (-0.0, Some(0.0)),
            (1e-16, Some(0.0)),
            (-1e9, Some(-1e9)),
            (f64::NAN, None),
            (f64::NEG_INFINITY, None),
            (f64::INFINITY, None),
        ] {
            assert_eq!(LogProbability::from_ln(ln).map(LogProbability::ln), kept);
        }
        assert_eq!(LogProbability::from_probability(0.0), None);
        assert_eq!(LogProbability::from_probability(f64::NAN), None);
        assert_eq!(
            LogProbability::from_probability(2.0),
            Some(LogProbability::ONE)
        );
        assert_eq!(LogProbability::ONE.complement(), None);
        let tiny = LogProbability::from_ln(-4000.0).unwrap();
        assert_eq!(tiny.complement().unwrap(), LogProbability::ONE);
        assert!(tiny < LogProbability::ONE);
        let half = LogProbability::from_probability(0.5).unwrap();
        assert!((half.complement().unwrap().ln() - half.ln()).abs() < 1e-16);
        assert_eq!(half.times(4.0), Some(LogProbability::ONE));
        assert_eq!(half.times(f64::NAN), None);
    }
}
