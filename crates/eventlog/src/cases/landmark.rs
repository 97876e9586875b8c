//! The landmark: the moment up to which a cause may look. What is known later can't have caused what
//! follows, however well it goes with the outcome (van Houwelingen 2007, "Dynamic prediction by
//! landmarking").

use baton_terms::{Diagnostic, Elapsed};

use super::codes;
use crate::handover::{Seam, seams_into};
use crate::model::{Code, Log};

/// Up to when a case is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Landmark {
    /// The first event of the case.
    #[default]
    Start,
    /// The first event that names another party than the event before.
    FirstHandoff,
    /// The first event of this activity.
    Activity(Box<str>),
    /// This long after the first event.
    Age(Elapsed),
    /// The last event: for descriptions of what went on, not for causes.
    End,
}

/// How landmarks are written.
pub const LANDMARK_FORMS: &str = "`start`, `first-handoff`, `event=ACTIVITY`, `age=2d` or `end`";

impl std::str::FromStr for Landmark {
    type Err = Diagnostic;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || {
            Diagnostic::error(codes::LANDMARK, "unknown landmark")
                .expected(LANDMARK_FORMS)
                .found(format!("`{}`", text.chars().take(100).collect::<String>()))
                .hint("see `baton help E1101`")
        };
        match text.split_once('=') {
            None => match text {
                "start" => Ok(Self::Start),
                "first-handoff" => Ok(Self::FirstHandoff),
                "end" => Ok(Self::End),
                _ => Err(refused()),
            },
            Some(("event", activity)) if !activity.is_empty() => {
                Ok(Self::Activity(activity.into()))
            }
            Some(("age", age)) => age.parse().map(Self::Age).map_err(|_| refused()),
            Some(_) => Err(refused()),
        }
    }
}

impl std::fmt::Display for Landmark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Start => f.write_str("start"),
            Self::FirstHandoff => f.write_str("first-handoff"),
            Self::Activity(activity) => write!(f, "event={activity}"),
            Self::Age(age) => write!(f, "age={age}"),
            Self::End => f.write_str("end"),
        }
    }
}

/// Where the landmark falls in one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    /// Place of the first event that is not looked at.
    pub(super) until: usize,
    /// The moment.
    pub(super) time: i64,
}

/// Finds the landmark in one case after the other.
pub(super) struct Finder<'l> {
    log: &'l Log,
    at: At,
    seams: Vec<Seam>,
}

enum At {
    Start,
    FirstHandoff,
    Activity(Code),
    Age(i64),
    End,
}

impl<'l> Finder<'l> {
    /// Returns a finder, or what is wrong with the landmark.
    pub(super) fn new(log: &'l Log, landmark: &Landmark) -> Result<Self, Vec<Diagnostic>> {
        let at = match landmark {
            Landmark::Start => At::Start,
            Landmark::FirstHandoff => At::FirstHandoff,
            Landmark::End => At::End,
            Landmark::Age(age) => {
                // At most 100 years, so it fits.
                At::Age(i64::try_from(age.seconds()).unwrap_or(i64::MAX / 2_000_000) * 1_000_000)
            }
            Landmark::Activity(name) => {
                let activities = &log.activity().dictionary;
                let Some(code) = activities.code(name) else {
                    let listed: Vec<_> = activities.texts().take(10).collect();
                    let problem = Diagnostic::error(
                        codes::NOT_IN_LOG,
                        "the landmark names an activity that the log does not have",
                    );
                    let problem = problem
                        .expected(format!("one of: {}", listed.join(", ")))
                        .found(format!("`{name}`"))
                        .hint("activities are spelled as in the log, upper and lower case apart");
                    return Err(vec![problem]);
                };
                At::Activity(code)
            }
        };
        Ok(Self {
            log,
            at,
            seams: Vec::new(),
        })
    }

    /// Returns where the landmark falls in a case, or `None` when the case never reaches it.
    pub(super) fn cut(&mut self, case: usize) -> Option<Cut> {
        let events = self.log.events_of(case);
        let time_of = |event: usize| self.log.times().get(event).copied();
        let at_event = |event: usize| {
            Some(Cut {
                until: event + 1,
                time: time_of(event)?,
            })
        };
        match self.at {
            At::Start => at_event(events.start),
            At::End => at_event(events.end.checked_sub(1)?),
            At::FirstHandoff => {
                seams_into(self.log, events, &mut self.seams);
                at_event(self.seams.iter().find(|seam| seam.is_direct)?.event)
            }
            At::Activity(code) => {
                let activity = self.log.activity();
                let mut events = events;
                at_event(events.find(|&event| activity.code(event) == Some(code))?)
            }
            At::Age(age) => {
                let time = time_of(events.start)?.checked_add(age)?;
                let times = self.log.times().get(events.clone())?;
                // Clocks may have been set back; what follows a later event is later.
                let seen = times.iter().take_while(|&&event| event <= time).count();
                Some(Cut {
                    until: events.start + seen,
                    time,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handover::tests::log_of;

    #[test]
    fn landmarks_read_back_as_they_are_written() {
        for text in ["start", "first-handoff", "event=In review", "age=2d", "end"] {
            assert_eq!(text.parse::<Landmark>().unwrap().to_string(), text);
        }
        for text in [
            "", "age", "age=", "age=soon", "event=", "START", "first", "at=3",
        ] {
            let problem = text.parse::<Landmark>().unwrap_err();
            assert_eq!(problem.code.number(), 1101, "{text}");
        }
    }

    // spec: CASES-4
    #[test]
    fn a_landmark_falls_on_an_event_or_a_moment() {
        // Steps are minutes apart.
        let log = log_of(&["a a b a b"]);
        let check = |landmark: &str, expected: Option<(usize, i64)>| {
            let mut finder = Finder::new(&log, &landmark.parse().unwrap()).unwrap();
            let cut = finder.cut(0).map(|cut| (cut.until, cut.time / 60_000_000));
            assert_eq!(cut, expected, "{landmark}");
        };
        check("start", Some((1, 0)));
        check("first-handoff", Some((3, 2)));
        check("event=updated", Some((1, 0)));
        check("age=3m", Some((4, 3)));
        check("age=200s", Some((4, 3)));
        check("age=2d", Some((5, 2_880)));
        check("end", Some((5, 4)));
        let unknown = Finder::new(&log, &Landmark::Activity("closed".into()));
        assert_eq!(unknown.err().unwrap()[0].code, codes::NOT_IN_LOG);
        let log = log_of(&["a - b"]);
        let mut finder = Finder::new(&log, &Landmark::FirstHandoff).unwrap();
        assert_eq!(finder.cut(0), None);
    }
}
