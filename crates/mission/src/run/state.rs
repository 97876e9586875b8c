//! Where a mission stands: the fold of its events over its plan.

use std::collections::VecDeque;

use baton_scoring::wire::Posture;
use baton_terms::{Digest, Id, Instant};

use super::plan::Plan;
use super::preflight::Missing;
use super::wire::{Outcome, RollbackCause, Why};
use crate::budget::{Cap, Charge, Meter, Reached};
use crate::compensation::{Progress, Unwinding};

/// Events an incident packet names, the latest ones; how many more there were is counted.
pub(super) const MARKS_MAX: usize = 200;

const MS_PER_SECOND: u64 = 1_000;

/// A mission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mission {
    // INVARIANT: what the events of the mission, applied in order to a fresh one, give.
    pub(super) plan: Plan,
    pub(super) phase: Phase,
    /// Events applied.
    pub(super) revision: u64,
    /// Finished steps, in order.
    pub(super) done: Vec<Outcome>,
    /// Steps of which an attempt began, so that a change of theirs may exist.
    pub(super) begun: usize,
    pub(super) posture: Option<Posture>,
    /// Rounds of attempts that failed.
    pub(super) failures: u32,
    pub(super) meter: Meter,
    /// How long processes were at its steps.
    pub(super) driven_ms: u64,
    /// The latest event's time; later commands never count as earlier.
    pub(super) latest: Option<Instant>,
    pub(super) marks: VecDeque<Mark>,
    pub(super) marks_dropped: u64,
}

/// An event that an incident packet names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its place in the mission's trace.
    pub sequence: u64,
    /// What it was.
    pub word: &'static str,
}

/// Where a mission stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// It has not been started.
    Drafted,
    /// Preflight found something missing.
    Missing {
        /// All of it.
        missing: Vec<Missing>,
    },
    /// An attempt at a step is under way.
    Executing {
        /// The step's index.
        step: usize,
        /// The attempt, from 1.
        attempt: u32,
    },
    /// The next attempt at a step waits for its time.
    Retrying {
        /// The step's index.
        step: usize,
        /// The attempt that comes.
        attempt: u32,
        /// Its earliest instant.
        at: Instant,
    },
    /// The next step waits for a person.
    Confirming {
        /// The step's index.
        step: usize,
    },
    /// What was done is being undone.
    RollingBack {
        /// What is left to undo.
        unwinding: Unwinding,
        /// Why.
        cause: RollbackCause,
        /// Where it lands.
        to: Digest,
    },
    /// It is blocked and waits for oversight.
    Escalated {
        /// Why.
        why: Why,
    },
    /// Its determinism is broken.
    Quarantined {
        /// The step.
        step: Id,
    },
    /// Every step is done.
    Completed,
    /// It is back at its baseline.
    RolledBack {
        /// Which.
        to: Digest,
        /// Effects left in place.
        left: Vec<Id>,
    },
    /// It was taken back.
    Withdrawn,
}

impl Phase {
    /// Returns the word for the phase.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Missing { .. } => "missing",
            Self::Executing { .. } => "executing",
            Self::Retrying { .. } => "retrying",
            Self::Confirming { .. } => "confirming",
            Self::RollingBack { .. } => "rolling-back",
            Self::Escalated { .. } => "escalated",
            Self::Quarantined { .. } => "quarantined",
            Self::Completed => "completed",
            Self::RolledBack { .. } => "rolled-back",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Returns whether nothing ever follows.
    pub fn is_terminal(&self) -> bool {
        matches!(
            self,
            Self::Completed | Self::RolledBack { .. } | Self::Withdrawn
        )
    }

    /// Returns whether the mission goes on only when a person acts, or not at all.
    pub fn is_parked(&self) -> bool {
        match self {
            Self::RollingBack { unwinding, .. } => {
                matches!(unwinding.progress(), Progress::Blocked(_))
            }
            Self::Missing { .. }
            | Self::Confirming { .. }
            | Self::Escalated { .. }
            | Self::Quarantined { .. }
            | Self::Completed
            | Self::RolledBack { .. }
            | Self::Withdrawn => true,
            Self::Drafted | Self::Executing { .. } | Self::Retrying { .. } => false,
        }
    }

    /// Returns whether a rollback may begin here.
    pub(super) fn may_roll_back(&self) -> bool {
        self.is_active()
            || matches!(
                self,
                Self::Confirming { .. } | Self::Escalated { .. } | Self::Quarantined { .. }
            )
    }

    /// Returns whether a mission that has changed nothing may be taken back here.
    pub(super) fn may_be_withdrawn(&self) -> bool {
        self.may_roll_back() || matches!(self, Self::Drafted | Self::Missing { .. })
    }

    /// Returns whether the mission may be blocked here.
    pub(super) fn may_escalate(&self) -> bool {
        self.is_active()
            || matches!(
                self,
                Self::Drafted | Self::Missing { .. } | Self::Confirming { .. }
            )
    }

    /// Returns whether a step is under way or waits for its next attempt.
    pub(super) fn is_active(&self) -> bool {
        matches!(self, Self::Executing { .. } | Self::Retrying { .. })
    }
}

impl Mission {
    /// Returns the mission of a plan that has not been started.
    pub fn new(plan: Plan) -> Self {
        let meter = Meter::new(&plan.budget);
        Self {
            plan,
            phase: Phase::Drafted,
            revision: 0,
            done: Vec::new(),
            begun: 0,
            posture: None,
            failures: 0,
            meter,
            driven_ms: 0,
            latest: None,
            marks: VecDeque::new(),
            marks_dropped: 0,
        }
    }

    /// Returns what it is to do.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns where it stands.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Returns how many events it has.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns when the latest event was decided; nothing is ever recorded before it.
    pub fn latest(&self) -> Option<Instant> {
        self.latest
    }

    /// Returns its posture, once a step has led to one.
    pub fn posture(&self) -> Option<Posture> {
        self.posture
    }

    /// Returns what its finished steps brought, in order.
    pub fn done(&self) -> &[Outcome] {
        &self.done
    }

    /// Returns how many rounds of attempts failed.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Returns what it has used of `cap`; of time, the whole seconds a process was at its steps.
    pub fn used(&self, cap: Cap) -> u64 {
        match cap {
            Cap::Time => self.driven_ms / MS_PER_SECOND,
            _ => self.meter.used(cap),
        }
    }

    /// Returns what beginning the next attempt uses: it is counted then, however the attempt ends.
    pub(super) fn attempt_charges(&self) -> [Charge; 2] {
        let step = self.plan.step(self.done.len());
        [
            Charge {
                cap: Cap::Attempts,
                amount: 1,
            },
            Charge {
                cap: Cap::MoneyUnits,
                amount: step.map_or(0, |step| step.cost),
            },
        ]
    }

    /// Returns every cap that is reached once so much more work and `charges` are counted too.
    pub(super) fn caps_reached(&self, driven_ms: u64, charges: &[Charge]) -> Vec<Reached> {
        let time = Charge {
            cap: Cap::Time,
            amount: self.driven_ms.saturating_add(driven_ms) / MS_PER_SECOND,
        };
        let mut charges = charges.to_vec();
        charges.push(time);
        self.meter.reached(&charges)
    }

    /// Returns the step that an index names, for words.
    pub(super) fn step_id(&self, index: usize) -> Option<&Id> {
        self.plan.step(index).map(|step| &step.id)
    }
}
