//! Weeks of ISO 8601 in UTC, from Monday.

use baton_report::outcomes::Week;
use baton_terms::Instant;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};

/// Seconds of a week; there are no leap seconds in UTC as computers count it.
const WEEK_SECONDS: i64 = 7 * 86_400;

/// Returns the `count` weeks that end with the one an instant is in, the oldest first; fewer where time begins.
pub(super) fn weeks(as_of: Instant, count: u32) -> Vec<Week> {
    let mut weeks = Vec::new();
    let mut within = Some(as_of);
    for _ in 0..count {
        let Some(week) = within.and_then(|within| week(within, as_of)) else {
            break;
        };
        within = seconds_later(week.from, -WEEK_SECONDS);
        weeks.push(week);
    }
    weeks.reverse();
    weeks
}

/// Returns the place of the week that an instant is in.
pub(super) fn place(weeks: &[Week], at: Instant) -> Option<usize> {
    let last = weeks.len().checked_sub(1)?;
    let after = weeks.partition_point(|week| week.from <= at);
    let place = after.checked_sub(1)?;
    let until = weeks.get(place)?.until;
    // What happened at the very instant asked for still counts.
    (at < until || (place == last && at == until)).then_some(place)
}

fn week(within: Instant, as_of: Instant) -> Option<Week> {
    let zoned: Zoned = within.timestamp().to_zoned(TimeZone::UTC);
    let date = zoned.date();
    let back = i64::from(date.weekday().since(Weekday::Monday));
    let monday = date.checked_sub(back.days()).ok()?;
    let named = monday.iso_week_date();
    let from = monday.to_zoned(TimeZone::UTC).ok()?.timestamp();
    let from = Instant::from_timestamp(from);
    let ends = seconds_later(from, WEEK_SECONDS)?;
    Some(Week {
        name: format!("{:04}-W{:02}", named.year(), named.week()),
        from,
        until: ends.min(as_of),
        is_whole: ends <= as_of,
    })
}

fn seconds_later(instant: Instant, seconds: i64) -> Option<Instant> {
    let second = instant.unix_seconds().checked_add(seconds)?;
    let timestamp = jiff::Timestamp::from_second(second).ok()?;
    Some(Instant::from_timestamp(timestamp))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    // spec: OUTCOME-4
    #[test]
    fn weeks_begin_on_monday_and_have_their_iso_names() {
        for (as_of, names) in [
            ("2026-11-21T22:00:00Z", ["2026-W46", "2026-W47"]),
            ("2027-01-03T23:59:59Z", ["2026-W52", "2026-W53"]),
            ("2027-01-04T00:00:00Z", ["2026-W53", "2027-W01"]),
            ("2025-12-29T00:00:01Z", ["2025-W52", "2026-W01"]),
        ] {
            let found = weeks(at(as_of), 2);
            let found: Vec<&str> = found.iter().map(|week| week.name.as_str()).collect();
            assert_eq!(found, names, "{as_of}");
        }
        let found = weeks(at("2026-11-21T22:00:00Z"), 2);
        assert_eq!(found[0].from, at("2026-11-09T00:00:00Z"));
        assert_eq!(found[0].until, at("2026-11-16T00:00:00Z"));
        assert_eq!((found[0].is_whole, found[1].is_whole), (true, false));
        assert_eq!(found[1].until, at("2026-11-21T22:00:00Z"));
    }

    #[test]
    fn each_instant_up_to_the_one_asked_for_has_its_week() {
        let found = weeks(at("2026-11-21T22:00:00Z"), 2);
        for (instant, expected) in [
            ("2026-11-08T23:59:59Z", None),
            ("2026-11-09T00:00:00Z", Some(0)),
            ("2026-11-15T23:59:59Z", Some(0)),
            ("2026-11-16T00:00:00Z", Some(1)),
            ("2026-11-21T22:00:00Z", Some(1)),
            ("2026-11-21T22:00:01Z", None),
        ] {
            assert_eq!(place(&found, at(instant)), expected, "{instant}");
        }
    }
}
