//! Texts of times to microseconds, with the zone they are meant in.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::mapping::{Moment, TimeFormat, Zone};

/// Why a text is no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeProblem {
    /// It is not in the format, or there is no such time.
    Unreadable,
    /// It names no zone, and nothing else does.
    NoZone,
}

/// Reads times of one format, with a memory for the last one: neighboring rows repeat it.
#[derive(Debug)]
pub(crate) struct Clock {
    format: TimeFormat,
    zone: Option<Zone>,
    last: Vec<u8>,
    last_micros: i64,
    last_has_offset: bool,
    /// The hour for which the offset of a named zone is known, and that offset.
    hour: Option<(i64, i64)>,
    /// Local times that happened twice or never, so that one of two meanings was taken.
    pub(crate) unsure: u64,
    /// Times that name their zone.
    pub(crate) with_offset: u64,
    /// Times that name none.
    pub(crate) without_offset: u64,
}

const SECOND_MICROS: i64 = 1_000_000;
const HOUR_MICROS: i64 = 3_600 * SECOND_MICROS;

impl Clock {
    pub(crate) fn new(format: TimeFormat, zone: Option<Zone>) -> Self {
        Self {
            format,
            zone,
            last: Vec::new(),
            last_micros: 0,
            last_has_offset: false,
            hour: None,
            unsure: 0,
            with_offset: 0,
            without_offset: 0,
        }
    }

    /// Returns microseconds since 1970-01-01T00:00:00Z.
    #[inline]
    pub(crate) fn read(&mut self, text: &[u8]) -> Result<i64, TimeProblem> {
        if text == self.last && !text.is_empty() {
            let count = if self.last_has_offset {
                &mut self.with_offset
            } else {
                &mut self.without_offset
            };
            *count += 1;
            return Ok(self.last_micros);
        }
        let moment = self.format.read(text).ok_or(TimeProblem::Unreadable)?;
        let unsure = self.unsure;
        let micros = self.place(moment)?;
        self.last.clear();
        if self.unsure == unsure {
            self.last.extend_from_slice(text);
            self.last_has_offset = moment.offset_seconds.is_some();
            self.last_micros = micros;
        }
        Ok(micros)
    }

    fn place(&mut self, moment: Moment) -> Result<i64, TimeProblem> {
        if let Some(offset) = moment.offset_seconds {
            self.with_offset += 1;
            return Ok(moment.wall_micros - i64::from(offset) * SECOND_MICROS);
        }
        let zone = self.zone.as_ref().ok_or(TimeProblem::NoZone)?;
        self.without_offset += 1;
        let Zone::Named(zone) = zone else {
            return Ok(moment.wall_micros);
        };
        let hour = moment.wall_micros.div_euclid(HOUR_MICROS);
        if let Some((known, offset_micros)) = self.hour
            && known == hour
        {
            return Ok(moment.wall_micros - offset_micros);
        }
        let (offset_micros, is_sure) =
            offset(zone, moment.wall_micros).ok_or(TimeProblem::Unreadable)?;
        // Within an hour of the wall that is sure at both ends the offset stays the same.
        let ends = [hour * HOUR_MICROS, hour * HOUR_MICROS + HOUR_MICROS - 1];
        let is_steady = ends
            .into_iter()
            .all(|end| offset(zone, end) == Some((offset_micros, true)));
        self.hour = is_steady.then_some((hour, offset_micros));
        if !is_sure {
            self.unsure += 1;
        }
        Ok(moment.wall_micros - offset_micros)
    }
}

/// Returns how far the wall is ahead of UTC, and whether there is only one answer; of two, the
/// earlier time is taken, and a time that never was moves by the gap (RFC 5545 §3.3.5).
fn offset(zone: &TimeZone, wall_micros: i64) -> Option<(i64, bool)> {
    let wall = jiff::Timestamp::from_microsecond(wall_micros).ok()?;
    let wall: DateTime = TimeZone::UTC.to_datetime(wall);
    let (offset, is_sure) = match zone.to_ambiguous_zoned(wall).offset() {
        AmbiguousOffset::Unambiguous { offset } => (offset, true),
        AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => {
            (before, false)
        }
    };
    Some((i64::from(offset.seconds()) * SECOND_MICROS, is_sure))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads all texts with one clock; times in UTC, then the count of unsure ones.
    fn check((format, zone): (&str, &str), texts: &[&str], expected: &[&str], unsure: u64) {
        let mut clock = Clock::new(format.parse().unwrap(), Zone::named(zone));
        let found: Vec<_> = texts
            .iter()
            .map(|text| match clock.read(text.as_bytes()) {
                Ok(micros) => jiff::Timestamp::from_microsecond(micros)
                    .unwrap()
                    .to_string(),
                Err(problem) => format!("{problem:?}"),
            })
            .collect();
        assert_eq!(found, expected);
        assert_eq!(clock.unsure, unsure);
    }

    #[test]
    fn a_zone_is_kept_through_the_changes_of_its_clock() {
        check(
            ("%Y-%m-%d %H:%M", "Europe/Berlin"),
            &[
                "2026-03-29 01:59",
                "2026-03-29 02:30",
                "2026-03-29 03:00",
                "2026-10-25 02:30",
                "2026-10-25 03:30",
            ],
            &[
                "2026-03-29T00:59:00Z",
                "2026-03-29T01:30:00Z",
                "2026-03-29T01:00:00Z",
                "2026-10-25T00:30:00Z",
                "2026-10-25T02:30:00Z",
            ],
            2,
        );
    }

    #[test]
    fn a_named_zone_speaks_only_for_times_without_one() {
        let texts = ["2026-03-29T01:00:00+05:00", "2026-03-29T01:00:00"];
        check(
            ("rfc3339", "America/New_York"),
            &texts,
            &["2026-03-28T20:00:00Z", "2026-03-29T05:00:00Z"],
            0,
        );
        check(
            ("rfc3339", "none"),
            &texts,
            &["2026-03-28T20:00:00Z", "NoZone"],
            0,
        );
    }
}
