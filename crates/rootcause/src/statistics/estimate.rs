//! A number with the interval it was estimated to.

use crate::wire::{Fixed, Interval};

/// An estimate with its interval. What is not defined or not bounded is absent: a ratio to zero
/// failures has no value, and its interval no upper limit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Estimate {
    /// The estimate.
    pub value: Option<f64>,
    /// Lower limit.
    pub low: Option<f64>,
    /// Upper limit.
    pub high: Option<f64>,
}

impl Estimate {
    /// Returns the estimate with every part that is not finite left out.
    pub(super) fn finite(value: f64, low: f64, high: f64) -> Self {
        let kept = |part: f64| part.is_finite().then_some(part);
        Self {
            value: kept(value),
            low: kept(low),
            high: kept(high),
        }
    }

    /// Returns the estimate times `factor`, which is not negative.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        let times = |part: Option<f64>| part.map_or(f64::NAN, |part| part * factor);
        Self::finite(times(self.value), times(self.low), times(self.high))
    }

    /// Returns the estimate as it is published.
    pub fn rounded(self) -> Interval {
        Interval {
            value: self.value.and_then(Fixed::round),
            low: self.low.and_then(Fixed::round),
            high: self.high.and_then(Fixed::round),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finite_parts_are_kept() {
        let estimate = Estimate::finite(f64::INFINITY, 1.25, f64::NAN);
        assert_eq!(
            estimate,
            Estimate {
                value: None,
                low: Some(1.25),
                high: None
            }
        );
        assert_eq!(estimate.scaled(2.0).low, Some(2.5));
        assert_eq!(estimate.scaled(f64::INFINITY), Estimate::default());
        assert_eq!(estimate.rounded().low, Fixed::round(1.25));
    }
}
