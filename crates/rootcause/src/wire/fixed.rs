//! A statistic as it is published: rounded to millionths, so that no two machines differ in a digit.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number in millionths, written as a JSON number of at most six decimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fixed(i64);

/// The largest magnitude in millionths that a JSON number keeps exactly (2^53 - 1).
const MILLIONTHS_MAX: i64 = (1 << 53) - 1;

impl Fixed {
    /// Returns the number of this many millionths, held to what a JSON number keeps exactly.
    pub fn from_millionths(millionths: i64) -> Self {
        Self(millionths.clamp(-MILLIONTHS_MAX, MILLIONTHS_MAX))
    }

    /// Returns `value` rounded to the nearest millionth, halves away from zero, or `None` when it
    /// is not finite.
    pub fn round(value: f64) -> Option<Self> {
        let scaled = (value * 1e6).round();
        if !scaled.is_finite() {
            return None;
        }
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            reason = "finite; `as` saturates and the clamp follows"
        )]
        let millionths = scaled as i64;
        Some(Self::from_millionths(millionths))
    }

    /// Returns the number in millionths.
    pub fn millionths(self) -> i64 {
        self.0
    }

    /// Returns ten to the power of the number, as a probability is written that is kept as its
    /// decimal logarithm.
    pub fn exp10(self) -> Option<Self> {
        Self::round(libm::exp10(self.to_f64()))
    }

    /// Returns the number for drawing.
    pub fn to_f64(self) -> f64 {
        #[expect(
            clippy::as_conversions,
            clippy::cast_precision_loss,
            reason = "within 2^53, so exact"
        )]
        let value = self.0 as f64;
        value / 1e6
    }
}

impl Serialize for Fixed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % 1_000_000 == 0 {
            serializer.serialize_i64(self.0 / 1_000_000)
        } else {
            serializer.serialize_f64(self.to_f64())
        }
    }
}

impl<'de> Deserialize<'de> for Fixed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = f64::deserialize(deserializer)?;
        Self::round(value).ok_or_else(|| serde::de::Error::custom("expected a finite number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statistic_is_rounded_once_and_written_plainly() {
        for (value, written) in [
            (0.365_812_66, "0.365813"),
            (2.0, "2"),
            (-0.000_000_4, "0"),
            (-1.5, "-1.5"),
        ] {
            let fixed = Fixed::round(value).unwrap();
            assert_eq!(serde_json::to_string(&fixed).unwrap(), written);
            assert_eq!(serde_json::from_str::<Fixed>(written).unwrap(), fixed);
        }
        assert_eq!(Fixed::round(f64::NAN), None);
        assert_eq!(Fixed::round(f64::INFINITY), None);
    }
}
