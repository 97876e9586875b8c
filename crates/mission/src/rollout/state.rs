//! Where a rollout stands.

use baton_terms::Instant;

use super::analysis::Hold;
use super::bucket::{Arm, UnknownAlgorithm, arm, bucket};
use super::plan::Plan;
use super::wire::RollbackCause;

/// Where a rollout stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Not begun: everybody has the stable version.
    Drafted,
    /// In a stage.
    Running(Stay),
    /// In a stage that nothing advances until somebody thaws it; harm still ends it.
    Frozen {
        /// The stage.
        stay: Stay,
        /// Why.
        reason: String,
    },
    /// Over: everybody has the new version.
    Promoted,
    /// Over: everybody has the stable version.
    RolledBack {
        /// Why.
        cause: RollbackCause,
    },
}

/// A stay in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// Which stage, from 0.
    pub stage: usize,
    /// Handoffs that finished after this instant count in it.
    pub since: Instant,
    /// When its exposure came into force.
    pub entered: Instant,
}

/// A rollout: the fold of its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollout {
    /// What it is to do.
    pub plan: Plan,
    /// Where it stands.
    pub phase: Phase,
    /// What held it when it was judged last, since it stands there.
    pub held: Vec<Hold>,
    /// Events so far.
    pub revision: u64,
    /// When the last one was decided.
    pub latest: Option<Instant>,
}

impl Rollout {
    /// Returns a rollout that has not begun.
    pub fn new(plan: Plan) -> Self {
        Self {
            plan,
            phase: Phase::Drafted,
            held: Vec::new(),
            revision: 0,
            latest: None,
        }
    }

    /// Returns the stage it is in, also when it is frozen there.
    pub fn stay(&self) -> Option<Stay> {
        match &self.phase {
            Phase::Running(stay) | Phase::Frozen { stay, .. } => Some(*stay),
            Phase::Drafted | Phase::Promoted | Phase::RolledBack { .. } => None,
        }
    }

    /// Returns after when and until when handoffs are still looked at, once everybody has the new version.
    pub fn watched(&self) -> Option<(Instant, Instant)> {
        // Nothing follows a promotion but a rollback, so the latest event is the promotion.
        let since = self.latest.filter(|_| self.phase == Phase::Promoted)?;
        let until = since.checked_add(self.plan.watch)?;
        (until > since).then_some((since, until))
    }

    /// Returns the percentage of buckets that the new version judges.
    pub fn percent(&self) -> u32 {
        match &self.phase {
            Phase::Drafted | Phase::RolledBack { .. } => 0,
            Phase::Promoted => 100,
            Phase::Running(stay) | Phase::Frozen { stay, .. } => {
                (self.plan.stage(stay.stage)).map_or(0, |stage| stage.percent)
            }
        }
    }

    /// Returns which version judges the handoffs of `unit`.
    ///
    /// # Errors
    /// When the rollout's bucketing algorithm is not known here; the stable version judges then.
    pub fn arm(&self, unit: &str) -> Result<Arm, UnknownAlgorithm> {
        match self.phase {
            Phase::Drafted | Phase::RolledBack { .. } => Ok(Arm::Stable),
            Phase::Promoted => Ok(Arm::Canary),
            Phase::Running(_) | Phase::Frozen { .. } => {
                let bucket = bucket(&self.plan.algorithm, &self.plan.flag, unit)?;
                Ok(arm(bucket, self.percent()))
            }
        }
    }
}

impl Phase {
    /// Returns the word people read.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Running(_) => "running",
            Self::Frozen { .. } => "frozen",
            Self::Promoted => "promoted",
            Self::RolledBack { .. } => "rolled-back",
        }
    }
}
