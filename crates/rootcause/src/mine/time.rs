//! Instants and days as the report writes them, and the periods its rates are drawn over.

use baton_eventlog::cases::CaseTable;

use super::settings::GROUP_CASES_MIN;
use crate::wire::Period;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// Most periods of a report.
const PERIODS_MAX: usize = 60;

/// Days since 1970-01-01 and microseconds of the day.
fn split(micros: i64) -> (i64, i64) {
    (micros.div_euclid(DAY), micros.rem_euclid(DAY))
}

/// A day as year, month and day of the proleptic Gregorian calendar.
///
/// Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, date)
}

/// The day of the first of a month; the inverse of [`civil`] on such days.
fn first_of_month(year: i64, month: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let shifted = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * shifted + 2) / 5;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Returns a day as `2016-02-29`.
fn day_text(day: i64) -> String {
    let (year, month, date) = civil(day);
    format!("{year:04}-{month:02}-{date:02}")
}

/// Returns the day of an instant as `2016-02-29`, in UTC.
pub(crate) fn day(micros: i64) -> String {
    day_text(split(micros).0)
}

/// Returns an instant as RFC 3339 in UTC, to the second.
pub(crate) fn instant(micros: i64) -> String {
    let (day, rest) = split(micros);
    let seconds = rest / 1_000_000;
    format!(
        "{}T{:02}:{:02}:{:02}Z",
        day_text(day),
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// The stretches of time a report counts in: whole weeks, months, quarters or years, each with
/// enough cases to be shown.
#[derive(Debug, Clone)]
pub(crate) struct Periods {
    /// First day of each, ascending.
    starts: Vec<i64>,
}

impl Periods {
    /// Returns the finest periods of which there are few enough, with enough cases each; a period
    /// with too few cases joins the one before it.
    pub(crate) fn of(table: &CaseTable) -> Self {
        let days: Vec<i64> = table.start.iter().map(|&start| split(start).0).collect();
        let rules: [fn(i64) -> i64; 4] = [week, month, quarter, year];
        let mut starts = Vec::new();
        for rule in rules {
            starts = starts_of(&days, rule);
            if starts.len() <= PERIODS_MAX {
                break;
            }
        }
        while starts.len() > PERIODS_MAX {
            let mut keep = false;
            starts.retain(|_| {
                keep = !keep;
                keep
            });
        }
        Self { starts }
    }

    fn place(&self, start: i64) -> Option<usize> {
        let day = split(start).0;
        self.starts
            .partition_point(|&first| first <= day)
            .checked_sub(1)
    }

    /// Returns cases and failures per period, of the rows given.
    pub(crate) fn counts(
        &self,
        table: &CaseTable,
        rows: impl Iterator<Item = usize>,
    ) -> Vec<(u64, u64)> {
        let mut counts = vec![(0, 0); self.starts.len()];
        for row in rows {
            let (Some(&start), Some(&failed)) = (table.start.get(row), table.failed.get(row))
            else {
                continue;
            };
            let place = self.place(start).and_then(|place| counts.get_mut(place));
            if let Some((cases, failures)) = place {
                *cases += 1;
                *failures += u64::from(failed);
            }
        }
        counts
    }

    /// Returns the periods of all cases.
    pub(crate) fn overview(&self, table: &CaseTable) -> Vec<Period> {
        let counts = self.counts(table, 0..table.ids.len());
        let pairs = self.starts.iter().zip(counts);
        pairs
            .map(|(&start, (cases, failures))| Period {
                start: day_text(start),
                cases,
                failures,
            })
            .collect()
    }
}

/// The first days of the periods of a rule that have enough cases, those with too few joined.
fn starts_of(days: &[i64], rule: fn(i64) -> i64) -> Vec<i64> {
    let mut starts: Vec<i64> = Vec::new();
    let (mut cases, mut before) = (0, None);
    for &day in days {
        let start = Some(rule(day));
        // A period ends only where the rule says, also one that others have joined.
        if start != before && (starts.is_empty() || cases >= GROUP_CASES_MIN) {
            starts.extend(start);
            cases = 0;
        }
        before = start;
        cases += 1;
    }
    // The last one has nothing after it to join.
    if cases < GROUP_CASES_MIN && starts.len() > 1 {
        starts.pop();
    }
    starts
}

fn week(day: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    day - (day + 3).rem_euclid(7)
}

fn month(day: i64) -> i64 {
    let (year, month, _) = civil(day);
    first_of_month(year, month)
}

fn quarter(day: i64) -> i64 {
    let (year, month, _) = civil(day);
    first_of_month(year, (month - 1) / 3 * 3 + 1)
}

fn year(day: i64) -> i64 {
    first_of_month(civil(day).0, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_instants_are_written_in_utc() {
        for (micros, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_826_271_000_000, "2000-02-29T12:11:11Z"),
            (1_736_121_600_000_000, "2025-01-06T00:00:00Z"),
        ] {
            assert_eq!(instant(micros), text);
        }
        for day in (-800_000..800_000).step_by(37) {
            let (year, month, date) = civil(day);
            assert_eq!(first_of_month(year, month) + date - 1, day);
        }
        assert_eq!(day_text(week(20_096)), "2025-01-06");
        assert_eq!(day_text(quarter(20_096 + 120)), "2025-04-01");
    }

    #[test]
    fn periods_are_few_and_never_small() {
        for (count, apart_days) in [(3, 40), (50, 1), (5_000, 1), (90_000, 1), (400, 30)] {
            let table = CaseTable {
                ids: (0..count).map(|row| row.to_string().into()).collect(),
                start: (0..count).map(|row| row * apart_days * DAY).collect(),
                failed: (0..count).map(|row| row % 2 == 0).collect(),
                ..CaseTable::default()
            };
            let periods = Periods::of(&table).overview(&table);
            assert!(periods.len() <= PERIODS_MAX);
            let smallest = periods.iter().map(|period| period.cases).min().unwrap();
            assert!(
                smallest >= GROUP_CASES_MIN.min(count.unsigned_abs()),
                "{count}"
            );
            let sum: u64 = periods.iter().map(|period| period.cases).sum();
            assert_eq!(sum, count.unsigned_abs());
        }
    }
}
