//! How much time a deadline allows: business days, hours or minutes, or plain elapsed time.

use baton_terms::{Diagnostic, Elapsed, ElapsedError};

use super::codes::MALFORMED_ALLOWANCE;

/// Business days one allowance may name (about ten years).
const DAYS_MAX: u64 = 2_600;
/// Business seconds one allowance may name (ten years around the clock).
const SECONDS_MAX: u64 = 3_660 * 86_400;

/// A positive amount of business time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BusinessSpan {
    /// Whole business days: due at the close of the last one.
    Days(u32),
    /// Working time in seconds, always whole minutes when read from text.
    Seconds(u64),
}

/// What a deadline allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Allowance {
    /// Business time of a calendar, such as `2bd`, `8bh` or `30bm`.
    Business(BusinessSpan),
    /// Elapsed time around the clock, such as `48h`.
    Elapsed(Elapsed),
}

/// Text that is not an allowance.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "read `{found}` as a time allowance: expected business time such as `2bd`, `8bh` or `30bm`, or elapsed time such as `48h`"
)]
pub struct AllowanceError {
    found: String,
}

impl AllowanceError {
    fn new(text: &str) -> Self {
        Self {
            found: text.chars().take(100).collect(),
        }
    }

    /// Returns the same problem as a diagnostic at `pointer`.
    pub fn to_diagnostic(&self, pointer: &str) -> Diagnostic {
        Diagnostic::error(MALFORMED_ALLOWANCE, "time allowance cannot be read")
            .pointing_to(pointer)
            .expected("business time such as `2bd`, `8bh`, `30bm`, or elapsed time such as `48h`")
            .found(format!("`{}`", self.found))
            .hint("write one whole number above zero and one unit, with no space between them")
    }
}

impl std::str::FromStr for BusinessSpan {
    type Err = AllowanceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || AllowanceError::new(text);
        let (digits, unit) = text
            .len()
            .checked_sub(2)
            .and_then(|at| text.split_at_checked(at))
            .ok_or_else(error)?;
        let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let count: u64 = is_plain
            .then(|| digits.parse().ok())
            .flatten()
            .filter(|count| *count > 0)
            .ok_or_else(error)?;
        let seconds = |scale: u64| {
            count
                .checked_mul(scale)
                .filter(|total| *total <= SECONDS_MAX)
                .map(Self::Seconds)
        };
        match unit {
            "bd" => u32::try_from(count)
                .ok()
                .filter(|_| count <= DAYS_MAX)
                .map(Self::Days),
            "bh" => seconds(3_600),
            "bm" => seconds(60),
            _ => None,
        }
        .ok_or_else(error)
    }
}

impl std::str::FromStr for Allowance {
    type Err = AllowanceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_business = ["bd", "bh", "bm"].iter().any(|unit| text.ends_with(unit));
        if is_business {
            return text.parse().map(Self::Business);
        }
        text.parse()
            .map_err(|_: ElapsedError| AllowanceError::new(text))
            .and_then(|elapsed: Elapsed| match elapsed.seconds() {
                0 => Err(AllowanceError::new(text)),
                _ => Ok(Self::Elapsed(elapsed)),
            })
    }
}

impl std::fmt::Display for BusinessSpan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Days(days) => write!(f, "{days}bd"),
            Self::Seconds(seconds) if seconds.is_multiple_of(3_600) => {
                write!(f, "{}bh", seconds / 3_600)
            }
            Self::Seconds(seconds) => write!(f, "{}bm", seconds.div_ceil(60)),
        }
    }
}

impl std::fmt::Display for Allowance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Business(span) => span.fmt(f),
            Self::Elapsed(elapsed) => elapsed.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: CALENDAR-5
    #[test]
    fn reads_business_and_elapsed_time() {
        for (text, expected) in [
            ("2bd", Allowance::Business(BusinessSpan::Days(2))),
            ("8bh", Allowance::Business(BusinessSpan::Seconds(28_800))),
            ("90bm", Allowance::Business(BusinessSpan::Seconds(5_400))),
            ("48h", Allowance::Elapsed(Elapsed::from_seconds(172_800))),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        assert_eq!("2d".parse::<Allowance>().unwrap().to_string(), "2d");
        assert_eq!("120bm".parse::<Allowance>().unwrap().to_string(), "2bh");
    }

    // spec: CALENDAR-5
    #[test]
    fn refuses_zero_signs_fractions_spaces_and_unknown_units() {
        for text in [
            "",
            "bd",
            "0bd",
            "0h",
            "-1bd",
            "+1bd",
            "1.5bh",
            "1 bd",
            "2bw",
            "2BD",
            "2601bd",
            "99999999999999999999bh",
            "ébd",
            "2b",
        ] {
            let error = text.parse::<Allowance>().unwrap_err();
            assert_eq!(error.to_diagnostic("/deadlines").code, MALFORMED_ALLOWANCE);
        }
    }
}
