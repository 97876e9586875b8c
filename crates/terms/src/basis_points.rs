//! Fixed-point share in hundredths of a percent, the unit of every score and risk.

use serde::{Deserialize, Serialize};

/// A share from 0 to 10,000 basis points (0% to 100%).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(try_from = "i64", into = "i64")]
pub struct BasisPoints(u16);

/// A number outside 0..=10000 was offered as basis points.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("take `{found}` as basis points: expected 0..=10000")]
pub struct BasisPointsError {
    found: i64,
}

impl BasisPoints {
    /// 0%.
    pub const ZERO: Self = Self(0);
    /// 100%.
    pub const FULL: Self = Self(10_000);

    /// Returns `value` as basis points.
    ///
    /// # Errors
    /// When `value` lies outside 0..=10000.
    pub fn new(value: i64) -> Result<Self, BasisPointsError> {
        u16::try_from(value)
            .ok()
            .filter(|points| *points <= 10_000)
            .map(Self)
            .ok_or(BasisPointsError { found: value })
    }

    /// Returns the largest allowed share not above `value`; for sums that are capped by definition.
    pub fn saturating(value: u64) -> Self {
        Self(u16::try_from(value.min(10_000)).unwrap_or(10_000))
    }

    /// Returns the number of basis points.
    pub fn get(self) -> u64 {
        u64::from(self.0)
    }
}

impl TryFrom<i64> for BasisPoints {
    type Error = BasisPointsError;

    fn try_from(value: i64) -> Result<Self, Self::Error> {
        Self::new(value)
    }
}

impl From<BasisPoints> for i64 {
    fn from(value: BasisPoints) -> Self {
        Self::from(value.0)
    }
}

impl std::fmt::Display for BasisPoints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:02}%", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_closed_at_both_ends() {
        assert_eq!(BasisPoints::new(0), Ok(BasisPoints::ZERO));
        assert_eq!(BasisPoints::new(10_000), Ok(BasisPoints::FULL));
        assert!(BasisPoints::new(-1).is_err());
        assert!(BasisPoints::new(10_001).is_err());
        assert_eq!(BasisPoints::saturating(12_345), BasisPoints::FULL);
    }

    #[test]
    fn prints_as_a_percentage_with_two_digits() {
        assert_eq!(BasisPoints::new(7405).unwrap().to_string(), "74.05%");
    }
}
