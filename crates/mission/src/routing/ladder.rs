//! The escalation ladder: who is told, and when, while nothing moves.

use baton_contract::calendar::{Allowance, Calendar};
use baton_contract::model::Escalation;
use baton_terms::{Id, Instant};

use crate::clock::ClockError;

/// One rung of the ladder, placed in time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rung {
    /// When it is climbed.
    pub at: Instant,
    /// Role told.
    pub to: Id,
}

/// A ladder that cannot be placed in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("place the escalation to `{to}` in time: {source}")]
pub struct LadderError {
    to: Id,
    source: ClockError,
}

impl LadderError {
    /// Returns what stands in the way.
    pub fn cause(&self) -> &ClockError {
        &self.source
    }
}

/// Returns the rungs of a handoff that stands still since `since`, earliest first.
///
/// Rungs at one instant stay in the order the contract names them.
///
/// # Errors
/// When a rung counts business time and there is no calendar that can answer.
pub fn rungs(
    ladder: &[Escalation],
    calendar: Option<&Calendar>,
    since: Instant,
) -> Result<Vec<Rung>, LadderError> {
    let mut rungs = Vec::new();
    for rung in ladder {
        let at = place(&rung.after, calendar, since).map_err(|source| LadderError {
            to: rung.to.clone(),
            source,
        })?;
        rungs.push(Rung {
            at,
            to: rung.to.clone(),
        });
    }
    rungs.sort_by_key(|rung| rung.at);
    Ok(rungs)
}

fn place(after: &str, calendar: Option<&Calendar>, since: Instant) -> Result<Instant, ClockError> {
    let allowance: Allowance = after.parse()?;
    match (allowance, calendar) {
        (_, Some(calendar)) => Ok(calendar.add(since, allowance)?),
        (Allowance::Elapsed(elapsed), None) => {
            since
                .checked_add(elapsed)
                .ok_or_else(|| ClockError::BeyondTime {
                    within: after.to_owned(),
                })
        }
        (Allowance::Business(_), None) => Err(ClockError::UnknownCalendar {
            within: after.to_owned(),
            calendar: String::new(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Calendars, office};

    fn ladder(rungs: &[(&str, &str)]) -> Vec<Escalation> {
        let rung = |(after, to): &(&str, &str)| Escalation {
            after: (*after).to_owned(),
            to: to.parse().unwrap(),
            at: String::new(),
        };
        rungs.iter().map(rung).collect()
    }

    // spec: ROUTING-8
    #[test]
    fn rungs_are_placed_in_business_time_and_sorted() {
        let section = office("berlin", "Europe/Berlin");
        let calendars = Calendars::new(std::slice::from_ref(&section)).unwrap();
        let since = "2026-01-16T15:00:00Z".parse().unwrap();
        let ladder = ladder(&[("2bh", "lead"), ("1h", "owner"), ("1bd", "oversight")]);
        let found = rungs(&ladder, calendars.get(&section.id), since).unwrap();
        let found: Vec<(String, &str)> = found
            .iter()
            .map(|rung| (rung.at.to_string(), rung.to.as_str()))
            .collect();
        let expected = [
            ("2026-01-16T16:00:00Z".to_owned(), "owner"),
            ("2026-01-19T09:00:00Z".to_owned(), "lead"),
            ("2026-01-19T16:00:00Z".to_owned(), "oversight"),
        ];
        assert_eq!(found, expected);
    }

    // spec: ROUTING-8
    #[test]
    fn a_rung_that_cannot_be_placed_is_answered() {
        let since = "2026-01-16T15:00:00Z".parse().unwrap();
        for after in ["2bh", "soon"] {
            let error = rungs(&ladder(&[(after, "lead")]), None, since).unwrap_err();
            assert!(error.to_string().contains("lead"), "{error}");
        }
    }
}
