//! Reads working hours: weekdays, ranges of weekdays, and local intervals.

use baton_terms::Diagnostic;

use super::codes::{
    EMPTY_INTERVAL, MALFORMED_INTERVAL, NO_WORKING_TIME, OVERLAPPING_INTERVALS, REPEATED_WEEKDAY,
    TOO_MANY_ENTRIES, UNKNOWN_WEEKDAY,
};
use super::draft::DayHoursDraft;

/// Intervals one weekday may have.
const INTERVALS_MAX: usize = 24;

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Local intervals in seconds of the day, half open, sorted and disjoint, Monday first.
pub(super) type Week = [Vec<(u32, u32)>; 7];

/// Reads the hours of a week; every problem is pushed to `problems`.
pub(super) fn read_week(drafts: &[DayHoursDraft], problems: &mut Vec<Diagnostic>) -> Week {
    let mut week = Week::default();
    let mut seen = [false; 7];
    let before = problems.len();
    for draft in drafts {
        let pointer = format!("/hours/{}", draft.day);
        let intervals = read_intervals(draft, &pointer, problems);
        let Some(days) = weekdays(&draft.day) else {
            problems.push(unknown_weekday(&draft.day, &pointer));
            continue;
        };
        for day in days {
            if let Some(true) = seen.get(day) {
                problems.push(repeated_weekday(day, &pointer));
            } else if let (Some(slot), Some(mark)) = (week.get_mut(day), seen.get_mut(day)) {
                slot.clone_from(&intervals);
                *mark = true;
            }
        }
    }
    if problems.len() == before && week.iter().all(Vec::is_empty) {
        problems.push(
            Diagnostic::error(NO_WORKING_TIME, "calendar has no working time")
                .pointing_to("/hours")
                .expected("at least one weekday with an interval such as `09:00-17:00`")
                .found("none")
                .hint("give at least one weekday its working hours"),
        );
    }
    week
}

/// Returns the indexes of `monday` or `monday-friday`; a range may not wrap round the week's end.
fn weekdays(text: &str) -> Option<std::ops::RangeInclusive<usize>> {
    let index = |name: &str| WEEKDAYS.iter().position(|day| *day == name);
    match text.split_once('-') {
        Some((first, last)) => index(first)
            .zip(index(last))
            .filter(|(first, last)| first < last)
            .map(|(first, last)| first..=last),
        None => index(text).map(|day| day..=day),
    }
}

fn unknown_weekday(found: &str, pointer: &str) -> Diagnostic {
    Diagnostic::error(UNKNOWN_WEEKDAY, "weekday is unknown")
        .pointing_to(pointer)
        .expected("a weekday such as `monday` or a range such as `monday-friday`")
        .found(format!("`{found}`"))
        .hint("write English weekday names in lower case; ranges run from Monday towards Sunday")
}

fn repeated_weekday(day: usize, pointer: &str) -> Diagnostic {
    let name = WEEKDAYS.get(day).copied().unwrap_or_default();
    Diagnostic::error(REPEATED_WEEKDAY, "weekday has hours twice")
        .pointing_to(pointer)
        .expected("each weekday at most once")
        .found(format!("`{name}` again"))
        .hint("put all intervals of a weekday into one list")
}

fn read_intervals(
    draft: &DayHoursDraft,
    pointer: &str,
    problems: &mut Vec<Diagnostic>,
) -> Vec<(u32, u32)> {
    if draft.intervals.len() > INTERVALS_MAX {
        problems.push(
            Diagnostic::error(TOO_MANY_ENTRIES, "weekday has too many intervals")
                .pointing_to(pointer)
                .expected(format!("at most {INTERVALS_MAX} intervals"))
                .found(format!("{} intervals", draft.intervals.len()))
                .hint("join intervals that touch"),
        );
        return Vec::new();
    }
    let mut read: Vec<((u32, u32), usize)> = Vec::new();
    for (at, text) in draft.intervals.iter().enumerate() {
        match read_interval(text) {
            Ok(interval) => read.push((interval, at)),
            Err(problem) => problems.push((*problem).pointing_to(format!("{pointer}/{at}"))),
        }
    }
    read.sort_unstable();
    for pair in read.windows(2) {
        let [((_, end), _), ((start, _), at)] = pair else {
            continue;
        };
        if start < end {
            problems.push(
                Diagnostic::error(OVERLAPPING_INTERVALS, "working intervals overlap")
                    .pointing_to(format!("{pointer}/{at}"))
                    .expected("intervals that share no time")
                    .found(draft.intervals.get(*at).cloned().unwrap_or_default())
                    .hint("join the overlapping intervals into one"),
            );
        }
    }
    read.into_iter().map(|(interval, _)| interval).collect()
}

fn read_interval(text: &str) -> Result<(u32, u32), Box<Diagnostic>> {
    let malformed = || {
        let problem = Diagnostic::error(MALFORMED_INTERVAL, "working interval cannot be read")
            .expected("`HH:MM-HH:MM` from 00:00 to 24:00")
            .found(format!("`{}`", text.chars().take(100).collect::<String>()))
            .hint("write both times with two digits, such as `09:00-17:30`");
        Box::new(problem)
    };
    let (start, end) = text
        .split_once('-')
        .or_else(|| text.split_once('–'))
        .ok_or_else(malformed)?;
    let start = read_time(start).ok_or_else(malformed)?;
    let end = read_time(end).ok_or_else(malformed)?;
    if start < end {
        return Ok((start, end));
    }
    Err(Box::new(
        Diagnostic::error(EMPTY_INTERVAL, "working interval is empty or reversed")
            .expected("an end after the start")
            .found(format!("`{text}`"))
            .hint("split an interval that passes midnight: `22:00-24:00` and, on the next day, `00:00-06:00`"),
    ))
}

/// Reads `HH:MM` from 00:00 to 24:00 into seconds of the day.
fn read_time(text: &str) -> Option<u32> {
    let [h1, h2, b':', m1, m2] = text.as_bytes() else {
        return None;
    };
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    let hour = digit(h1)? * 10 + digit(h2)?;
    let minute = digit(m1)? * 10 + digit(m2)?;
    let seconds = hour * 3_600 + minute * 60;
    (minute < 60 && seconds <= 86_400).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(days: &[(&str, &[&str])]) -> Vec<String> {
        let drafts: Vec<DayHoursDraft> = days
            .iter()
            .map(|(day, intervals)| DayHoursDraft {
                day: (*day).to_owned(),
                intervals: intervals.iter().map(|text| (*text).to_owned()).collect(),
            })
            .collect();
        let mut problems = Vec::new();
        read_week(&drafts, &mut problems);
        let show = |problem: &Diagnostic| format!("{} {}", problem.code, problem.place.pointer);
        problems.iter().map(show).collect()
    }

    // spec: CALENDAR-1
    #[test]
    fn each_mistake_in_the_hours_has_its_own_code_and_place() {
        for (days, expected) in [
            (&[("monday", &["09:00-17:00"][..])][..], &[][..]),
            (&[("monday-friday", &["09:00-12:00", "13:00–24:00"])], &[]),
            (&[("monday", &["12:00-13:00", "09:00-12:00"])], &[]),
            (&[("monday", &[])], &["E0644 /hours"]),
            (&[], &["E0644 /hours"]),
            (&[("monday", &["9:00-17:00"])], &["E0641 /hours/monday/0"]),
            (&[("monday", &["09:00"])], &["E0641 /hours/monday/0"]),
            (&[("monday", &["09:60-17:00"])], &["E0641 /hours/monday/0"]),
            (&[("monday", &["09:00-24:01"])], &["E0641 /hours/monday/0"]),
            (&[("monday", &["17:00-09:00"])], &["E0642 /hours/monday/0"]),
            (&[("monday", &["09:00-09:00"])], &["E0642 /hours/monday/0"]),
            (
                &[("monday", &["09:00-12:00", "11:59-17:00"])],
                &["E0643 /hours/monday/1"],
            ),
            (&[("montag", &["09:00-12:00"])], &["E0653 /hours/montag"]),
            (
                &[("friday-monday", &["09:00-12:00"])],
                &["E0653 /hours/friday-monday"],
            ),
            (
                &[
                    ("monday-friday", &["09:00-12:00"]),
                    ("friday", &["09:00-11:00"]),
                ],
                &["E0654 /hours/friday"],
            ),
            (
                &[("monday", &["00:00-00:01"; 25])],
                &["E0655 /hours/monday"],
            ),
        ] {
            assert_eq!(codes(days), expected, "{days:?}");
        }
    }
}
