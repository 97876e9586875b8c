//! Calendars: construction, and arithmetic against a minute-by-minute oracle.

use baton_terms::Instant;
use proptest::prelude::*;

use crate::calendar::*;

pub(in crate::calendar) fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

fn draft(zone: &str, hours: &[(&str, &[&str])]) -> CalendarDraft {
    CalendarDraft {
        id: "office".to_owned(),
        zone: zone.to_owned(),
        hours: hours
            .iter()
            .map(|(day, intervals)| DayHoursDraft {
                day: (*day).to_owned(),
                intervals: intervals.iter().map(|text| (*text).to_owned()).collect(),
            })
            .collect(),
        holidays: Vec::new(),
        covers: Some(YearsDraft {
            first: 2000,
            last: 2030,
        }),
        tzdb: None,
    }
}

/// Monday to Friday 09:00 to 17:00 in Berlin, 2026 only, one holiday.
pub(in crate::calendar) fn berlin() -> Calendar {
    let mut draft = draft("Europe/Berlin", &[("monday-friday", &["09:00-17:00"])]);
    draft.covers = None;
    draft.holidays = vec![HolidayDraft {
        date: "2026-05-01".to_owned(),
        name: "Labor Day".to_owned(),
    }];
    Calendar::new(&draft).unwrap()
}

fn problems(change: impl FnOnce(&mut CalendarDraft)) -> Vec<String> {
    let mut draft = draft("Europe/Berlin", &[("monday", &["09:00-17:00"])]);
    change(&mut draft);
    let show = |problem: &baton_terms::Diagnostic| {
        assert!(!problem.expected.is_empty() && !problem.hint.is_empty());
        format!("{} {}", problem.code, problem.place.pointer)
    };
    match Calendar::new(&draft) {
        Ok(calendar) => calendar.warnings().iter().map(show).collect(),
        Err(problems) => problems.iter().map(show).collect(),
    }
}

fn holiday(date: &str) -> HolidayDraft {
    HolidayDraft {
        date: date.to_owned(),
        name: "x".to_owned(),
    }
}

// spec: CALENDAR-2
#[test]
fn each_mistake_outside_the_hours_has_its_own_code_and_place() {
    type Change = fn(&mut CalendarDraft);
    let cases: [(Change, &[&str]); 15] = [
        (|_| (), &[]),
        (|draft| draft.id = "Not An Id".into(), &["E0656 /id"]),
        (|draft| draft.zone = "Mars/Base".into(), &["E0640 /zone"]),
        (
            |draft| draft.zone = "europe/berlin".into(),
            &["E0640 /zone"],
        ),
        (|draft| draft.zone = String::new(), &["E0640 /zone"]),
        (
            |draft| draft.holidays = vec![holiday("2026-02-29")],
            &["E0645 /holidays/0/date"],
        ),
        (|draft| draft.holidays = vec![holiday("2024-02-29")], &[]),
        (
            |draft| draft.holidays = vec![holiday("20260101")],
            &["E0645 /holidays/0/date"],
        ),
        (
            |draft| draft.holidays = vec![holiday("2026-01-01"), holiday("2026-01-01")],
            &["E0646 /holidays/1/date"],
        ),
        (
            |draft| draft.holidays = vec![holiday("2031-01-01")],
            &["E0651 /holidays"],
        ),
        (
            |draft| draft.holidays = vec![holiday("2026-01-01"); 5_001],
            &["E0655 /holidays"],
        ),
        (
            |draft| {
                draft.covers = Some(YearsDraft {
                    first: 2027,
                    last: 2026,
                });
            },
            &["E0648 /covers"],
        ),
        (
            |draft| {
                draft.covers = Some(YearsDraft {
                    first: 1971,
                    last: 2021,
                });
            },
            &["E0648 /covers"],
        ),
        (|draft| draft.covers = None, &["E0647 /holidays"]),
        (|draft| draft.tzdb = Some("latest".into()), &["E0650 /tzdb"]),
    ];
    for (at, (change, expected)) in cases.into_iter().enumerate() {
        assert_eq!(problems(change), expected, "case {at}");
    }
}

// spec: CALENDAR-2
#[test]
fn all_problems_are_reported_at_once() {
    let found = problems(|draft| {
        draft.zone = "CET+1".into();
        draft.hours[0].intervals = vec!["17:00-09:00".into(), "x".into()];
        draft.holidays = vec![holiday("2026-13-01")];
        draft.tzdb = Some("?".into());
    });
    assert_eq!(found.len(), 5, "{found:?}");
}

// spec: CALENDAR-10
#[test]
fn another_time_zone_database_is_reported() {
    let mut draft = draft("Europe/Berlin", &[("monday", &["09:00-17:00"])]);
    assert_eq!(Calendar::new(&draft).unwrap().tzdb_mismatch(), None);
    draft.tzdb = Some("2019c".into());
    let calendar = Calendar::new(&draft).unwrap();
    assert_eq!(calendar.tzdb_mismatch().unwrap().pinned(), "2019c");
    assert_eq!(calendar.warnings()[0].code, TZDB_MISMATCH);
}

// spec: CALENDAR-3
#[test]
fn years_without_listed_holidays_are_refused() {
    let calendar = berlin();
    let late = instant("2026-12-31T12:00:00Z");
    let add = |text: &str| calendar.add(late, text.parse().unwrap());
    assert_eq!(add("4bh"), Ok(instant("2026-12-31T16:00:00Z")));
    assert!(matches!(
        add("5bh"),
        Err(CalendarError::OutsideCoveredYears { year: 2027, .. })
    ));
    assert!(add("1bd").is_err());
    assert!(add("72h").is_ok());
    let mut bare = draft("Europe/Berlin", &[("monday", &["09:00-17:00"])]);
    bare.covers = None;
    let bare = Calendar::new(&bare).unwrap();
    assert!(matches!(
        bare.is_open(late),
        Err(CalendarError::MissingHolidays { .. })
    ));
}

// spec: CALENDAR-6
#[test]
fn business_days_end_at_the_close() {
    let calendar = berlin();
    for (start, span, due) in [
        ("2026-01-12T10:00:00Z", "1bd", "2026-01-13T16:00:00Z"),
        ("2026-01-12T16:00:00Z", "1bd", "2026-01-13T16:00:00Z"),
        ("2026-01-12T16:00:01Z", "1bd", "2026-01-14T16:00:00Z"),
        ("2026-01-16T10:00:00Z", "1bd", "2026-01-19T16:00:00Z"),
        ("2026-01-17T10:00:00Z", "1bd", "2026-01-20T16:00:00Z"),
        ("2026-04-30T10:00:00Z", "1bd", "2026-05-04T15:00:00Z"),
        ("2026-01-12T10:00:00Z", "8bh", "2026-01-13T10:00:00Z"),
        ("2026-01-12T10:00:00Z", "48h", "2026-01-14T10:00:00Z"),
    ] {
        let found = calendar.add(instant(start), span.parse().unwrap());
        assert_eq!(found, Ok(instant(due)), "{start} + {span}");
    }
}

// spec: CALENDAR-4
#[test]
fn gaps_shrink_and_overlaps_stretch_working_time() {
    for (zone, hours, from, to, seconds) in [
        // Berlin skips 02:00 to 03:00 on 29 March 2026 and repeats it on 25 October.
        (
            "Europe/Berlin",
            "02:00-03:00",
            "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
            0,
        ),
        (
            "Europe/Berlin",
            "01:30-03:30",
            "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
            3_600,
        ),
        (
            "Europe/Berlin",
            "02:00-02:30",
            "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z",
            3_600,
        ),
        (
            "Europe/Berlin",
            "00:00-24:00",
            "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z",
            90_000,
        ),
        // Lord Howe Island shifts by half an hour.
        (
            "Australia/Lord_Howe",
            "00:00-24:00",
            "2026-04-04T13:00:00Z",
            "2026-04-05T13:30:00Z",
            88_200,
        ),
        // Samoa skipped 30 December 2011 altogether.
        (
            "Pacific/Apia",
            "00:00-24:00",
            "2011-12-30T09:59:00Z",
            "2011-12-30T10:01:00Z",
            120,
        ),
        // Kathmandu is 5 h 45 min ahead of UTC.
        (
            "Asia/Kathmandu",
            "09:00-10:00",
            "2026-01-01T00:00:00Z",
            "2026-01-02T00:00:00Z",
            3_600,
        ),
        // A leap day is a day.
        (
            "Asia/Kathmandu",
            "00:00-24:00",
            "2028-02-27T18:15:00Z",
            "2028-02-29T18:15:00Z",
            172_800,
        ),
    ] {
        let calendar = Calendar::new(&draft(zone, &[("monday-sunday", &[hours])])).unwrap();
        let between = calendar.between(instant(from), instant(to)).unwrap();
        assert_eq!(between.seconds(), seconds, "{zone} {hours} {from}");
    }
}

const ZONES: [&str; 9] = [
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "UTC",
];

/// A minute of some year, half of them within two days of an offset change of the zone.
fn minute_near_change(zone: &str, seed: i64, is_near: bool) -> i64 {
    let base = 1_104_537_600 + seed.rem_euclid(788_940_000);
    let at = jiff::Timestamp::from_second(base).unwrap();
    let tz = jiff::tz::TimeZone::get(zone).unwrap();
    let change = tz.following(at).next().filter(|_| is_near);
    let base = change.map_or(base, |change| {
        change.timestamp().as_second() - 172_800 + seed.rem_euclid(345_600)
    });
    base.min(1_893_400_000) / 60
}

fn at_minute(minute: i64) -> Instant {
    Instant::from_timestamp(jiff::Timestamp::from_second(minute * 60).unwrap())
}

prop_compose! {
    fn hours()(cuts in prop::collection::btree_set(0_u32..=96, 2..7)) -> Vec<String> {
        let time = |quarter: u32| format!("{:02}:{:02}", quarter / 4, quarter % 4 * 15);
        let cuts: Vec<u32> = cuts.into_iter().collect();
        cuts.chunks_exact(2).map(|pair| format!("{}-{}", time(pair[0]), time(pair[1]))).collect()
    }
}

prop_compose! {
    fn world()(
        zone in prop::sample::select(&ZONES[..]),
        days in prop::collection::btree_map(0_usize..7, hours(), 1..7),
        seed in any::<i64>(),
        is_near in prop::bool::weighted(0.8),
        holiday in 0_i64..6,
    ) -> (Calendar, i64) {
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let mut draft = draft(zone, &[]);
        draft.hours = days
            .into_iter()
            .map(|(day, intervals)| DayHoursDraft { day: names[day].to_owned(), intervals })
            .collect();
        let start = minute_near_change(zone, seed, is_near);
        let date = at_minute(start + holiday * 1_440).to_string();
        draft.holidays = vec![HolidayDraft {
            date: date.split('T').next().unwrap().to_owned(),
            name: "holiday".to_owned(),
        }];
        (Calendar::new(&draft).unwrap(), start)
    }
}

/// The specification said naively: what local time is it, and is it working time?
fn is_open_naively(calendar: &Calendar, minute: i64) -> bool {
    let tz = jiff::tz::TimeZone::get(calendar.zone_name()).unwrap();
    let local = at_minute(minute).timestamp().to_zoned(tz).datetime();
    let second =
        u32::try_from(i32::from(local.hour()) * 3_600 + i32::from(local.minute()) * 60).unwrap();
    let is_holiday = calendar
        .holidays()
        .any(|holiday| holiday.date == local.date());
    let mut hours = calendar.hours(local.date().weekday()).iter();
    !is_holiday && hours.any(|(start, end)| (*start..*end).contains(&second))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    // spec: CALENDAR-4
    #[test]
    fn agrees_with_a_walk_minute_by_minute((calendar, start) in world(), length in 1_i64..6_000) {
        let open: Vec<bool> = (start..start + length)
            .map(|minute| is_open_naively(&calendar, minute))
            .collect();
        let total = u64::try_from(open.iter().filter(|is_open| **is_open).count()).unwrap() * 60;
        let (from, to) = (at_minute(start), at_minute(start + length));
        prop_assert_eq!(calendar.between(from, to).unwrap().seconds(), total);
        prop_assert_eq!(calendar.is_open(from).unwrap(), open[0]);
        let next = open.iter().position(|is_open| *is_open);
        if let Some(next) = next {
            let next = at_minute(start + i64::try_from(next).unwrap());
            prop_assert_eq!(calendar.next_open(from).unwrap(), next);
        }
        if total > 0 {
            let due = calendar.add(from, Allowance::Business(BusinessSpan::Seconds(total))).unwrap();
            let last = open.iter().rposition(|is_open| *is_open).unwrap();
            prop_assert_eq!(due, at_minute(start + i64::try_from(last).unwrap() + 1));
        }
    }

    // spec: CALENDAR-7
    #[test]
    fn adding_is_undone_by_between_is_monotone_and_additive(
        (calendar, start) in world(),
        first in 1_u64..400_000,
        second in 1_u64..400_000,
        nanoseconds in 0_i32..1_000_000_000,
    ) {
        let start = jiff::Timestamp::new(start * 60, nanoseconds).unwrap();
        let start = Instant::from_timestamp(start);
        let add = |at, seconds| calendar.add(at, Allowance::Business(BusinessSpan::Seconds(seconds)));
        let Ok(whole) = add(start, first + second) else { return Ok(()) };
        let middle = add(start, first).unwrap();
        prop_assert_eq!(calendar.between(start, middle).unwrap().seconds(), first);
        prop_assert!(start < middle && middle < whole);
        prop_assert_eq!(add(middle, second).unwrap(), whole);
    }

    // spec: CALENDAR-6
    #[test]
    fn business_days_are_additive_and_counted_back(
        (calendar, start) in world(),
        first in 1_u32..20,
        second in 1_u32..20,
    ) {
        // The overlap that crosses midnight in St. John's splits a date in two; see `walk`.
        prop_assume!(calendar.zone_name() != "America/St_Johns");
        let start = at_minute(start);
        let add = |at, days| calendar.add(at, Allowance::Business(BusinessSpan::Days(days)));
        let Ok(whole) = add(start, first + second) else { return Ok(()) };
        let middle = add(start, first).unwrap();
        prop_assert!(start < middle && middle < whole);
        prop_assert_eq!(add(middle, second).unwrap(), whole);
        prop_assert_eq!(calendar.days_between(start, middle).unwrap(), first);
    }
}
