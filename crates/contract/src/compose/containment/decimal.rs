//! Exact decimal numbers for bounds, within the range where JSON numbers are exact.

use std::cmp::Ordering;

use serde_json::Number;

/// Largest magnitude compared: 2^53, up to which integers and doubles agree.
const MAGNITUDE_MAX: i128 = 1 << 53;
/// Most digits after the point.
const SCALE_MAX: u32 = 18;

/// `mantissa / 10^scale`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decimal {
    mantissa: i128,
    scale: u32,
}

impl Decimal {
    /// Reads a JSON number; nothing beyond the exact range.
    pub(super) fn read(number: &Number) -> Option<Self> {
        let text = number.to_string();
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().ok()?;
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mantissa: i128 = format!("{whole}{fraction}").parse().ok()?;
        let shift = exponent - i32::try_from(fraction.len()).ok()?;
        let (mantissa, scale) = match u32::try_from(shift) {
            Ok(up) => (mantissa.checked_mul(10_i128.checked_pow(up)?)?, 0),
            Err(_) => (mantissa, shift.unsigned_abs()),
        };
        let fits = scale <= SCALE_MAX
            && mantissa.checked_abs()? <= MAGNITUDE_MAX.checked_mul(10_i128.checked_pow(scale)?)?;
        fits.then_some(Self { mantissa, scale })
    }

    /// Returns the smallest whole number that is not below.
    pub(super) fn ceil(self) -> i128 {
        -(-self.mantissa).div_euclid(self.unit())
    }

    /// Returns the largest whole number that is not above.
    pub(super) fn floor(self) -> i128 {
        self.mantissa.div_euclid(self.unit())
    }

    /// Returns a whole number.
    pub(super) fn whole(value: i128) -> Self {
        Self {
            mantissa: value,
            scale: 0,
        }
    }

    /// Returns the number when it is whole.
    pub(super) fn as_whole(self) -> Option<i128> {
        (self.ceil() == self.floor()).then(|| self.floor())
    }

    fn unit(self) -> i128 {
        10_i128.pow(self.scale)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // Whole parts first, then fractions at eighteen digits: one common scale could overflow.
        let fraction = |number: &Self| {
            number.mantissa.rem_euclid(number.unit()) * 10_i128.pow(SCALE_MAX - number.scale)
        };
        self.floor()
            .cmp(&other.floor())
            .then_with(|| fraction(self).cmp(&fraction(other)))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Option<Decimal> {
        Decimal::read(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn numbers_compare_exactly_and_round_to_whole_ones() {
        for (less, more) in [
            ("-1.5", "-1.25"),
            ("0.1", "0.2"),
            ("1e-3", "0.0011"),
            ("2", "2.5e0"),
        ] {
            assert!(
                decimal(less).unwrap() < decimal(more).unwrap(),
                "{less} {more}"
            );
        }
        assert_eq!(decimal("1.0"), decimal("1"));
        assert_eq!(decimal("1e3"), decimal("1000"));
        assert_eq!(
            (
                decimal("-1.5").unwrap().ceil(),
                decimal("-1.5").unwrap().floor()
            ),
            (-1, -2)
        );
        assert_eq!(decimal("9007199254740993"), None);
        assert_eq!(decimal("1e300"), None);
        assert_eq!(decimal("1e-30"), None);
    }
}
