//! The events of a mission as they are recorded: `mission-event/v1`, unknown fields refused.

use baton_scoring::wire::Posture;
use baton_terms::{Digest, Id, Instant};
use serde::{Deserialize, Serialize};

use super::plan::Guardrail;
use super::preflight::Missing;
use super::report::{FollowUp, Measure};
use crate::budget::{Charge, Reached};
use crate::compensation;
use crate::names::Principal;

/// The format's name.
pub const FORMAT: &str = "mission-event/v1";

/// The one format this crate writes and reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Format {
    /// `mission-event/v1`.
    #[default]
    #[serde(rename = "mission-event/v1")]
    V1,
}

/// One event with its place in the mission's trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Always `mission-event/v1`.
    pub baton: Format,
    /// The mission.
    pub mission: Id,
    /// Its place, from 1.
    pub sequence: u64,
    /// When it was decided.
    pub at: Instant,
    /// What happened.
    pub event: Event,
}

/// What a finished step brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// Digest of what it made.
    pub output: Digest,
    /// The posture it led to.
    pub posture: Posture,
    /// What it used.
    pub used: Vec<Charge>,
    /// What it measured.
    pub measured: Vec<Measure>,
    /// What it leaves open.
    pub open: Vec<FollowUp>,
}

/// Why a mission rolls back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum RollbackCause {
    /// The posture became critical.
    CriticalPosture,
    /// The number of failed rounds reached the limit.
    RepeatedFailures {
        /// Failed rounds.
        failures: u32,
    },
    /// A guardrail failed.
    FailedGuardrail {
        /// Which.
        guardrail: Guardrail,
    },
    /// A person asked for it.
    Asked {
        /// Who.
        principal: Principal,
        /// Why.
        reason: String,
    },
}

/// Why a mission is blocked and waits for oversight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Why {
    /// A cap of the budget is reached.
    CapReached {
        /// Every cap that is.
        caps: Vec<Reached>,
    },
    /// A step failed and has no attempt left.
    StepFailed {
        /// The step.
        step: Id,
        /// The last reason.
        reason: String,
    },
    /// The posture is critical, and critical posture does not roll this mission back.
    CriticalPosture,
    /// A guardrail failed, and that does not roll this mission back.
    FailedGuardrail {
        /// Which.
        guardrail: Guardrail,
    },
    /// A rollback is due and there is nothing to land on.
    NoBaseline {
        /// Why it is due.
        cause: RollbackCause,
    },
}

/// What happened in a mission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Event {
    /// Preflight found something missing.
    PreflightMissing {
        /// All of it.
        missing: Vec<Missing>,
    },
    /// Everything was there, and the first step began.
    Started,
    /// A step was done.
    StepDone {
        /// The step.
        step: Id,
        /// What it brought.
        outcome: Outcome,
        /// How long a process was at it.
        driven_ms: u64,
    },
    /// An attempt at a step failed.
    AttemptFailed {
        /// The step.
        step: Id,
        /// The attempt.
        attempt: u32,
        /// Why.
        reason: String,
        /// When the next attempt may begin; nothing when there is none.
        next: Option<Instant>,
        /// How long a process was at it.
        driven_ms: u64,
    },
    /// The next attempt at a step began.
    AttemptBegan {
        /// The step.
        step: Id,
        /// The attempt.
        attempt: u32,
    },
    /// The next step began.
    StepBegan {
        /// The step.
        step: Id,
    },
    /// The next step waits for a person.
    ConfirmationAsked {
        /// The step that would begin.
        step: Id,
    },
    /// A person let the next step begin.
    Confirmed {
        /// The step.
        step: Id,
        /// Who.
        principal: Principal,
    },
    /// The posture changed.
    PostureChanged {
        /// Before; nothing before the first.
        from: Option<Posture>,
        /// After.
        to: Posture,
        /// The step that caused it.
        step: Id,
    },
    /// A guardrail failed, or could not be told.
    GuardrailFailed {
        /// Which.
        guardrail: Guardrail,
        /// What was found.
        reason: String,
    },
    /// Doing a step again gave other bytes.
    Quarantined {
        /// The step.
        step: Id,
        /// Digest of the first doing.
        output: Digest,
        /// Digest of the second.
        replayed: Digest,
    },
    /// The mission is blocked and waits for oversight.
    Escalated {
        /// Why.
        why: Why,
    },
    /// A person has a blocked mission go on.
    Resumed {
        /// Who.
        principal: Principal,
        /// Why.
        reason: String,
    },
    /// What was done is being undone.
    RollbackStarted {
        /// Why.
        cause: RollbackCause,
    },
    /// An effect was undone, or could not be.
    Unwound {
        /// What happened.
        event: compensation::Event,
    },
    /// The mission is back at its baseline.
    RolledBack {
        /// The baseline.
        to: Digest,
    },
    /// A person took the mission back before it changed anything.
    Withdrawn {
        /// Who.
        principal: Principal,
        /// Why.
        reason: String,
    },
    /// Every step is done.
    Completed,
}

impl Event {
    /// Returns the word for the event in a record.
    pub fn word(&self) -> &'static str {
        match self {
            Self::PreflightMissing { .. } => "preflight-missing",
            Self::Started => "started",
            Self::StepDone { .. } => "step-done",
            Self::AttemptFailed { .. } => "attempt-failed",
            Self::AttemptBegan { .. } => "attempt-began",
            Self::StepBegan { .. } => "step-began",
            Self::ConfirmationAsked { .. } => "confirmation-asked",
            Self::Confirmed { .. } => "confirmed",
            Self::PostureChanged { .. } => "posture-changed",
            Self::GuardrailFailed { .. } => "guardrail-failed",
            Self::Quarantined { .. } => "quarantined",
            Self::Escalated { .. } => "escalated",
            Self::Resumed { .. } => "resumed",
            Self::RollbackStarted { .. } => "rollback-started",
            Self::Unwound { .. } => "unwound",
            Self::RolledBack { .. } => "rolled-back",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Completed => "completed",
        }
    }

    /// Returns whether an incident packet names the event.
    pub(super) fn is_incident(&self) -> bool {
        matches!(
            self,
            Self::PreflightMissing { .. }
                | Self::AttemptFailed { .. }
                | Self::PostureChanged { .. }
                | Self::GuardrailFailed { .. }
                | Self::Quarantined { .. }
                | Self::Escalated { .. }
                | Self::RollbackStarted { .. }
                | Self::Unwound { .. }
        )
    }
}
