//! Points in time: RFC 3339 with an explicit offset in, UTC with a `Z` out.

use serde::{Deserialize, Serialize};

use crate::Elapsed;

/// A point in time, to the nanosecond, independent of any zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Instant(jiff::Timestamp);

/// Text that is not an RFC 3339 date-time with an offset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "read `{found}` as a time: expected RFC 3339 with an offset, such as `2026-11-20T09:00:00Z`"
)]
pub struct InstantError {
    found: String,
}

impl Instant {
    /// Returns the instant of a timestamp.
    pub fn from_timestamp(timestamp: jiff::Timestamp) -> Self {
        Self(timestamp)
    }

    /// Returns the underlying timestamp, for calendars.
    pub fn timestamp(self) -> jiff::Timestamp {
        self.0
    }

    /// Returns whole seconds since 1970-01-01T00:00:00Z, rounded towards the past.
    pub fn unix_seconds(self) -> i64 {
        let second = self.0.as_second();
        if self.0.subsec_nanosecond() < 0 {
            second - 1
        } else {
            second
        }
    }

    /// Returns the time from `earlier` to `self`, floored to whole seconds, or `None` when `earlier` is later.
    pub fn since(self, earlier: Self) -> Option<Elapsed> {
        let nanoseconds = self.0.as_nanosecond() - earlier.0.as_nanosecond();
        u64::try_from(nanoseconds.div_euclid(1_000_000_000))
            .ok()
            .filter(|_| nanoseconds >= 0)
            .map(Elapsed::from_seconds)
    }

    /// Returns the instant `elapsed` later, or `None` beyond the year 9999.
    pub fn checked_add(self, elapsed: Elapsed) -> Option<Self> {
        let seconds = i64::try_from(elapsed.seconds()).ok()?;
        self.0
            .checked_add(jiff::SignedDuration::from_secs(seconds))
            .ok()
            .map(Self)
    }

    /// Returns the instant `milliseconds` later, or `None` beyond the year 9999.
    pub fn checked_add_millis(self, milliseconds: u64) -> Option<Self> {
        let milliseconds = i64::try_from(milliseconds).ok()?;
        self.0
            .checked_add(jiff::SignedDuration::from_millis(milliseconds))
            .ok()
            .map(Self)
    }
}

/// `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)`; the calendar checks are jiff's.
fn has_rfc3339_shape(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some((head, tail)) = bytes.split_at_checked(19) else {
        return false;
    };
    let shape = b"dddd-dd-ddTdd:dd:dd";
    let head_fits = head
        .iter()
        .zip(shape)
        .all(|(byte, expected)| match expected {
            b'd' => byte.is_ascii_digit(),
            _ => byte == expected,
        });
    // A leap second (`:60`) has no Unix time; refusing it beats shifting it silently.
    let is_leap_second = head.ends_with(b":60");
    let offset = match tail.split_first() {
        Some((b'.', rest)) => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if !(1..=9).contains(&digits) {
                return false;
            }
            rest.get(digits..).unwrap_or_default()
        }
        _ => tail,
    };
    let offset_fits = match offset {
        b"Z" => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => [h1, h2, m1, m2].iter().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    head_fits && offset_fits && !is_leap_second
}

impl std::str::FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        has_rfc3339_shape(text)
            .then(|| text.parse().ok())
            .flatten()
            .map(Self)
            .ok_or_else(|| InstantError {
                found: text.chars().take(100).collect(),
            })
    }
}

impl TryFrom<String> for Instant {
    type Error = InstantError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Instant> for String {
    fn from(instant: Instant) -> Self {
        instant.to_string()
    }
}

impl std::fmt::Display for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn equal_moments_are_equal_and_print_in_utc() {
        let berlin = instant("2026-03-29T03:30:00+02:00");
        assert_eq!(berlin, instant("2026-03-29T01:30:00Z"));
        assert_eq!(berlin.to_string(), "2026-03-29T01:30:00Z");
    }

    #[test]
    fn refuses_missing_offsets_leap_seconds_and_loose_forms() {
        for text in [
            "2026-03-29",
            "2026-03-29T01:30:00",
            "2026-03-29 01:30:00Z",
            "2026-03-29T01:30:60Z",
            "2026-02-30T01:30:00Z",
            "2026-03-29T24:00:00Z",
            "2026-03-29T01:30:00.Z",
            "2026-03-29T01:30:00+0200",
            "2026-03-29T01:30:00Z[Europe/Berlin]",
        ] {
            assert!(text.parse::<Instant>().is_err(), "{text}");
        }
    }

    #[test]
    fn since_floors_and_refuses_the_future() {
        let early = instant("2026-01-01T00:00:00.9Z");
        let late = instant("2026-01-01T00:00:02.8Z");
        assert_eq!(late.since(early), Some(Elapsed::from_seconds(1)));
        assert_eq!(early.since(late), None);
    }
}
