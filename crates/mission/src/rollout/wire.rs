//! The events of a rollout as they are recorded: `rollout-event/v1`, unknown fields refused.

use baton_terms::{Digest, Id, Instant};
use serde::{Deserialize, Serialize};

use super::analysis::{Hold, MetricReading};
use crate::names::{HandoffId, Principal};

/// The format's name.
pub const FORMAT: &str = "rollout-event/v1";

/// The one format this crate writes and reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Format {
    /// `rollout-event/v1`.
    #[default]
    #[serde(rename = "rollout-event/v1")]
    V1,
}

/// One event with its place in the rollout's trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Always `rollout-event/v1`.
    pub baton: Format,
    /// The rollout.
    pub rollout: Id,
    /// Its place, from 1.
    pub sequence: u64,
    /// When it was decided.
    pub at: Instant,
    /// What happened.
    pub event: Event,
}

/// Why a rollout returns to the stable version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum RollbackCause {
    /// A metric is harmed.
    Harmed {
        /// The metric.
        metric: String,
        /// When that was shown.
        shown: Instant,
    },
    /// There were too few handoffs in time, and the contract says not to wait.
    NoData,
    /// The new version took a handoff's posture to critical where the stable one would not have.
    CriticalPosture {
        /// The handoff.
        handoff: HandoffId,
    },
    /// The new version failed as often as its contract names.
    RepeatedFailures {
        /// How often.
        failures: u32,
    },
    /// The contract file no longer is the version that was validated.
    Changed {
        /// What was found.
        found: Digest,
    },
    /// Somebody asked for it.
    Asked {
        /// Who.
        by: Principal,
        /// Why.
        reason: String,
    },
}

/// What happened in a rollout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Event {
    /// The first stage began.
    Started {
        /// Who started it.
        by: Principal,
        /// Digest of the validation report for exactly the new version.
        validation: Digest,
    },
    /// Nothing was concluded, for other reasons than before.
    Held {
        /// Why.
        holds: Vec<Hold>,
        /// How the metrics stand.
        readings: Vec<MetricReading>,
    },
    /// The next stage began.
    Advanced {
        /// The stage, from 0.
        to: usize,
        /// When what it rests on was shown; handoffs that finished later count in the next stage.
        shown: Instant,
        /// How the metrics stood.
        readings: Vec<MetricReading>,
    },
    /// The new version is in force for everybody.
    Promoted {
        /// When what it rests on was shown.
        shown: Instant,
        /// How the metrics stood.
        readings: Vec<MetricReading>,
    },
    /// The stable version is in force for everybody.
    RolledBack {
        /// Why.
        cause: RollbackCause,
        /// How the metrics stood.
        readings: Vec<MetricReading>,
    },
    /// Nothing advances it any more.
    Frozen {
        /// Who.
        by: Principal,
        /// Why.
        reason: String,
    },
    /// It may advance again.
    Thawed {
        /// Who.
        by: Principal,
        /// Why.
        reason: String,
    },
}

impl Event {
    /// Returns the word people read.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Started { .. } => "started",
            Self::Held { .. } => "held",
            Self::Advanced { .. } => "advanced",
            Self::Promoted { .. } => "promoted",
            Self::RolledBack { .. } => "rolled-back",
            Self::Frozen { .. } => "frozen",
            Self::Thawed { .. } => "thawed",
        }
    }
}
