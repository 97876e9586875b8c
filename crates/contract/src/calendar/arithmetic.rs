//! Business time: due instants, working time between instants, opening times.

use baton_terms::{Code, Elapsed, Instant};
use jiff::Timestamp;
use jiff::civil::Date;

use super::allowance::{Allowance, BusinessSpan};
use super::codes::{MISSING_HOLIDAYS, TZDB_MISMATCH};
use super::walk::{Nanoseconds, Walk};
use super::{Calendar, TzdbMismatch};

const SECOND: Nanoseconds = 1_000_000_000;

/// A calendar that cannot answer; never replaced by a guess.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The calendar has no holiday list and no covered years.
    #[error("count business time in calendar `{calendar}`: the holiday calendar is missing")]
    MissingHolidays {
        /// Calendar asked.
        calendar: String,
    },
    /// The question touches a year whose holidays are not listed.
    #[error(
        "count business time in calendar `{calendar}`: year {year} is outside the covered years {first} to {last}"
    )]
    OutsideCoveredYears {
        /// Calendar asked.
        calendar: String,
        /// Year touched.
        year: i16,
        /// First covered year.
        first: i16,
        /// Last covered year.
        last: i16,
    },
    /// The answer lies beyond the year 9999.
    #[error("count time in calendar `{calendar}`: the answer lies beyond the year 9999")]
    BeyondTime {
        /// Calendar asked.
        calendar: String,
    },
    /// The recorded time zone database is not the bundled one.
    #[error(transparent)]
    Tzdb(#[from] TzdbMismatch),
}

impl CalendarError {
    /// Returns the diagnostic code whose page explains the error.
    pub fn code(&self) -> Code {
        match self {
            Self::Tzdb(_) => TZDB_MISMATCH,
            _ => MISSING_HOLIDAYS,
        }
    }

    pub(super) fn beyond_time(calendar: &Calendar) -> Self {
        Self::BeyondTime {
            calendar: calendar.id().to_string(),
        }
    }
}

impl Calendar {
    /// Returns the instant at which `allowance`, running from `start`, is used up.
    ///
    /// Business hours and minutes count working time. Business days: a start outside working time
    /// belongs to the next business day; the answer is the close of the n-th business day after that day.
    ///
    /// # Errors
    /// When the answer needs a year whose holidays are not listed, or lies beyond the year 9999.
    pub fn add(&self, start: Instant, allowance: Allowance) -> Result<Instant, CalendarError> {
        match allowance {
            Allowance::Elapsed(elapsed) => start
                .checked_add(elapsed)
                .ok_or_else(|| CalendarError::beyond_time(self)),
            Allowance::Business(BusinessSpan::Seconds(seconds)) => self.add_seconds(start, seconds),
            Allowance::Business(BusinessSpan::Days(days)) => self.close_after(start, days),
        }
    }

    /// Returns the working time from `start` to `end`, floored to whole seconds; zero when reversed.
    ///
    /// # Errors
    /// When the range touches a year whose holidays are not listed.
    pub fn between(&self, start: Instant, end: Instant) -> Result<Elapsed, CalendarError> {
        let until = end.timestamp().as_nanosecond();
        let mut walk = Walk::new(self, start.timestamp());
        let mut total: Nanoseconds = 0;
        while let Some(stretch) = walk.next_before(until)? {
            total += stretch.end.min(until) - stretch.start;
        }
        let seconds = u64::try_from(total / SECOND).unwrap_or(u64::MAX);
        Ok(Elapsed::from_seconds(seconds))
    }

    /// Returns how many business days lie from the business day of `start` to that of `end`.
    ///
    /// # Errors
    /// When the range touches a year whose holidays are not listed.
    pub fn days_between(&self, start: Instant, end: Instant) -> Result<u32, CalendarError> {
        let until = end.timestamp().as_nanosecond();
        let mut days = Days::new(self, start);
        let mut count = 0;
        while days.next_close()? < until {
            count += 1;
        }
        Ok(count)
    }

    /// Returns whether `at` is working time.
    ///
    /// # Errors
    /// When the holidays of its year are not listed.
    pub fn is_open(&self, at: Instant) -> Result<bool, CalendarError> {
        let now = at.timestamp().as_nanosecond();
        let stretch = Walk::new(self, at.timestamp()).next_before(now + 1)?;
        Ok(stretch.is_some())
    }

    /// Returns `at` when it is working time, else the next instant that is.
    ///
    /// # Errors
    /// When the answer needs a year whose holidays are not listed.
    pub fn next_open(&self, at: Instant) -> Result<Instant, CalendarError> {
        let stretch = Walk::new(self, at.timestamp()).next()?;
        self.instant(stretch.start)
    }

    /// Returns the close of the n-th business day after the one `start` belongs to.
    pub(super) fn close_after(&self, start: Instant, days: u32) -> Result<Instant, CalendarError> {
        let mut walk = Days::new(self, start);
        for _ in 0..days {
            walk.next_close()?;
        }
        let close = walk.next_close()?;
        self.instant(close)
    }

    pub(super) fn add_seconds(
        &self,
        start: Instant,
        seconds: u64,
    ) -> Result<Instant, CalendarError> {
        let mut left = Nanoseconds::from(seconds) * SECOND;
        if left == 0 {
            return Ok(start);
        }
        let mut walk = Walk::new(self, start.timestamp());
        loop {
            let stretch = walk.next()?;
            let length = stretch.end - stretch.start;
            if left <= length {
                return self.instant(stretch.start + left);
            }
            left -= length;
        }
    }

    pub(super) fn require_year(&self, year: i16) -> Result<(), CalendarError> {
        let Some((first, last)) = self.covered_years() else {
            return Err(CalendarError::MissingHolidays {
                calendar: self.id().to_string(),
            });
        };
        if (first..=last).contains(&year) {
            return Ok(());
        }
        Err(CalendarError::OutsideCoveredYears {
            calendar: self.id().to_string(),
            year,
            first,
            last,
        })
    }

    fn instant(&self, nanoseconds: Nanoseconds) -> Result<Instant, CalendarError> {
        Timestamp::from_nanosecond(nanoseconds)
            .map(Instant::from_timestamp)
            .map_err(|_| CalendarError::beyond_time(self))
    }
}

/// Yields the closes of business days.
struct Days<'a> {
    walk: Walk<'a>,
    /// First stretch of the day after the last one yielded.
    pending: Option<(Date, Nanoseconds)>,
}

impl<'a> Days<'a> {
    /// Starts with the business day `from` belongs to; the instant of a close still belongs to its day.
    fn new(calendar: &'a Calendar, from: Instant) -> Self {
        // One nanosecond earlier, the instant of a close is still inside the day it closes.
        let timestamp = from.timestamp();
        let just_before = timestamp
            .checked_sub(jiff::SignedDuration::from_nanos(1))
            .unwrap_or(timestamp);
        Self {
            walk: Walk::new(calendar, just_before),
            pending: None,
        }
    }

    fn next_close(&mut self) -> Result<Nanoseconds, CalendarError> {
        let (date, mut close) = if let Some(first) = self.pending.take() {
            first
        } else {
            let first = self.walk.next()?;
            (first.date, first.end)
        };
        loop {
            match self.walk.next() {
                // An overlap across midnight can show the old date again after the new one has begun;
                // that time counts towards the newer day.
                Ok(stretch) if stretch.date <= date => close = stretch.end,
                Ok(stretch) => {
                    self.pending = Some((stretch.date, stretch.end));
                    return Ok(close);
                }
                // The day is known to be over; only asking for the next one needs the uncovered year.
                Err(_) => return Ok(close),
            }
        }
    }
}
