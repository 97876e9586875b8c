//! Open hours of a week: how much open time lies between two instants, and when some of it is used up.

use crate::history::{HOUR, WEEK};

/// 1970-01-01 was a Thursday.
const THURSDAY: i64 = 3 * 24 * HOUR;

/// The open time of every week, in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Open stretches in seconds of the week from Monday 00:00, apart and in order; never empty.
    stretches: Vec<(i64, i64)>,
    /// Open seconds of a week, above 0.
    total: i64,
}

impl Opening {
    /// Returns the opening of these stretches of the week, in any order; they may touch, overlap or
    /// pass the end of the week. `None` when nothing is open.
    pub fn of(stretches: impl IntoIterator<Item = (i64, i64)>) -> Option<Self> {
        let mut pieces = Vec::new();
        for (start, end) in stretches {
            let length = (end - start).min(WEEK);
            let start = start.rem_euclid(WEEK);
            if length > 0 {
                pieces.push((start, (start + length).min(WEEK)));
                pieces.push((0, (start + length - WEEK).max(0)));
            }
        }
        pieces.retain(|(start, end)| end > start);
        pieces.sort_unstable();
        let mut merged: Vec<(i64, i64)> = Vec::new();
        for (start, end) in pieces {
            match merged.last_mut().filter(|last| last.1 >= start) {
                Some(last) => last.1 = last.1.max(end),
                None => merged.push((start, end)),
            }
        }
        let total = merged.iter().map(|(start, end)| end - start).sum();
        (total > 0).then_some(Self {
            stretches: merged,
            total,
        })
    }

    /// Returns the open seconds of a week.
    pub fn total(&self) -> i64 {
        self.total
    }

    /// Returns the open time from one instant to a later one.
    pub fn between(&self, start: i64, end: i64) -> i64 {
        (self.until(end) - self.until(start)).max(0)
    }

    /// Returns the first instant at which this much open time has passed; with none to pass, the first
    /// open one.
    pub fn after(&self, start: i64, open: i64) -> i64 {
        let target = self.until(start).saturating_add(open.max(0));
        // A close belongs to the stretch that it closes, an opening to the one that it opens.
        let instant = if open > 0 {
            self.instant(target - 1) + 1
        } else {
            self.instant(target)
        };
        instant.max(start)
    }

    /// Returns the instant before which this much open time has passed.
    fn instant(&self, open: i64) -> i64 {
        let week = open.div_euclid(self.total);
        let base = week.saturating_mul(WEEK) - THURSDAY;
        let mut left = open.rem_euclid(self.total);
        for (from, to) in &self.stretches {
            if left < to - from {
                return base + from + left;
            }
            left -= to - from;
        }
        base + WEEK
    }

    /// Returns the open time since the beginning of the week that holds 1970-01-01.
    fn until(&self, at: i64) -> i64 {
        let at = at.saturating_add(THURSDAY);
        let (week, second) = (at.div_euclid(WEEK), at.rem_euclid(WEEK));
        let passed = |(from, to): &(i64, i64)| (second.min(*to) - from).max(0);
        week.saturating_mul(self.total) + self.stretches.iter().map(passed).sum::<i64>()
    }
}
