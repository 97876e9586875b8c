//! What one handoff left over, as far as its events were read.

use std::collections::BTreeMap;

use baton_mission::handoff::{Change, Event, FollowUp};
use baton_scoring::wire::FindingState;
use baton_terms::{Elapsed, Id, Instant};

/// Days that a follow-up may take where nothing else says by when.
pub const FOLLOW_UP_DAYS: u64 = 14;

/// How a follow-up stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Somebody has to do it.
    Open,
    /// The same, and its day has passed.
    Overdue,
    /// A later check found what it asks for.
    Settled,
    /// The work it is about was rolled back.
    Void,
}

impl State {
    /// Returns the word people read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Settled => "settled",
            Self::Void => "void",
        }
    }

    /// Returns how something that is to be done by then stands at an instant.
    pub(super) fn open(due: Instant, as_of: Instant) -> Self {
        if due < as_of {
            Self::Overdue
        } else {
            Self::Open
        }
    }

    /// Returns whether somebody has to do it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Overdue)
    }
}

/// One follow-up with when it was queued, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The follow-up.
    pub follow_up: FollowUp,
    /// What the check before it said to do; empty where it said nothing.
    pub fix: String,
    /// When it was queued.
    pub queued: Instant,
    ended: Option<State>,
}

impl Left {
    /// Returns by when it is to be done: as it was queued, else within [`FOLLOW_UP_DAYS`].
    pub fn due(&self) -> Instant {
        due(self.follow_up.due, self.queued)
    }

    /// Returns how it stands at an instant.
    pub fn state(&self, as_of: Instant) -> State {
        match self.ended {
            Some(ended) => ended,
            None => State::open(self.due(), as_of),
        }
    }
}

/// Returns by when something queued at an instant is to be done.
pub(super) fn due(said: Option<Instant>, queued: Instant) -> Instant {
    let usual = queued.checked_add(Elapsed::from_seconds(FOLLOW_UP_DAYS * 86_400));
    said.or(usual).unwrap_or(queued)
}

/// What a handoff left over, in the order it was queued; what was queued again counts as it was last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leftovers {
    left: Vec<Left>,
    /// What the last check said to do, by clause.
    fixes: BTreeMap<Id, String>,
}

impl Leftovers {
    /// Takes one more event into account, in the order they happened.
    pub fn note(&mut self, event: &Event) {
        match &event.change {
            Change::FollowUpQueued { follow_up } => {
                let left = Left {
                    follow_up: follow_up.clone(),
                    fix: (self.fixes.get(&follow_up.subject).cloned()).unwrap_or_default(),
                    queued: event.at,
                    ended: None,
                };
                let mut known = self.left.iter_mut();
                match known.find(|known| known.follow_up.id == follow_up.id) {
                    Some(known) => *known = left,
                    None => self.left.push(left),
                }
            }
            Change::Checked { check } => {
                let fixes = check.findings.iter();
                let fixes = fixes.map(|found| (found.clause.clone(), found.fix.clone()));
                self.fixes = fixes.collect();
                for left in &mut self.left {
                    let mut findings = check.findings.iter();
                    let finding = findings.find(|found| found.clause == left.follow_up.subject);
                    left.ended = match finding.map(|finding| finding.state) {
                        Some(FindingState::Passed | FindingState::NotApplicable) => {
                            Some(State::Settled)
                        }
                        Some(_) => None,
                        None => left.ended,
                    };
                }
            }
            Change::RolledBack { .. } => {
                for left in &mut self.left {
                    left.ended = Some(State::Void);
                }
            }
            _ => {}
        }
    }

    /// Returns all of it.
    pub fn all(&self) -> &[Left] {
        &self.left
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn event(revision: u64, change: &Value) -> Event {
        let event = json!({
            "baton": "handoff-event/v1",
            "handoff": "web-41",
            "revision": revision,
            "at": "2026-11-20T09:00:00Z",
            "by": {"principal": "ben", "kind": "person", "team": "build"},
            "key": "k",
            "request": baton_terms::Digest::of(b"request"),
            "change": change,
        });
        serde_json::from_value(event).unwrap()
    }

    fn checked(state: &str) -> Value {
        let digest = baton_terms::Digest::of(b"any");
        json!({"change": "checked", "check": {
            "scorecard": digest, "contract": digest, "package": digest,
            "as_of": "2026-11-20T09:00:00Z", "posture": "ready", "score": 9000, "risk": 0,
            "nothing_checked": false, "gates": [],
            "findings": [{"clause": "drawn", "severity": "major", "state": state, "fix": "Draw it."}],
        }})
    }

    fn queued() -> Value {
        json!({"change": "follow-up-queued", "follow_up": {
            "id": "web-41.unresolved-risk.drawn", "kind": "unresolved-risk", "subject": "drawn", "owner": "designer",
        }})
    }

    // spec: FOLLOW-UP-3
    #[test]
    fn what_a_later_check_finds_met_is_settled_and_what_is_rolled_back_is_void() {
        let soon: Instant = "2026-11-21T09:00:00Z".parse().unwrap();
        let late: Instant = "2026-12-21T09:00:00Z".parse().unwrap();
        let mut left = Leftovers::default();
        let mut after = |change: &Value| {
            left.note(&event(1, change));
            left.all()
                .iter()
                .map(|left| (left.state(soon), left.state(late)))
                .collect::<Vec<_>>()
        };
        assert_eq!(after(&checked("failed")), []);
        assert_eq!(after(&queued()), [(State::Open, State::Overdue)]);
        assert_eq!(after(&checked("failed")), [(State::Open, State::Overdue)]);
        assert_eq!(
            after(&checked("passed")),
            [(State::Settled, State::Settled)]
        );
        assert_eq!(after(&checked("unknown")), [(State::Open, State::Overdue)]);
        assert_eq!(after(&queued()), [(State::Open, State::Overdue)]);
        assert_eq!(left.all().len(), 1);
        assert_eq!(left.all()[0].fix, "Draw it.");
    }
}
