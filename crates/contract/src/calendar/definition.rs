//! A checked calendar.

use std::collections::BTreeMap;

use baton_terms::{Diagnostic, Id};
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::codes::{
    BAD_COVERED_YEARS, DUPLICATE_HOLIDAY, HOLIDAY_OUTSIDE_YEARS, MALFORMED_HOLIDAY, MALFORMED_ID,
    MALFORMED_TZDB, MISSING_HOLIDAYS, TOO_MANY_ENTRIES, TZDB_MISMATCH, UNKNOWN_ZONE,
};
use super::draft::{CalendarDraft, HolidayDraft, YearsDraft};
use super::hours::{Week, read_week};
use super::tzdb::{TzdbMismatch, is_version_name, tzdb_version};

/// Holidays one calendar may list.
const HOLIDAYS_MAX: usize = 5_000;
/// Years one calendar may cover.
const YEARS_MAX: i64 = 50;
/// Earliest and latest year a calendar may cover.
const YEAR_RANGE: std::ops::RangeInclusive<i64> = 1970..=9990;

/// A checked calendar: a zone, working hours, and the holidays of the years it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    // INVARIANT: `zone` is in the bundled database, `week` holds sorted disjoint intervals with some
    // working time, `years` is ordered, at most `YEARS_MAX` long, and holds every holiday's year.
    id: Id,
    zone: TimeZone,
    zone_name: String,
    week: Week,
    holidays: BTreeMap<Date, String>,
    years: Option<(i16, i16)>,
    tzdb: String,
}

/// A date without working time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday<'a> {
    /// The date, in the calendar's zone.
    pub date: Date,
    /// What the day is called.
    pub name: &'a str,
}

impl Calendar {
    /// Returns the checked calendar.
    ///
    /// # Errors
    /// Every problem of the draft at once; pointers are relative to the calendar.
    pub fn new(draft: &CalendarDraft) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let id: Option<Id> = match draft.id.parse() {
            Ok(id) => Some(id),
            Err(error) => {
                problems.push(
                    Diagnostic::error(MALFORMED_ID, "calendar's name is not an id")
                        .pointing_to("/id")
                        .expected("lower-case letters and digits in words joined by single hyphens")
                        .found(error.to_string())
                        .hint("name the calendar like `berlin-office`"),
                );
                None
            }
        };
        let zone = read_zone(&draft.zone, &mut problems);
        let week = read_week(&draft.hours, &mut problems);
        let holidays = read_holidays(&draft.holidays, &mut problems);
        let years = read_years(draft.covers, &holidays, &mut problems);
        let tzdb = read_tzdb(draft.tzdb.as_deref(), &mut problems);
        match (id, zone) {
            (Some(id), Some(zone)) if problems.is_empty() => Ok(Self {
                id,
                zone,
                zone_name: draft.zone.clone(),
                week,
                holidays,
                years,
                tzdb,
            }),
            _ => Err(problems),
        }
    }

    /// Returns the calendar's name.
    pub fn id(&self) -> &Id {
        &self.id
    }

    /// Returns the IANA name of the zone.
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }

    /// Returns the version of the time zone database this calendar is recorded with.
    pub fn tzdb(&self) -> &str {
        &self.tzdb
    }

    /// Returns the first and last covered year, or nothing when no holiday calendar is given.
    pub fn covered_years(&self) -> Option<(i16, i16)> {
        self.years
    }

    /// Returns the holidays in order of date.
    pub fn holidays(&self) -> impl Iterator<Item = Holiday<'_>> {
        self.holidays
            .iter()
            .map(|(date, name)| Holiday { date: *date, name })
    }

    /// Returns the local intervals of a weekday, in seconds of the day, sorted and disjoint.
    pub fn hours(&self, weekday: jiff::civil::Weekday) -> &[(u32, u32)] {
        let day = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default();
        self.week.get(day).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns how the recorded time zone database differs from the bundled one, if it does.
    pub fn tzdb_mismatch(&self) -> Option<TzdbMismatch> {
        (self.tzdb != tzdb_version()).then(|| TzdbMismatch {
            calendar: self.id.to_string(),
            pinned: self.tzdb.clone(),
            bundled: tzdb_version(),
        })
    }

    /// Returns what a usable calendar still leaves open: no holiday calendar, another time zone database.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        let missing = self.years.is_none().then(|| {
            Diagnostic::warning(MISSING_HOLIDAYS, "holiday calendar is missing")
                .pointing_to("/holidays")
                .expected("listed holidays, or covered years that say there are none")
                .found("neither holidays nor covered years")
                .hint("list the holidays of the coming years, or say with `covers: {first: 2026, last: 2027}` that there are none; business deadlines are refused without them")
        });
        let mismatch = self.tzdb_mismatch().map(|mismatch| {
            Diagnostic::warning(TZDB_MISMATCH, "time zone database differs from the recorded one")
                .pointing_to("/tzdb")
                .expected(format!("`{}`, which this program has", mismatch.bundled))
                .found(format!("`{}`", mismatch.pinned))
                .hint("replay is not guaranteed: use a program with the recorded database, or record the calendar anew")
        });
        missing.into_iter().chain(mismatch).collect()
    }

    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    pub(super) fn is_holiday(&self, date: Date) -> bool {
        self.holidays.contains_key(&date)
    }
}

fn read_zone(name: &str, problems: &mut Vec<Diagnostic>) -> Option<TimeZone> {
    // The database matches names in any case; a contract states the one official spelling.
    let zone = TimeZoneDatabase::bundled().get(name).ok();
    let official = zone
        .as_ref()
        .and_then(|zone| zone.iana_name().map(str::to_owned));
    if official.as_deref() == Some(name) {
        return zone;
    }
    problems.push(
        Diagnostic::error(UNKNOWN_ZONE, "time zone is unknown")
            .pointing_to("/zone")
            .expected(match official {
                Some(official) => format!("`{official}`"),
                None => "an IANA zone name such as `Europe/Berlin`".to_owned(),
            })
            .found(format!("`{}`", name.chars().take(100).collect::<String>()))
            .hint("use a region and city; abbreviations such as `CET` hide which rules apply"),
    );
    None
}

fn read_holidays(
    drafts: &[HolidayDraft],
    problems: &mut Vec<Diagnostic>,
) -> BTreeMap<Date, String> {
    let mut holidays = BTreeMap::new();
    if drafts.len() > HOLIDAYS_MAX {
        problems.push(
            Diagnostic::error(TOO_MANY_ENTRIES, "calendar lists too many holidays")
                .pointing_to("/holidays")
                .expected(format!("at most {HOLIDAYS_MAX} holidays"))
                .found(format!("{} holidays", drafts.len()))
                .hint("list fewer years"),
        );
        return holidays;
    }
    for (at, draft) in drafts.iter().enumerate() {
        let pointer = format!("/holidays/{at}/date");
        let Some(date) = read_date(&draft.date) else {
            problems.push(
                Diagnostic::error(MALFORMED_HOLIDAY, "holiday's date cannot be read")
                    .pointing_to(pointer)
                    .expected("an existing date `YYYY-MM-DD`")
                    .found(format!(
                        "`{}`",
                        draft.date.chars().take(100).collect::<String>()
                    ))
                    .hint("write year, month and day with four, two and two digits"),
            );
            continue;
        };
        if let Some(name) = holidays.insert(date, draft.name.clone()) {
            problems.push(
                Diagnostic::error(DUPLICATE_HOLIDAY, "holiday is listed twice")
                    .pointing_to(pointer)
                    .expected("each date once")
                    .found(format!("`{date}`, already listed as `{name}`"))
                    .hint("keep one of the two entries"),
            );
        }
    }
    holidays
}

fn read_date(text: &str) -> Option<Date> {
    let fits = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    fits.then(|| text.parse().ok()).flatten()
}

fn read_years(
    covers: Option<YearsDraft>,
    holidays: &BTreeMap<Date, String>,
    problems: &mut Vec<Diagnostic>,
) -> Option<(i16, i16)> {
    let first_holiday = holidays.keys().next();
    let listed = first_holiday.zip(holidays.keys().next_back());
    let years = match (covers, listed) {
        (Some(years), _) => years,
        (None, Some((first, last))) => YearsDraft {
            first: first.year().into(),
            last: last.year().into(),
        },
        (None, None) => return None,
    };
    let fits = YEAR_RANGE.contains(&years.first)
        && YEAR_RANGE.contains(&years.last)
        && (0..YEARS_MAX).contains(&(years.last - years.first));
    let range = i16::try_from(years.first)
        .ok()
        .zip(i16::try_from(years.last).ok());
    if !fits {
        problems.push(
            Diagnostic::error(BAD_COVERED_YEARS, "covered years are not a usable range")
                .pointing_to("/covers")
                .expected(format!(
                    "at most {YEARS_MAX} years in order, from {} to {}",
                    YEAR_RANGE.start(),
                    YEAR_RANGE.end()
                ))
                .found(format!("{} to {}", years.first, years.last))
                .hint("name the first and last year whose holidays are listed completely"),
        );
        return None;
    }
    let (first, last) = range?;
    let outside = holidays
        .keys()
        .filter(|date| !(first..=last).contains(&date.year()));
    problems.extend(outside.map(|date| {
        Diagnostic::error(
            HOLIDAY_OUTSIDE_YEARS,
            "holiday lies outside the covered years",
        )
        .pointing_to("/holidays")
        .expected(format!("a date from {first} to {last}"))
        .found(format!("`{date}`"))
        .hint("widen the covered years or remove the holiday")
    }));
    range
}

fn read_tzdb(pinned: Option<&str>, problems: &mut Vec<Diagnostic>) -> String {
    let version = pinned.unwrap_or_else(|| tzdb_version());
    if pinned.is_some() && !is_version_name(version) {
        problems.push(
            Diagnostic::error(MALFORMED_TZDB, "time zone database version cannot be read")
                .pointing_to("/tzdb")
                .expected(format!("a release name such as `{}`", tzdb_version()))
                .found(format!(
                    "`{}`",
                    version.chars().take(100).collect::<String>()
                ))
                .hint("leave it out to record the version this program has"),
        );
    }
    version.to_owned()
}

#[cfg(test)]
pub(super) mod tests;
