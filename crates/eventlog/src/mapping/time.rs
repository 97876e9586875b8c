//! How times are written: RFC 3339 and its loose relatives, Unix time, or a `strftime` pattern.

use std::fmt;

use jiff::tz::TimeZone;

use super::pattern::Pattern;
use super::text::{SECOND_MICROS, days_from_civil, fraction, number, offset, wall};

/// The last second that every part of Baton can show, of the year 9999.
const LAST_SECOND: i64 = 253_402_207_200;

/// How times are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeFormat {
    /// RFC 3339; a space for the `T`, and no seconds or no offset, are understood too.
    Rfc3339,
    /// Seconds since 1970-01-01T00:00:00Z, with or without a fraction.
    Unix,
    /// Milliseconds since then.
    UnixMillis,
    /// Microseconds since then.
    UnixMicros,
    /// As a pattern says.
    Pattern(Pattern),
}

/// Text that is not a time format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read `{found}` as a time format: {reason}")]
pub struct TimeFormatError {
    pub(super) found: String,
    pub(super) reason: String,
}

impl TimeFormat {
    /// Returns how people write the format.
    pub fn text(&self) -> &str {
        match self {
            Self::Rfc3339 => "rfc3339",
            Self::Unix => "unix",
            Self::UnixMillis => "unix-ms",
            Self::UnixMicros => "unix-us",
            Self::Pattern(pattern) => pattern.text(),
        }
    }

    /// Returns whether times in this format may name their zone.
    pub fn has_zone(&self) -> bool {
        match self {
            Self::Pattern(pattern) => pattern.has_offset(),
            _ => true,
        }
    }

    /// Returns what `text` says, or `None` when it is not in this format or no such time exists.
    pub fn read(&self, text: &[u8]) -> Option<Moment> {
        match self {
            Self::Rfc3339 => rfc3339(text),
            Self::Unix => unix(text, SECOND_MICROS),
            Self::UnixMillis => unix(text, 1_000),
            Self::UnixMicros => unix(text, 1),
            Self::Pattern(pattern) => pattern.read(text),
        }
    }
}

impl std::str::FromStr for TimeFormat {
    type Err = TimeFormatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "rfc3339" => Ok(Self::Rfc3339),
            "unix" => Ok(Self::Unix),
            "unix-ms" => Ok(Self::UnixMillis),
            "unix-us" => Ok(Self::UnixMicros),
            _ => Pattern::new(text).map(Self::Pattern),
        }
    }
}

/// A time as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Microseconds from 1970-01-01T00:00:00 to the time on the wall.
    pub wall_micros: i64,
    /// Seconds the wall is ahead of UTC, when the text says so.
    pub offset_seconds: Option<i32>,
}

/// A zone for times that name none.
#[derive(Clone, PartialEq, Eq)]
pub enum Zone {
    /// UTC.
    Utc,
    /// A zone of the time zone database.
    Named(TimeZone),
}

impl Zone {
    /// Returns the zone of this name in the time zone database.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "UTC" | "Etc/UTC" | "GMT" => Some(Self::Utc),
            _ => TimeZone::get(name).ok().map(Self::Named),
        }
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Utc => f.write_str("UTC"),
            Self::Named(zone) => f.write_str(zone.iana_name().unwrap_or("?")),
        }
    }
}

fn rfc3339(text: &[u8]) -> Option<Moment> {
    let (year, rest) = number(text, 4).filter(|(_, rest)| text.len() - rest.len() == 4)?;
    let (month, rest) = number(rest.strip_prefix(b"-")?, 2)?;
    let (day, rest) = number(rest.strip_prefix(b"-")?, 2)?;
    let days = days_from_civil(year, month, day)?;
    let (b'T' | b't' | b' ', rest) = rest.split_first()? else {
        return None;
    };
    let (hour, rest) = number(rest, 2)?;
    let (minute, rest) = number(rest.strip_prefix(b":")?, 2)?;
    let (second, rest) = match rest.strip_prefix(b":") {
        Some(rest) => number(rest, 2)?,
        None => (0, rest),
    };
    let (micros, rest) = match rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b",")) {
        Some(rest) => fraction(rest)?,
        None => (0, rest),
    };
    let offset_seconds = match rest.trim_ascii_start() {
        [] => None,
        zone => Some(offset(zone).filter(|(_, rest)| rest.is_empty())?.0),
    };
    Some(Moment {
        wall_micros: wall(days, (hour, minute, second), micros)?,
        offset_seconds,
    })
}

fn unix(text: &[u8], unit_micros: i64) -> Option<Moment> {
    let (sign, digits) = match text.strip_prefix(b"-") {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let (whole, rest) = number(digits, 18)?;
    let micros = match rest.strip_prefix(b".") {
        Some(rest) => {
            fraction(rest).filter(|(_, rest)| rest.is_empty())?.0 * unit_micros / SECOND_MICROS
        }
        None if rest.is_empty() => 0,
        None => return None,
    };
    let wall_micros = whole.checked_mul(unit_micros)?.checked_add(micros)? * sign;
    // Beyond the year 9999 it was milliseconds that were taken for seconds.
    (wall_micros.abs() <= LAST_SECOND * SECOND_MICROS).then_some(Moment {
        wall_micros,
        offset_seconds: Some(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads and shows in UTC, with the offset when the text names one.
    fn shown(format: &str, text: &str) -> String {
        let Some(moment) = format.parse::<TimeFormat>().unwrap().read(text.as_bytes()) else {
            return "none".to_owned();
        };
        let wall = jiff::Timestamp::from_microsecond(moment.wall_micros).unwrap();
        let offset = moment.offset_seconds.map(|offset| format!(" {offset}"));
        format!("{wall}{}", offset.unwrap_or_default())
    }

    #[test]
    fn reads_what_the_format_says_and_nothing_else() {
        for (format, text, expected) in [
            ("%d/%m/%Y %H:%M", "29/2/2016 01:16", "2016-02-29T01:16:00Z"),
            ("%d/%m/%Y %H:%M", "29/2/2015 01:16", "none"),
            ("%d/%m/%Y %H:%M", "1/13/2016 01:16", "none"),
            ("%d/%m/%Y %H:%M", "29/2/2016 01:16:00", "none"),
            ("%d/%m/%Y %H:%M", "29/2/16 01:16", "none"),
            ("%d/%m/%Y %H:%M", "29/2/2016 24:00", "none"),
            (
                "%m/%d/%y %I:%M %p",
                "2/29/16 12:05 AM",
                "2016-02-29T00:05:00Z",
            ),
            (
                "%m/%d/%y %I:%M %p",
                "2/28/70 12:05 PM",
                "1970-02-28T12:05:00Z",
            ),
            ("%m/%d/%y %I:%M %p", "2/28/70 13:05 PM", "none"),
            ("%Y%m%d%H%M%S", "20160229011605", "2016-02-29T01:16:05Z"),
            (
                "%a, %d %b %Y %T %z",
                "Mon, 29 Feb 2016 01:16:05 +0130",
                "2016-02-29T01:16:05Z 5400",
            ),
            ("%Y-%j", "2016-366", "2016-12-31T00:00:00Z"),
            ("%Y-%j", "2015-366", "none"),
            (
                "%F %T%.f",
                "2016-02-29 01:16:05.1234567",
                "2016-02-29T01:16:05.123456Z",
            ),
            ("%F %T%.f", "2016-02-29 01:16:05", "2016-02-29T01:16:05Z"),
            ("%F", "1969-12-31", "1969-12-31T00:00:00Z"),
            (
                "rfc3339",
                "2016-02-29T01:16:05.5+02:00",
                "2016-02-29T01:16:05.5Z 7200",
            ),
            ("rfc3339", "2016-02-29 01:16", "2016-02-29T01:16:00Z"),
            ("rfc3339", "2016-02-29 01:16 UTC", "2016-02-29T01:16:00Z 0"),
            ("rfc3339", "2016-02-29T01:16:60Z", "none"),
            ("rfc3339", "2016-02-29", "none"),
            ("rfc3339", "2016-02-29T01:16:05Zx", "none"),
            ("unix", "1418849626", "2014-12-17T20:53:46Z 0"),
            ("unix", "-1.5", "1969-12-31T23:59:58.5Z 0"),
            ("unix-ms", "1418849626123", "2014-12-17T20:53:46.123Z 0"),
            ("unix", "1418849626123", "none"),
            ("unix", "9999999999999999999", "none"),
            ("unix", "12a", "none"),
        ] {
            assert_eq!(shown(format, text), expected, "{format} {text}");
        }
    }

    #[test]
    fn a_format_must_name_a_day() {
        for text in [
            "",
            "iso",
            "%H:%M",
            "%Y-%m",
            "%Q",
            "%",
            "%Y-%m-%d %I:%M",
            "%:d",
        ] {
            assert!(text.parse::<TimeFormat>().is_err(), "{text}");
        }
    }
}
