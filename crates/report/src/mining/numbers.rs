//! Numbers as people read them. Everything is integer arithmetic on what the report holds, so every
//! machine writes the same digits.

use baton_rootcause::wire::{Fixed, Interval};

/// Seconds in a minute, an hour and a day, with the words for them.
const SPANS: [(i64, &str); 3] = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
/// Millionths in one.
const ONE: i64 = 1_000_000;

/// Returns a count with its thousands apart: `24,918`.
pub(crate) fn whole(count: u64) -> String {
    let digits = count.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// Returns a number rounded to `digits` decimal digits, at most six, halves away from zero.
pub(crate) fn decimal(number: Fixed, digits: u32) -> String {
    let digits = digits.min(6);
    let step = 10_i64.pow(6 - digits);
    let millionths = number.millionths();
    let rounded = (millionths.unsigned_abs() + step.unsigned_abs() / 2) / step.unsigned_abs();
    let scale = 10_u64.pow(digits);
    let sign = if millionths < 0 && rounded > 0 {
        "−"
    } else {
        ""
    };
    let before = whole(rounded / scale);
    if digits == 0 {
        return format!("{sign}{before}");
    }
    let width = usize::try_from(digits).unwrap_or(6);
    format!("{sign}{before}.{:0width$}", rounded % scale)
}

/// Returns a number with as many decimal digits as it needs, at most `digits`.
pub(crate) fn trimmed(number: Fixed, digits: u32) -> String {
    let written = decimal(number, digits);
    if !written.contains('.') {
        return written;
    }
    written
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// Returns a share as a percentage: one decimal digit, two under one percent.
pub(crate) fn percent(share: Fixed) -> String {
    let digits = if share.millionths().unsigned_abs() < 10_000 && share.millionths() != 0 {
        2
    } else {
        1
    };
    let hundredfold = Fixed::from_millionths(share.millionths().saturating_mul(100));
    format!("{}%", decimal(hundredfold, digits))
}

/// Returns `part` of `all` as a percentage, and `0.0%` of nothing.
pub(crate) fn percent_of(part: u64, all: u64) -> String {
    percent(share(part, all))
}

/// Returns `part` of `all`, rounded to the nearest millionth.
pub(crate) fn share(part: u64, all: u64) -> Fixed {
    let millionths = u128::from(part) * 1_000_000 + u128::from(all) / 2;
    let millionths = millionths.checked_div(u128::from(all)).unwrap_or(0);
    Fixed::from_millionths(i64::try_from(millionths).unwrap_or(i64::MAX))
}

/// Returns an amount of failures or cost: whole from ten on, one decimal digit below.
pub(crate) fn amount(amount: Fixed) -> String {
    let is_large = amount.millionths().unsigned_abs() >= 10 * ONE.unsigned_abs();
    if is_large {
        decimal(amount, 0)
    } else {
        trimmed(amount, 1)
    }
}

/// Returns a ratio: two decimal digits, one from ten on.
pub(crate) fn ratio(ratio: Fixed) -> String {
    let digits = if ratio.millionths() >= 10 * ONE { 1 } else { 2 };
    decimal(ratio, digits)
}

/// Returns the limits of an interval, each written by `write`: `1.9 to 2.1`.
pub(crate) fn limits(interval: &Interval, write: fn(Fixed) -> String) -> Option<String> {
    match (interval.low, interval.high) {
        (Some(low), Some(high)) => Some(format!("{} to {}", write(low), write(high))),
        (Some(low), None) => Some(format!("{} or more", write(low))),
        (None, Some(high)) => Some(format!("at most {}", write(high))),
        (None, None) => None,
    }
}

/// Decimal logarithm from which a probability is written as a number.
const READABLE: i64 = -2_500_000;

/// Returns a probability given as its decimal logarithm: `0.52`, `10^−12.3`.
pub(crate) fn power(log10: Fixed) -> String {
    if let Some(probability) = log10.exp10().filter(|_| log10.millionths() >= READABLE) {
        return trimmed(probability, 3);
    }
    format!("10^{}", decimal(log10, 1))
}

/// Returns seconds in the largest unit that fits: `2 days`, `1.5 hours`.
pub(crate) fn elapsed(seconds: Fixed) -> String {
    let millionths = seconds.millionths();
    for (span, word) in SPANS {
        if millionths.unsigned_abs() >= (span * ONE).unsigned_abs() {
            return counted(&trimmed(Fixed::from_millionths(millionths / span), 1), word);
        }
    }
    counted(&trimmed(seconds, 1), "second")
}

fn counted(written: &str, word: &str) -> String {
    let plural = if written == "1" { "" } else { "s" };
    format!("{written} {word}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(number: f64) -> Fixed {
        Fixed::round(number).unwrap()
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(whole(24_918), "24,918");
        assert_eq!(whole(1_000_000), "1,000,000");
        assert_eq!(whole(999), "999");
        for (number, expected) in [(0.365_8, "36.6%"), (0.007_108, "0.71%"), (0.0, "0.0%")] {
            assert_eq!(percent(fixed(number)), expected);
        }
        for (number, expected) in [(1106.6, "1,107"), (3.25, "3.3"), (2.0, "2"), (-0.01, "0")] {
            assert_eq!(amount(fixed(number)), expected);
        }
        assert_eq!(ratio(fixed(1.999)), "2.00");
        assert_eq!(ratio(fixed(12.34)), "12.3");
        assert_eq!(decimal(fixed(-12.34), 1), "−12.3");
        for (log10, written) in [
            (-5.96, "10^−6.0"),
            (-0.3, "0.501"),
            (-2.4, "0.004"),
            (0.0, "1"),
        ] {
            assert_eq!(power(fixed(log10)), written);
        }
        for (seconds, expected) in [
            (172_800.0, "2 days"),
            (5_400.0, "1.5 hours"),
            (60.0, "1 minute"),
            (0.0, "0 seconds"),
        ] {
            assert_eq!(elapsed(fixed(seconds)), expected);
        }
        assert_eq!(percent_of(1, 3), "33.3%");
        assert_eq!(percent_of(0, 0), "0.0%");
    }

    #[test]
    fn an_interval_without_a_limit_says_so() {
        let interval = |low: Option<f64>, high: Option<f64>| Interval {
            value: None,
            low: low.map(fixed),
            high: high.map(fixed),
        };
        let check = |interval: &Interval, expected: Option<&str>| {
            assert_eq!(limits(interval, ratio).as_deref(), expected);
        };
        check(&interval(Some(1.9), Some(2.1)), Some("1.90 to 2.10"));
        check(&interval(Some(1.9), None), Some("1.90 or more"));
        check(&interval(None, Some(2.1)), Some("at most 2.10"));
        check(&interval(None, None), None);
    }
}
