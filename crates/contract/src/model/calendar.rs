//! Business calendars as a contract writes them: zone, hours and holidays.

use baton_terms::Id;

use crate::calendar::{CalendarDraft, DayHoursDraft, HolidayDraft, YearsDraft};
use crate::shape::{Fields, Object, Shape, TextKind, choices, optional, required};

choices! {
    /// A day of the week.
    Weekday {
        Monday = "monday", "Monday.";
        Tuesday = "tuesday", "Tuesday.";
        Wednesday = "wednesday", "Wednesday.";
        Thursday = "thursday", "Thursday.";
        Friday = "friday", "Friday.";
        Saturday = "saturday", "Saturday.";
        Sunday = "sunday", "Sunday.";
    }
}

/// A business calendar as written; `crate::calendar` computes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarSection {
    /// Id by which deadlines name it.
    pub id: Id,
    /// IANA time zone.
    pub zone: String,
    /// Version of the time zone database the contract was written against.
    pub tzdb: Option<String>,
    /// Local working intervals (`HH:MM-HH:MM`) per weekday, as written.
    pub hours: Vec<(Weekday, Vec<String>)>,
    /// Days off.
    pub holidays: Vec<Holiday>,
    /// Years whose holidays are listed completely; those of the listed holidays when absent.
    pub covers: Option<Years>,
    /// JSON Pointer of the calendar.
    pub at: String,
}

/// A day off.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    /// Date `YYYY-MM-DD`.
    pub date: String,
    /// Its name.
    pub name: String,
}

/// The first and the last of some years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Years {
    /// First year.
    pub first: i64,
    /// Last year.
    pub last: i64,
}

const INTERVALS: Shape = Shape::List {
    item: &Shape::Text(TextKind::Interval),
    min: 1,
    max: 12,
};

static HOURS: Object = Object {
    name: "hours",
    doc: "Local working intervals per weekday; a day left out is a day off.",
    fields: &[
        optional("monday", INTERVALS, "Working intervals on Mondays."),
        optional("tuesday", INTERVALS, "Working intervals on Tuesdays."),
        optional("wednesday", INTERVALS, "Working intervals on Wednesdays."),
        optional("thursday", INTERVALS, "Working intervals on Thursdays."),
        optional("friday", INTERVALS, "Working intervals on Fridays."),
        optional("saturday", INTERVALS, "Working intervals on Saturdays."),
        optional("sunday", INTERVALS, "Working intervals on Sundays."),
    ],
};

static HOLIDAY: Object = Object {
    name: "holiday",
    doc: "A day off.",
    fields: &[
        required("date", Shape::Text(TextKind::Date), "Its date."),
        required("name", Shape::Text(TextKind::Line), "Its name."),
    ],
};

const YEAR: Shape = Shape::Integer {
    min: 1970,
    max: 9990,
};

static YEARS: Object = Object {
    name: "years",
    doc: "The first and the last of some years, both included.",
    fields: &[
        required("first", YEAR, "First year."),
        required("last", YEAR, "Last year."),
    ],
};

pub(super) static SHAPE: Object = Object {
    name: "calendar",
    doc: "A business calendar.",
    fields: &[
        required(
            "zone",
            Shape::Text(TextKind::Zone),
            "Time zone of the hours.",
        ),
        optional(
            "tzdb",
            Shape::Text(TextKind::Line),
            "Version of the time zone database the contract relies on, such as `2026a`.",
        ),
        required("hours", Shape::Object(&HOURS), "Working hours."),
        optional(
            "holidays",
            Shape::List {
                item: &Shape::Object(&HOLIDAY),
                min: 0,
                max: 2000,
            },
            "Days off.",
        ),
        optional(
            "covers",
            Shape::Object(&YEARS),
            "Years whose holidays are listed completely, even if there are none; the years of the listed holidays when left out.",
        ),
    ],
};

impl CalendarSection {
    /// Returns the calendar as `crate::calendar` checks it.
    pub fn draft(&self) -> CalendarDraft {
        let hours = self.hours.iter().map(|(day, intervals)| DayHoursDraft {
            day: day.word().to_owned(),
            intervals: intervals.clone(),
        });
        let holidays = self.holidays.iter().map(|holiday| HolidayDraft {
            date: holiday.date.clone(),
            name: holiday.name.clone(),
        });
        CalendarDraft {
            id: self.id.to_string(),
            zone: self.zone.clone(),
            hours: hours.collect(),
            holidays: holidays.collect(),
            covers: self.covers.map(|years| YearsDraft {
                first: years.first,
                last: years.last,
            }),
            tzdb: self.tzdb.clone(),
        }
    }

    pub(super) fn read(id: &str, fields: &Fields<'_>) -> Option<Self> {
        let hours = fields.child("hours")?;
        let intervals = |(day, _): &(&str, &str)| {
            hours.has(day).then(|| {
                let day_hours = hours.texts(day, |text| Some(text.to_owned()));
                Weekday::from_word(day).map(|weekday| (weekday, day_hours))
            })?
        };
        Some(Self {
            id: id.parse().ok()?,
            zone: fields.text("zone")?,
            tzdb: fields.text("tzdb"),
            hours: Weekday::WORDS.iter().filter_map(intervals).collect(),
            holidays: fields.list("holidays", |holiday| {
                Some(Holiday {
                    date: holiday.text("date")?,
                    name: holiday.text("name")?,
                })
            }),
            covers: fields.child("covers").and_then(|years| {
                Some(Years {
                    first: years.integer("first")?,
                    last: years.integer("last")?,
                })
            }),
            at: fields.at(),
        })
    }
}
