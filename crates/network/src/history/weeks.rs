//! Weeks, from Monday 00:00 UTC, and the stretch of them in which a log is whole.
//!
//! An export often begins and ends in the middle of things: a thin tail of old cases after the last
//! full week says nothing about a week of work. So only the longest run of weeks counts in which at
//! least half as much work changes hands as in the busiest.

use super::visit::History;

/// Seconds in an hour.
pub const HOUR: i64 = 3_600;
/// Seconds in a week.
pub const WEEK: i64 = 7 * 24 * HOUR;
/// 1970-01-01 was a Thursday.
const THURSDAY: i64 = 3 * 24 * HOUR;

/// Returns the week of an instant, counted from the one that holds 1970-01-01.
pub fn week(at: i64) -> i64 {
    at.saturating_add(THURSDAY).div_euclid(WEEK)
}

/// Returns the hour of the week of an instant, 0 to 167 from Monday 00:00 UTC.
pub fn hour_of_week(at: i64) -> usize {
    let hour = at.saturating_add(THURSDAY).rem_euclid(WEEK) / HOUR;
    usize::try_from(hour).unwrap_or(0)
}

/// Weeks in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// First week.
    pub first: i64,
    /// Week after the last.
    pub end: i64,
}

impl Stretch {
    /// Returns the weeks in which the log is whole.
    pub fn whole(history: &History) -> Self {
        let weeks = history.visits.iter().map(|visit| week(visit.start));
        let (first, last) = (weeks.clone().min(), weeks.clone().max());
        let (Some(first), Some(last)) = (first, last) else {
            return Self { first: 0, end: 0 };
        };
        let mut counts = std::collections::BTreeMap::new();
        for week in weeks {
            *counts.entry(week).or_insert(0_u64) += 1;
        }
        let most = counts.values().copied().max().unwrap_or(0);
        let is_whole = |week: i64| counts.get(&week).is_some_and(|count| 2 * count >= most);
        let mut longest = Self { first, end: first };
        let mut begun = None;
        for week in first..=last.saturating_add(1) {
            match (begun, is_whole(week)) {
                (None, true) => begun = Some(week),
                (Some(first), false) => {
                    let run = Self { first, end: week };
                    if run.weeks() > longest.weeks() {
                        longest = run;
                    }
                    begun = None;
                }
                _ => {}
            }
        }
        longest
    }

    /// Returns how many weeks it has.
    pub fn weeks(self) -> i64 {
        self.end - self.first
    }

    /// Returns its first second.
    pub fn start_second(self) -> i64 {
        self.first * WEEK - THURSDAY
    }

    /// Returns the second after its last.
    pub fn end_second(self) -> i64 {
        self.end * WEEK - THURSDAY
    }

    /// Returns whether an instant lies in it.
    pub fn holds(self, at: i64) -> bool {
        (self.first..self.end).contains(&week(at))
    }
}
