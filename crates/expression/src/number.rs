//! Exact comparison across integers and doubles (cel-spec, "Equality" and "Ordering"): no value
//! is rounded, and JSON has no NaN, so the order is total.

use std::cmp::Ordering;

use serde_json::Number;

use super::value::Value;

/// Largest magnitude below which every integer is a double of its own: 2^53.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
/// 2^63, the first double above every 64-bit integer.
const INT_END: f64 = 9_223_372_036_854_775_808.0;

/// Returns a JSON number as an integer when it is one. `1.0` and `1` have one canonical form
/// (RFC 8785 §3.2.2.3), so they are one value here.
pub(super) fn from_json<'a>(number: &Number) -> Value<'a> {
    if let Some(value) = number.as_i64() {
        return Value::Int(value);
    }
    let value = number.as_f64().unwrap_or(0.0);
    match truncated(value) {
        Some(whole) if value.abs() <= EXACT_MAX && is_whole(value) => Value::Int(whole),
        _ => Value::Double(value),
    }
}

/// Returns the integer part of `value`, when 64 bits hold it.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "the range is checked; the fraction is meant to go"
)]
pub(super) fn truncated(value: f64) -> Option<i64> {
    (-INT_END..INT_END).contains(&value).then_some(value as i64)
}

/// Returns the double nearest to `value`.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "CEL's double() rounds to nearest"
)]
pub(super) fn to_double(value: i64) -> f64 {
    value as f64
}

fn is_whole(value: f64) -> bool {
    doubles(value.fract(), 0.0) == Ordering::Equal
}

/// Compares two doubles that are no NaN; both zeros are equal.
pub(super) fn doubles(left: f64, right: f64) -> Ordering {
    left.partial_cmp(&right).unwrap_or(Ordering::Equal)
}

/// Compares an integer with a double exactly.
pub(super) fn mixed(left: i64, right: f64) -> Ordering {
    match truncated(right) {
        None if right < 0.0 => Ordering::Greater,
        None => Ordering::Less,
        Some(whole) => left.cmp(&whole).then_with(|| doubles(0.0, right.fract())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: EXPRESSION-14
    #[test]
    fn integers_and_doubles_compare_without_rounding() {
        let above = i64::MAX;
        assert_eq!(mixed(above, INT_END), Ordering::Less);
        assert_eq!(mixed(i64::MIN, -INT_END), Ordering::Equal);
        assert_eq!(mixed(9_007_199_254_740_993, EXACT_MAX), Ordering::Greater);
        assert_eq!(mixed(1, 1.5), Ordering::Less);
        assert_eq!(mixed(-1, -1.5), Ordering::Greater);
        assert_eq!(mixed(0, -0.0), Ordering::Equal);
    }
}
