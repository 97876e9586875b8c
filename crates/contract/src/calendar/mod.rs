//! Business calendars: zones, working hours, holidays, and exact arithmetic in business time.
//!
//! Deadlines promise working time, so every answer here is exact to the nanosecond in the bundled
//! IANA time zone database, and refused where the calendar lists no holidays (docs/spec, CALENDAR-*).

mod allowance;
mod arithmetic;
mod clock;
mod codes;
mod definition;
mod draft;
mod hours;
mod tzdb;
mod walk;

pub use allowance::{Allowance, AllowanceError, BusinessSpan};
pub use arithmetic::CalendarError;
pub use clock::{Clock, Holding, HoldingsError};
pub use codes::*;
pub use definition::{Calendar, Holiday};
pub use draft::{CalendarDraft, DayHoursDraft, HolidayDraft, YearsDraft};
pub use tzdb::{TzdbMismatch, tzdb_version};
