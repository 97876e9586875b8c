//! The calendars of a contract, and the time zone database each was recorded with.

use std::collections::BTreeMap;

use baton_contract::calendar::{AllowanceError, Calendar, CalendarError, HoldingsError};
use baton_contract::model::CalendarSection;
use baton_terms::{Code, Diagnostic, Id};
use serde::{Deserialize, Serialize};

/// A deadline counts business time in a calendar its contract does not have.
pub const CALENDAR_UNKNOWN: Code = Code::new(1350);
/// The time zone database differs between record and replay.
pub const TZDB_CHANGED: Code = Code::new(1351);

/// A deadline that cannot be computed; never replaced by a guess.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClockError {
    /// The contract has no such calendar, or the deadline names none although it counts business time.
    #[error("count business time of `{within}`: calendar `{calendar}` is not in the contract")]
    UnknownCalendar {
        /// The allowance.
        within: String,
        /// The calendar named; empty when none is.
        calendar: String,
    },
    /// The time zone database changed between record and replay.
    #[error(
        "replay calendar `{calendar}`: recorded with time zone database `{recorded}`, this program has `{bundled}`"
    )]
    TzdbChanged {
        /// The calendar.
        calendar: String,
        /// Version recorded; empty when none was.
        recorded: String,
        /// Version this program has.
        bundled: String,
    },
    /// The allowance cannot be read.
    #[error(transparent)]
    Allowance(#[from] AllowanceError),
    /// The calendar cannot answer.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// The ball's history contradicts itself.
    #[error(transparent)]
    Holdings(#[from] HoldingsError),
    /// The answer lies beyond the year 9999.
    #[error("count `{within}`: the answer lies beyond the year 9999")]
    BeyondTime {
        /// The allowance.
        within: String,
    },
}

impl ClockError {
    /// Returns the code whose page explains the error.
    pub fn code(&self) -> Code {
        match self {
            Self::TzdbChanged { .. } => TZDB_CHANGED,
            Self::Calendar(error) => error.code(),
            Self::Allowance(_) => baton_contract::calendar::MALFORMED_ALLOWANCE,
            Self::UnknownCalendar { .. } | Self::Holdings(_) | Self::BeyondTime { .. } => {
                CALENDAR_UNKNOWN
            }
        }
    }
}

/// The time zone database each calendar was recorded with, by calendar.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pins(BTreeMap<Id, String>);

impl Pins {
    /// Returns pins as they were recorded.
    pub fn new(pins: BTreeMap<Id, String>) -> Self {
        Self(pins)
    }

    /// Returns the version `calendar` was recorded with.
    pub fn of(&self, calendar: &Id) -> Option<&str> {
        self.0.get(calendar).map(String::as_str)
    }

    /// Records what `calendar` answers with from now on.
    pub fn record(&mut self, calendar: &Id, tzdb: &str) {
        self.0.insert(calendar.clone(), tzdb.to_owned());
    }

    /// Checks that everything was recorded with the database this program has, so that counting
    /// again gives the same instants.
    ///
    /// # Errors
    /// Names the first calendar that was recorded with another one, and both versions.
    pub fn are_current(&self) -> Result<(), ClockError> {
        let bundled = baton_contract::calendar::tzdb_version();
        let changed = self.0.iter().find(|(_, recorded)| *recorded != bundled);
        changed.map_or(Ok(()), |(calendar, recorded)| {
            Err(ClockError::TzdbChanged {
                calendar: calendar.to_string(),
                recorded: recorded.clone(),
                bundled: bundled.to_owned(),
            })
        })
    }
}

/// The checked calendars of one contract.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendars(BTreeMap<Id, Calendar>);

impl Calendars {
    /// Returns the calendars of a contract.
    ///
    /// # Errors
    /// Every problem of every calendar; a contract without lint errors has none.
    pub fn new(sections: &[CalendarSection]) -> Result<Self, Vec<Diagnostic>> {
        let mut calendars = BTreeMap::new();
        let mut problems = Vec::new();
        for section in sections {
            match Calendar::new(&section.draft()) {
                Ok(calendar) => {
                    calendars.insert(section.id.clone(), calendar);
                }
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() {
            Ok(Self(calendars))
        } else {
            Err(problems)
        }
    }

    /// Returns the calendar called `id`.
    pub fn get(&self, id: &Id) -> Option<&Calendar> {
        self.0.get(id)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use baton_contract::calendar::tzdb_version;
    use baton_contract::model::{Weekday, Years};

    use super::*;

    /// An office that is open on weekdays from 09:00 to 17:00, all of 2026, without holidays.
    pub(crate) fn office(id: &str, zone: &str) -> CalendarSection {
        let days = [
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
        ];
        CalendarSection {
            id: id.parse().unwrap(),
            zone: zone.to_owned(),
            tzdb: None,
            hours: days.map(|day| (day, vec!["09:00-17:00".to_owned()])).into(),
            holidays: Vec::new(),
            covers: Some(Years {
                first: 2026,
                last: 2026,
            }),
            at: String::new(),
        }
    }

    // spec: CLOCK-5
    #[test]
    fn a_changed_time_zone_database_is_named_with_both_versions() {
        let berlin: Id = "berlin".parse().unwrap();
        let mut pins = Pins::default();
        assert_eq!(pins.are_current(), Ok(()));
        pins.record(&berlin, tzdb_version());
        assert_eq!(pins.are_current(), Ok(()));
        for recorded in ["2019a", ""] {
            pins.record(&berlin, recorded);
            assert_eq!(pins.of(&berlin), Some(recorded));
            let error = pins.are_current().unwrap_err();
            assert_eq!(error.code(), TZDB_CHANGED);
            let told = error.to_string();
            assert!(told.contains("berlin") && told.contains(tzdb_version()));
            assert!(told.contains(&format!("`{recorded}`")), "{told}");
        }
    }

    #[test]
    fn every_problem_of_every_calendar_is_reported() {
        let sections = [office("one", "Mars/Olympus"), office("two", "Mars/Elysium")];
        assert_eq!(Calendars::new(&sections).unwrap_err().len(), 2);
    }
}
