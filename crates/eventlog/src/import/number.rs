//! What a text means under the kind of its column.

use crate::mapping::ValueKind;

use super::clock::Clock;

/// Reads the texts of one column.
#[derive(Debug)]
pub(crate) enum Meaning {
    Boolean,
    Decimal { scale: u8 },
    Time(Box<Clock>),
}

impl Meaning {
    /// Returns how the texts of a column are read; times are written as those of events unless the
    /// rule says otherwise.
    pub(crate) fn of(kind: &ValueKind, mapping: &crate::mapping::Mapping) -> Option<Self> {
        Some(match kind {
            ValueKind::Text => return None,
            ValueKind::Boolean => Self::Boolean,
            ValueKind::Number { scale } => Self::Decimal { scale: *scale },
            ValueKind::Time { format } => {
                let time = &mapping.time;
                let format = format.as_ref().unwrap_or(&time.format);
                let zone = time
                    .zone
                    .clone()
                    .or_else(|| (!format.has_zone()).then_some(crate::mapping::Zone::Utc));
                Self::Time(Box::new(Clock::new(format.clone(), zone)))
            }
        })
    }

    /// Returns the number a text means.
    pub(crate) fn read(&mut self, text: &str) -> Option<i64> {
        let text = text.trim();
        match self {
            Self::Boolean => boolean(text),
            Self::Decimal { scale } => decimal(text, *scale),
            Self::Time(clock) => clock.read(text.as_bytes()).ok(),
        }
    }
}

/// Returns what a text means as a boolean.
pub(crate) fn boolean(text: &str) -> Option<i64> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["true", "yes", "1", "t", "y"]) {
        Some(1)
    } else if is(&["false", "no", "0", "f", "n"]) {
        Some(0)
    } else {
        None
    }
}

/// Reads `-12.50`; digits beyond the scale must be zeros, for rounding would be silent.
pub(crate) fn decimal(text: &str, scale: u8) -> Option<i64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !is_digits(whole) || !is_digits(part) {
        return None;
    }
    let digit = |value: i64, byte: u8| value.checked_mul(10)?.checked_add(i64::from(byte - b'0'));
    let scale = usize::from(scale);
    let kept = part.bytes().chain(std::iter::repeat(b'0')).take(scale);
    let value = whole.bytes().chain(kept).try_fold(0, digit)?;
    let is_exact = part.bytes().skip(scale).all(|byte| byte == b'0');
    is_exact.then_some(if text.starts_with('-') { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_exactly_or_not_at_all() {
        for (text, scale, expected) in [
            ("12", 0, Some(12)),
            ("12.0", 0, Some(12)),
            ("12.5", 0, None),
            ("-12.5", 1, Some(-125)),
            ("+.5", 2, Some(50)),
            ("5.", 0, Some(5)),
            ("1e3", 0, None),
            ("1,5", 1, None),
            (".", 1, None),
            ("", 0, None),
            ("9223372036854775807", 0, Some(i64::MAX)),
            ("9223372036854775807", 1, None),
        ] {
            assert_eq!(decimal(text, scale), expected, "{text} {scale}");
        }
        for (text, expected) in [("True", Some(1)), ("NO", Some(0)), ("maybe", None)] {
            assert_eq!(boolean(text), expected);
        }
    }
}
