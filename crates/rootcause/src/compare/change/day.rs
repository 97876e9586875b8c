//! Cases and failures per day.

use std::collections::BTreeMap;

use baton_eventlog::cases::CaseTable;

/// Most days that are looked at one by one; a longer history is taken in blocks of equal length.
pub const DAYS_MAX: usize = 4_000;
/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// Cases that started on one day, and failures among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Days since 1970-01-01, in UTC.
    pub day: i64,
    /// Cases.
    pub cases: u64,
    /// Failures among them.
    pub failures: u64,
}

/// Returns the days of a case table on which cases started, in order.
pub fn daily(table: &CaseTable) -> Vec<Day> {
    let rows = table.start.iter().zip(&table.failed);
    collected(rows.map(|(start, failed)| Day {
        day: start.div_euclid(DAY),
        cases: 1,
        failures: u64::from(*failed),
    }))
}

/// Returns the days in order, each once, those without a case left out, failures never above cases.
pub(super) fn collected(days: impl IntoIterator<Item = Day>) -> Vec<Day> {
    let mut found: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
    for day in days {
        let counts = found.entry(day.day).or_default();
        counts.0 = counts.0.saturating_add(day.cases);
        counts.1 = counts.1.saturating_add(day.failures);
    }
    found
        .into_iter()
        .filter(|(_, (cases, _))| *cases > 0)
        .map(|(day, (cases, failures))| Day {
            day,
            cases,
            failures: failures.min(cases),
        })
        .collect()
}

/// Returns the days in at most [`DAYS_MAX`] blocks of equally many days each; a block is known by
/// its first day.
pub(super) fn in_blocks(days: Vec<Day>) -> Vec<Day> {
    let size = days.len().div_ceil(DAYS_MAX).max(1);
    if size == 1 {
        return days;
    }
    days.chunks(size)
        .filter_map(|block| {
            Some(Day {
                day: block.first()?.day,
                cases: block.iter().map(|day| day.cases).sum(),
                failures: block.iter().map(|day| day.failures).sum(),
            })
        })
        .collect()
}

/// Returns cases and failures of some days together.
pub(super) fn totals(days: &[Day]) -> (u64, u64) {
    days.iter().fold((0, 0), |(cases, failures), day| {
        (cases + day.cases, failures + day.failures)
    })
}
