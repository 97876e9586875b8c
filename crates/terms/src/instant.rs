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

const SECONDS_PER_DAY: i64 = 86_400;

/// Reads `YYYY-MM-DDTHH:MM:SSZ`, as nearly all times are written; the calendar is that of
/// <https://howardhinnant.github.io/date_algorithms.html>, whose years begin in March.
fn whole_second(text: &str) -> Option<jiff::Timestamp> {
    let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
    #[rustfmt::skip]
    let [
        y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T',
        h1, h2, b':', n1, n2, b':', s1, s2, b'Z',
    ] = bytes else {
        return None;
    };
    let number = |digits: &[&u8]| {
        digits.iter().try_fold(0_i64, |sum, digit| {
            digit
                .is_ascii_digit()
                .then(|| sum * 10 + i64::from(**digit - b'0'))
        })
    };
    let (year, month, day) = (
        number(&[y1, y2, y3, y4])?,
        number(&[m1, m2])?,
        number(&[d1, d2])?,
    );
    let (hour, minute, second) = (number(&[h1, h2])?, number(&[n1, n2])?, number(&[s1, s2])?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last_day = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if year == 0 || !(1..=last_day).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let year = if month > 2 { year } else { year - 1 };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468;
    let seconds = days * SECONDS_PER_DAY + hour * 3_600 + minute * 60 + second;
    jiff::Timestamp::from_second(seconds).ok()
}

/// Writes what [`whole_second`] reads; nothing for other instants.
fn whole_second_text(timestamp: jiff::Timestamp) -> Option<[u8; 20]> {
    let seconds = timestamp.as_second();
    if timestamp.subsec_nanosecond() != 0 || seconds < 0 {
        return None;
    }
    let (days, second) = (seconds / SECONDS_PER_DAY, seconds % SECONDS_PER_DAY);
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12 + 1;
    let year = era * 400 + year + i64::from(month <= 2);
    let [year, month, day, second] =
        [year, month, day, second].map(|part| u32::try_from(part).unwrap_or_default());
    let mut text = *b"0000-00-00T00:00:00Z";
    let mut rest = text.as_mut_slice();
    let parts = [
        (year / 100, 0),
        (year % 100, 1),
        (month, 1),
        (day, 1),
        (second / 3_600, 1),
        (second / 60 % 60, 1),
        (second % 60, 1),
    ];
    for (part, gap) in parts {
        let (digits, after) = rest.split_first_chunk_mut::<2>()?;
        *digits =
            [part / 10, part % 10].map(|digit| b'0' + u8::try_from(digit).unwrap_or_default());
        rest = after.get_mut(gap..)?;
    }
    Some(text)
}

impl std::str::FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        whole_second(text)
            .or_else(|| text.parse().ok().filter(|_| has_rfc3339_shape(text)))
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
        match whole_second_text(self.0) {
            Some(text) => f.write_str(std::str::from_utf8(&text).unwrap_or_default()),
            None => self.0.fmt(f),
        }
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
    fn whole_seconds_are_read_and_written_as_the_calendar_does() {
        for step in 0..40_000_i64 {
            // From the year 1 to 9999, on ever other days and times of day.
            let second = -62_135_596_800 + step * 7_887_403;
            let timestamp = jiff::Timestamp::from_second(second).unwrap();
            let text = timestamp.to_string();
            assert_eq!(whole_second(&text), Some(timestamp), "{text}");
            assert_eq!(Instant(timestamp).to_string(), text);
        }
        for day in ["2024-02-29", "2000-02-29", "1970-01-01", "9999-12-30"] {
            let text = format!("{day}T00:00:00Z");
            assert_eq!(instant(&text).to_string(), text);
            assert_eq!(whole_second(&text), text.parse().ok());
        }
        for text in [
            "2023-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-01-01T00:60:00Z",
            "9999-12-31T23:59:59Z",
        ] {
            assert_eq!(whole_second(text), None);
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
