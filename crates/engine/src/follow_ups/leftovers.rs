//! What one handoff left over, as far as its events were read.

use baton_mission::handoff::{Change, Event, FollowUp};
use baton_scoring::wire::FindingState;
use baton_terms::{Elapsed, Instant};

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
            None if self.due() < as_of => State::Overdue,
            None => State::Open,
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
}

impl Leftovers {
    /// Takes one more event into account, in the order they happened.
    pub fn note(&mut self, event: &Event) {
        match &event.change {
            Change::FollowUpQueued { follow_up } => {
                let left = Left {
                    follow_up: follow_up.clone(),
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
