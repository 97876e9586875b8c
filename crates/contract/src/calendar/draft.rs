//! A calendar as its author wrote it, before any check.

/// An unchecked calendar; [`super::Calendar::new`] turns it into a checked one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CalendarDraft {
    /// Name of the calendar within its contract.
    pub id: String,
    /// IANA zone name, such as `Europe/Berlin`.
    pub zone: String,
    /// Working hours per weekday or range of weekdays.
    pub hours: Vec<DayHoursDraft>,
    /// Dates without working time.
    pub holidays: Vec<HolidayDraft>,
    /// Years whose holidays are listed completely; when absent, the years of the listed holidays.
    pub covers: Option<YearsDraft>,
    /// Version of the time zone database the calendar was recorded with.
    pub tzdb: Option<String>,
}

/// Working hours of a weekday (`monday`) or an unbroken range of them (`monday-friday`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DayHoursDraft {
    /// Weekday or range, in lower-case English.
    pub day: String,
    /// Intervals `HH:MM-HH:MM`; the end may be `24:00`.
    pub intervals: Vec<String>,
}

/// One holiday.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HolidayDraft {
    /// Date `YYYY-MM-DD`.
    pub date: String,
    /// What the day is called.
    pub name: String,
}

/// First and last covered year, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct YearsDraft {
    /// First covered year.
    pub first: i64,
    /// Last covered year.
    pub last: i64,
}
