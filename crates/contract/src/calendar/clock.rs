//! The clock of one party: it runs only while that party holds the ball.

use baton_terms::{Elapsed, Instant};

use super::allowance::{Allowance, BusinessSpan};
use super::{Calendar, CalendarError};

/// A stretch during which the party holds the ball.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// When the party got the ball.
    pub start: Instant,
    /// When it passed the ball on; nothing while it still holds it.
    pub end: Option<Instant>,
}

/// A party's clock over its holdings, in order of time.
#[derive(Debug, Clone)]
pub struct Clock<'a> {
    // INVARIANT: holdings are in order, disjoint, none reversed, and only the last may be open.
    calendar: &'a Calendar,
    holdings: &'a [Holding],
}

/// Holdings that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "start a clock: holding {index} is reversed, overlaps the one before it, or follows an open one"
)]
pub struct HoldingsError {
    index: usize,
}

impl<'a> Clock<'a> {
    /// Returns the clock over `holdings`.
    ///
    /// # Errors
    /// When a holding is reversed, overlaps the one before, or follows one that is still open.
    pub fn new(calendar: &'a Calendar, holdings: &'a [Holding]) -> Result<Self, HoldingsError> {
        let mut free_from: Option<Instant> = None;
        for (index, holding) in holdings.iter().enumerate() {
            let follows_open = index > 0 && free_from.is_none();
            let overlaps = free_from.is_some_and(|free| holding.start < free);
            let is_reversed = holding.end.is_some_and(|end| end < holding.start);
            if follows_open || overlaps || is_reversed {
                return Err(HoldingsError { index });
            }
            free_from = holding.end;
        }
        Ok(Self { calendar, holdings })
    }

    /// Returns the working time the party has held the ball up to `as_of`.
    ///
    /// Each holding is floored to whole seconds.
    ///
    /// # Errors
    /// When a holding touches a year whose holidays are not listed.
    pub fn elapsed(&self, as_of: Instant) -> Result<Elapsed, CalendarError> {
        let mut total: u64 = 0;
        for holding in self.holdings {
            let end = holding.end.map_or(as_of, |end| end.min(as_of));
            total = total.saturating_add(self.calendar.between(holding.start, end)?.seconds());
        }
        Ok(Elapsed::from_seconds(total))
    }

    /// Returns when `allowance` is used up, or nothing while the clock stands still before that.
    ///
    /// # Errors
    /// When the answer needs a year whose holidays are not listed, or lies beyond the year 9999.
    pub fn due(&self, allowance: Allowance) -> Result<Option<Instant>, CalendarError> {
        let mut left = allowance;
        for holding in self.holdings {
            let due = self.add(holding.start, left)?;
            let Some(end) = holding.end else {
                return Ok(Some(due));
            };
            if due <= end {
                return Ok(Some(due));
            }
            left = self.less(left, holding.start, end)?;
        }
        Ok(None)
    }

    /// Adds what is left, which unlike a written allowance may be nothing.
    fn add(&self, start: Instant, left: Allowance) -> Result<Instant, CalendarError> {
        match left {
            Allowance::Business(BusinessSpan::Seconds(seconds)) => {
                self.calendar.add_seconds(start, seconds)
            }
            Allowance::Business(BusinessSpan::Days(days)) => self.calendar.close_after(start, days),
            Allowance::Elapsed(_) => self.calendar.add(start, left),
        }
    }

    fn less(
        &self,
        left: Allowance,
        start: Instant,
        end: Instant,
    ) -> Result<Allowance, CalendarError> {
        Ok(match left {
            Allowance::Business(BusinessSpan::Seconds(seconds)) => {
                let used = self.calendar.between(start, end)?.seconds();
                Allowance::Business(BusinessSpan::Seconds(seconds.saturating_sub(used)))
            }
            Allowance::Business(BusinessSpan::Days(days)) => {
                let used = self.calendar.days_between(start, end)?;
                Allowance::Business(BusinessSpan::Days(days.saturating_sub(used)))
            }
            Allowance::Elapsed(elapsed) => {
                let used = end.since(start).unwrap_or_default().seconds();
                Allowance::Elapsed(Elapsed::from_seconds(
                    elapsed.seconds().saturating_sub(used),
                ))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::definition::tests::{berlin, instant};
    use super::*;

    fn holdings(pairs: &[(&str, &str)]) -> Vec<Holding> {
        let holding = |(start, end): &(&str, &str)| Holding {
            start: instant(start),
            end: (!end.is_empty()).then(|| instant(end)),
        };
        pairs.iter().map(holding).collect()
    }

    // spec: CALENDAR-9
    #[test]
    fn runs_only_while_the_party_holds_the_ball() {
        let calendar = berlin();
        let held = holdings(&[
            ("2026-01-12T08:00:00Z", "2026-01-12T10:00:00Z"),
            ("2026-01-13T08:00:00Z", ""),
        ]);
        let clock = Clock::new(&calendar, &held).unwrap();
        let elapsed = |as_of| clock.elapsed(instant(as_of)).unwrap().seconds();
        assert_eq!(elapsed("2026-01-12T09:30:00Z"), 5_400);
        assert_eq!(elapsed("2026-01-12T23:00:00Z"), 7_200);
        assert_eq!(elapsed("2026-01-13T09:00:00Z"), 10_800);
        for (allowance, due) in [
            ("1bh", "2026-01-12T09:00:00Z"),
            ("3bh", "2026-01-13T09:00:00Z"),
            ("3h", "2026-01-13T09:00:00Z"),
            ("1bd", "2026-01-14T16:00:00Z"),
        ] {
            assert_eq!(
                clock.due(allowance.parse().unwrap()),
                Ok(Some(instant(due))),
                "{allowance}"
            );
        }
    }

    // spec: CALENDAR-9
    #[test]
    fn a_standing_clock_has_no_due_time_and_bad_holdings_are_refused() {
        let calendar = berlin();
        let held = holdings(&[("2026-01-12T08:00:00Z", "2026-01-12T10:00:00Z")]);
        let clock = Clock::new(&calendar, &held).unwrap();
        assert_eq!(clock.due("3bh".parse().unwrap()), Ok(None));
        for bad in [
            &[("2026-01-12T08:00:00Z", "2026-01-12T07:00:00Z")][..],
            &[("2026-01-12T08:00:00Z", ""), ("2026-01-12T09:00:00Z", "")],
            &[
                ("2026-01-12T08:00:00Z", "2026-01-12T10:00:00Z"),
                ("2026-01-12T09:00:00Z", ""),
            ],
        ] {
            assert!(Clock::new(&calendar, &holdings(bad)).is_err(), "{bad:?}");
        }
    }
}
