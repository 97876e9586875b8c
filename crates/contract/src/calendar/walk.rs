//! Walks time forwards over pieces that lie in one local date at one offset from UTC.
//!
//! Within such a piece local time and UTC run in step, so a working interval that falls into a gap
//! shrinks and one in an overlap covers both passes, without a rule for either: RFC 3339 offsets and
//! the IANA database say which local times exist, and how often.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Calendar;
use super::arithmetic::CalendarError;

/// Nanoseconds since 1970-01-01T00:00:00Z.
pub(super) type Nanoseconds = i128;

const SECOND: Nanoseconds = 1_000_000_000;

/// A half-open stretch of working time within one local date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Local date it belongs to.
    pub date: Date,
    /// First nanosecond.
    pub start: Nanoseconds,
    /// First nanosecond after it.
    pub end: Nanoseconds,
}

/// Yields the stretches of working time from an instant on, in order, up to the calendar's horizon.
pub(super) struct Walk<'a> {
    calendar: &'a Calendar,
    at: Nanoseconds,
    /// The offset holds until here.
    offset_until: Nanoseconds,
    offset: jiff::tz::Offset,
    /// Stretches found in the last piece, the next one last.
    found: Vec<Stretch>,
}

impl<'a> Walk<'a> {
    /// Starts at `from`.
    pub(super) fn new(calendar: &'a Calendar, from: Timestamp) -> Self {
        Self {
            calendar,
            at: from.as_nanosecond(),
            offset_until: from.as_nanosecond(),
            offset: jiff::tz::Offset::UTC,
            found: Vec::new(),
        }
    }

    /// Returns the next stretch, or nothing when the next one would begin at or after `until`.
    pub(super) fn next_before(
        &mut self,
        until: Nanoseconds,
    ) -> Result<Option<Stretch>, CalendarError> {
        loop {
            if let Some(stretch) = self.found.last() {
                let begins = stretch.start < until;
                return Ok(begins.then(|| self.found.pop()).flatten());
            }
            if self.at >= until {
                return Ok(None);
            }
            self.advance()?;
        }
    }

    /// Returns the next stretch.
    pub(super) fn next(&mut self) -> Result<Stretch, CalendarError> {
        let beyond = || CalendarError::beyond_time(self.calendar);
        self.next_before(Nanoseconds::MAX)
            .transpose()
            .unwrap_or_else(|| Err(beyond()))
    }

    /// Moves over one piece and collects its working time.
    fn advance(&mut self) -> Result<(), CalendarError> {
        let calendar = self.calendar;
        let beyond = |_| CalendarError::beyond_time(calendar);
        let now = Timestamp::from_nanosecond(self.at).map_err(beyond)?;
        if self.at >= self.offset_until {
            self.offset = calendar.zone().to_offset(now);
            let next = calendar.zone().following(now).next();
            self.offset_until = next.map_or(Nanoseconds::MAX, |transition| {
                transition.timestamp().as_nanosecond()
            });
        }
        let date = self.offset.to_datetime(now).date();
        calendar.require_year(date.year())?;
        let midnight = self
            .offset
            .to_timestamp(date.at(0, 0, 0, 0))
            .map_err(beyond)?
            .as_nanosecond();
        let piece_end = (midnight + 86_400 * SECOND).min(self.offset_until);
        if !calendar.is_holiday(date) {
            for (start, end) in calendar.hours(date.weekday()).iter().rev() {
                let start = (midnight + Nanoseconds::from(*start) * SECOND).max(self.at);
                let end = (midnight + Nanoseconds::from(*end) * SECOND).min(piece_end);
                if start < end {
                    self.found.push(Stretch { date, start, end });
                }
            }
        }
        self.at = piece_end;
        Ok(())
    }
}
