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
    /// The calendars of the contract cannot be read.
    #[error("read the calendars of the contract: {} problems", .0.len())]
    Malformed(Vec<Diagnostic>),
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
            Self::Malformed(problems) => problems
                .first()
                .map_or(CALENDAR_UNKNOWN, |first| first.code),
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
}

/// The checked calendars of one contract.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendars(BTreeMap<Id, Calendar>);

impl Calendars {
    /// Returns the calendars of a contract, for a first computation.
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

    /// Returns the calendars of a contract for a replay of what was recorded with `pins`.
    ///
    /// # Errors
    /// When a calendar was recorded with another time zone database than this program has, or with
    /// none: its instants may then differ from the recorded ones.
    pub fn replayed(sections: &[CalendarSection], pins: &Pins) -> Result<Self, ClockError> {
        let bundled = baton_contract::calendar::tzdb_version();
        let recorded = |section: &CalendarSection| pins.of(&section.id).unwrap_or_default();
        let changed = sections.iter().find(|section| recorded(section) != bundled);
        if let Some(section) = changed {
            return Err(ClockError::TzdbChanged {
                calendar: section.id.to_string(),
                recorded: recorded(section).to_owned(),
                bundled: bundled.to_owned(),
            });
        }
        Self::new(sections).map_err(ClockError::Malformed)
    }

    /// Returns the calendar called `id`.
    pub fn get(&self, id: &Id) -> Option<&Calendar> {
        self.0.get(id)
    }

    /// Returns what is to be recorded beside anything these calendars answer.
    ///
    /// It is the database that computed the answers, also where a contract names another one.
    pub fn pins(&self) -> Pins {
        let bundled = baton_contract::calendar::tzdb_version();
        let pin = |id: &Id| (id.clone(), bundled.to_owned());
        Pins(self.0.keys().map(pin).collect())
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
    fn a_changed_time_zone_database_is_found_in_a_replay() {
        let sections = [office("berlin", "Europe/Berlin")];
        let recorded = Calendars::new(&sections).unwrap();
        let pins = recorded.pins();
        assert_eq!(pins.of(&sections[0].id), Some(tzdb_version()));
        assert_eq!(Calendars::replayed(&sections, &pins), Ok(recorded));
        let other = BTreeMap::from([(sections[0].id.clone(), "2019a".to_owned())]);
        for pins in [Pins::default(), Pins::new(other)] {
            let error = Calendars::replayed(&sections, &pins).unwrap_err();
            assert_eq!(error.code(), TZDB_CHANGED, "{error}");
        }
    }

    // spec: CLOCK-5
    #[test]
    fn what_is_pinned_is_the_database_that_computed_not_the_one_a_contract_names() {
        let mut section = office("berlin", "Europe/Berlin");
        section.tzdb = Some("2019a".to_owned());
        let calendars = Calendars::new(std::slice::from_ref(&section)).unwrap();
        assert_eq!(calendars.pins().of(&section.id), Some(tzdb_version()));
    }

    #[test]
    fn every_problem_of_every_calendar_is_reported() {
        let sections = [office("one", "Mars/Olympus"), office("two", "Mars/Elysium")];
        assert_eq!(Calendars::new(&sections).unwrap_err().len(), 2);
        let pins = Pins::new(
            sections
                .iter()
                .map(|section| (section.id.clone(), tzdb_version().to_owned()))
                .collect(),
        );
        let error = Calendars::replayed(&sections, &pins).unwrap_err();
        assert!(matches!(error, ClockError::Malformed(problems) if problems.len() == 2));
    }
}
