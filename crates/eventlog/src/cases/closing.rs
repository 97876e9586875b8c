//! When the work of a case is done, although its events go on: an incident that is resolved on Monday
//! and closed by a timer on Friday was nobody's work in between.

use std::ops::Range;

use baton_terms::Diagnostic;

use super::codes;
use crate::model::{Code, Log};

/// The activities that close a case. Without any, a case is open from its first event to its last.
#[derive(Debug, Default)]
pub struct Closing {
    codes: Vec<Code>,
}

/// A time in which a case was open at one party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stay {
    /// Who held it, where the log says so.
    pub(super) party: Option<Code>,
    /// When it began.
    pub(super) from: i64,
    /// When it ended, that moment not included.
    pub(super) until: i64,
}

impl Closing {
    /// Returns the closing activities of a log.
    ///
    /// # Errors
    /// With each activity that no event has (E1102).
    pub fn new(log: &Log, names: &[Box<str>]) -> Result<Self, Vec<Diagnostic>> {
        let activities = &log.activity().dictionary;
        let (mut codes, mut problems) = (Vec::new(), Vec::new());
        for name in names {
            match activities.code(name) {
                Some(code) => codes.push(code),
                None => problems.push(not_in_log(name, activities.texts())),
            }
        }
        if problems.is_empty() {
            Ok(Self { codes })
        } else {
            Err(problems)
        }
    }

    /// Returns whether a case is closed once `event` has happened.
    pub fn closes(&self, log: &Log, event: usize) -> bool {
        let activity = log.activity().code(event);
        activity.is_some_and(|activity| self.codes.contains(&activity))
    }

    /// Adds the times in which a case was open, one for each party in turn, in order.
    ///
    /// A case that goes on after it was closed is open again, at the party that held it last unless
    /// the event names another.
    pub(super) fn stays(&self, log: &Log, events: Range<usize>, stays: &mut Vec<Stay>) {
        let mut current: Option<Stay> = None;
        let mut holder = None;
        let mut end = 0;
        for event in events {
            let Some(&time) = log.times().get(event) else {
                continue;
            };
            end = time;
            let is_closed = self.closes(log, event);
            let party = log.party().code(event).or(holder);
            if current.is_some_and(|stay| is_closed || stay.party != party) {
                stays.extend(current.take().map(|stay| Stay {
                    until: time,
                    ..stay
                }));
            }
            holder = party;
            if !is_closed && current.is_none() {
                current = Some(Stay {
                    party,
                    from: time,
                    until: time,
                });
            }
        }
        stays.extend(current.map(|stay| Stay { until: end, ..stay }));
    }
}

fn not_in_log<'t>(name: &str, known: impl Iterator<Item = &'t str>) -> Diagnostic {
    let listed: Vec<_> = known.take(10).collect();
    Diagnostic::error(
        codes::NOT_IN_LOG,
        "the mapping closes cases by an activity that the log does not have",
    )
    .expected(format!("one of: {}", listed.join(", ")))
    .found(format!("`{name}`"))
    .hint("spell it as in the log, or leave out of `closing` what this log does not have")
    .pointing_to("/closing")
}
