//! Numbers as values: a spelling becomes an integer or a fraction, or is refused.
//!
//! I-JSON (RFC 7493 section 2.2) numbers are IEEE 754 doubles, exact as integers only within
//! ±(2^53 − 1). Every double beyond that bound is an integer whose neighbors are lost, so Baton
//! refuses it in any spelling: then equal values and equal canonical bytes are the same thing.

/// The largest integer that I-JSON promises to keep exact: 2^53 − 1.
const SAFE_MAX: i64 = 9_007_199_254_740_991;
/// The same bound among doubles, where it is exact.
const SAFE_MAX_DOUBLE: f64 = 9_007_199_254_740_991.0;
/// Digits that surely fit an `i64`.
const SHORT_DIGITS_MAX: usize = 16;

/// A number by its value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// An integer within ±(2^53 − 1), whether written `1`, `1.0` or `1e0`.
    Integer(i64),
    /// A finite number with a fractional part.
    Float(f64),
}

/// Why a well-formed number is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberProblem {
    /// It lies beyond ±(2^53 − 1).
    Unsafe,
    /// A double cannot hold it: it overflows, or is not zero and rounds to zero.
    OutOfRange,
    /// It is zero with a minus sign.
    NegativeZero,
}

/// Returns the value of a number spelled by the grammar of RFC 8259 section 6.
///
/// # Errors
/// When the value is none that Baton keeps; text outside that grammar counts as out of range.
pub fn number(spelling: &str) -> Result<Number, NumberProblem> {
    let (is_negative, digits) = match spelling.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, spelling),
    };
    if digits.len() <= SHORT_DIGITS_MAX
        && let Some(magnitude) = integer(digits.as_bytes())
    {
        return match (magnitude, is_negative) {
            (0, true) => Err(NumberProblem::NegativeZero),
            (magnitude, _) if magnitude > SAFE_MAX => Err(NumberProblem::Unsafe),
            (magnitude, true) => Ok(Number::Integer(-magnitude)),
            (magnitude, false) => Ok(Number::Integer(magnitude)),
        };
    }
    double(spelling, is_negative)
}

/// Returns the integer of plain digits, or `None` when there is a fraction, exponent or nothing.
fn integer(digits: &[u8]) -> Option<i64> {
    let mut magnitude: i64 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        magnitude = magnitude * 10 + i64::from(digit - b'0');
    }
    (!digits.is_empty()).then_some(magnitude)
}

fn double(spelling: &str, is_negative: bool) -> Result<Number, NumberProblem> {
    let value: f64 = spelling.parse().map_err(|_| NumberProblem::OutOfRange)?;
    if !value.is_finite() {
        return Err(NumberProblem::OutOfRange);
    }
    let magnitude = value.abs();
    if magnitude == 0.0 {
        return match (has_nonzero_digit(spelling), is_negative) {
            (true, _) => Err(NumberProblem::OutOfRange),
            (false, true) => Err(NumberProblem::NegativeZero),
            (false, false) => Ok(Number::Integer(0)),
        };
    }
    if magnitude > SAFE_MAX_DOUBLE {
        return Err(NumberProblem::Unsafe);
    }
    if value.fract() == 0.0 {
        Ok(Number::Integer(exact_integer(value)))
    } else {
        Ok(Number::Float(value))
    }
}

/// Returns whether the digits before any exponent name a value other than zero.
fn has_nonzero_digit(spelling: &str) -> bool {
    spelling
        .bytes()
        .take_while(|byte| !matches!(byte, b'e' | b'E'))
        .any(|byte| matches!(byte, b'1'..=b'9'))
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "an integral double within ±(2^53 − 1) converts exactly"
)]
fn exact_integer(value: f64) -> i64 {
    value as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_count_and_spellings_do_not() {
        for (spelling, expected) in [
            ("0", Number::Integer(0)),
            ("0.0", Number::Integer(0)),
            ("0e9", Number::Integer(0)),
            ("1.0", Number::Integer(1)),
            ("1e3", Number::Integer(1000)),
            ("1000e-3", Number::Integer(1)),
            ("-7", Number::Integer(-7)),
            ("-7.0", Number::Integer(-7)),
            ("9007199254740991", Number::Integer(SAFE_MAX)),
            ("-9007199254740991", Number::Integer(-SAFE_MAX)),
            ("9007199254740991.0", Number::Integer(SAFE_MAX)),
            ("1.5", Number::Float(1.5)),
            ("-2.5e-3", Number::Float(-0.0025)),
            ("5e-324", Number::Float(5e-324)),
            ("123456789012345.5", Number::Float(123_456_789_012_345.5)),
        ] {
            assert_eq!(number(spelling), Ok(expected), "{spelling}");
        }
    }

    #[test]
    fn refuses_what_a_double_does_not_keep() {
        for (spelling, expected) in [
            ("9007199254740992", NumberProblem::Unsafe),
            ("9007199254740993", NumberProblem::Unsafe),
            ("-9007199254740992", NumberProblem::Unsafe),
            ("9007199254740992.0", NumberProblem::Unsafe),
            ("9.007199254740992e15", NumberProblem::Unsafe),
            ("123456789012345678901234567890", NumberProblem::Unsafe),
            ("1e21", NumberProblem::Unsafe),
            ("1e400", NumberProblem::OutOfRange),
            ("-1e400", NumberProblem::OutOfRange),
            ("1e-400", NumberProblem::OutOfRange),
            ("-1e-400", NumberProblem::OutOfRange),
            ("-0", NumberProblem::NegativeZero),
            ("-0.0", NumberProblem::NegativeZero),
            ("-0e5", NumberProblem::NegativeZero),
            ("-0.000E-7", NumberProblem::NegativeZero),
        ] {
            assert_eq!(number(spelling), Err(expected), "{spelling}");
        }
    }
}
