//! Numbers of a table: read once, summed as whole millionths, so that no order of rows changes a sum.

/// The largest number in a KPI table.
pub(super) const NUMBER_MAX: f64 = 1e15;
/// Millionths in one.
const MILLION: f64 = 1e6;

/// Returns the millionths of a decimal number that is not negative, or why there is none.
pub(super) fn millionths(text: &str) -> Result<i128, &'static str> {
    let text = text.trim();
    // `inf`, `nan` and their like are numbers for the standard parser only.
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    let number: f64 = text
        .parse()
        .ok()
        .filter(|_| is_plain)
        .ok_or("not a number")?;
    if number < 0.0 {
        return Err("a negative number");
    }
    if number > NUMBER_MAX {
        return Err("a number that is too large");
    }
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "finite and below 1e21"
    )]
    let millionths = (number * MILLION).round() as i128;
    Ok(millionths)
}

/// Returns millionths as a real number.
pub(super) fn real(millionths: i128) -> f64 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "rounding beyond 2^53 is stated"
    )]
    let value = millionths as f64;
    value / MILLION
}

/// Returns a number of things as a real number.
pub(super) fn count(items: usize) -> f64 {
    u32::try_from(items).map_or(f64::from(u32::MAX), f64::from)
}

/// Returns the middle of some numbers, which it sorts; zero of none.
pub(super) fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    let upper = numbers.get(numbers.len() / 2).copied().unwrap_or(0.0);
    if numbers.len() % 2 == 1 {
        return upper;
    }
    let lower = (numbers.len() / 2).checked_sub(1);
    let lower = lower.and_then(|place| numbers.get(place).copied());
    f64::midpoint(lower.unwrap_or(upper), upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_plainly_or_refused_with_a_reason() {
        for (text, expected) in [
            ("12", Ok(12_000_000)),
            (" 0.5 ", Ok(500_000)),
            ("1e3", Ok(1_000_000_000)),
            ("-0", Ok(0)),
            ("0.0000004", Ok(0)),
            ("1000000000000000", Ok(1_000_000_000_000_000_000_000)),
            ("", Err("not a number")),
            ("1,5", Err("not a number")),
            ("nan", Err("not a number")),
            ("inf", Err("not a number")),
            ("0x10", Err("not a number")),
            ("-1", Err("a negative number")),
            ("1e400", Err("a number that is too large")),
            ("2e15", Err("a number that is too large")),
        ] {
            assert_eq!(millionths(text), expected, "{text}");
        }
    }

    #[test]
    fn the_middle_of_numbers_is_found() {
        assert!((median(&mut [3.0, 1.0, 2.0]) - 2.0).abs() < 1e-12);
        assert!((median(&mut [4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < 1e-12);
        assert!(median(&mut []).abs() < 1e-12);
    }
}
