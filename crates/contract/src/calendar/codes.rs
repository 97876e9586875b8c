//! Diagnostic codes of calendars, E0640 to E0659.

use baton_terms::Code;

/// The zone is not in the bundled time zone database.
pub const UNKNOWN_ZONE: Code = Code::new(640);
/// A working interval is not written `HH:MM-HH:MM`.
pub const MALFORMED_INTERVAL: Code = Code::new(641);
/// A working interval ends at or before its start.
pub const EMPTY_INTERVAL: Code = Code::new(642);
/// Two working intervals of one day overlap.
pub const OVERLAPPING_INTERVALS: Code = Code::new(643);
/// The calendar has no working time at all.
pub const NO_WORKING_TIME: Code = Code::new(644);
/// A holiday's date is not a date of the calendar `YYYY-MM-DD`.
pub const MALFORMED_HOLIDAY: Code = Code::new(645);
/// A date is listed as a holiday twice.
pub const DUPLICATE_HOLIDAY: Code = Code::new(646);
/// The calendar lists no holidays for a year that a deadline touches.
pub const MISSING_HOLIDAYS: Code = Code::new(647);
/// The covered years are reversed, out of range or too many.
pub const BAD_COVERED_YEARS: Code = Code::new(648);
/// The pinned time zone database differs from the bundled one.
pub const TZDB_MISMATCH: Code = Code::new(649);
/// The pinned time zone database version is not a version name.
pub const MALFORMED_TZDB: Code = Code::new(650);
/// A holiday lies outside the covered years.
pub const HOLIDAY_OUTSIDE_YEARS: Code = Code::new(651);
/// A deadline's allowance cannot be read.
pub const MALFORMED_ALLOWANCE: Code = Code::new(652);
/// A weekday's name is unknown.
pub const UNKNOWN_WEEKDAY: Code = Code::new(653);
/// A weekday is given hours twice.
pub const REPEATED_WEEKDAY: Code = Code::new(654);
/// The calendar lists more intervals or holidays than the limit.
pub const TOO_MANY_ENTRIES: Code = Code::new(655);
/// The calendar's name is not an id.
pub const MALFORMED_ID: Code = Code::new(656);
