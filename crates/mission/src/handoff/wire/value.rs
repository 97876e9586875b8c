//! The values that events carry: approvals, verdicts and receipts, timers, notices, incidents.

use baton_terms::{Digest, Id, Instant};
use serde::{Deserialize, Serialize};

use super::command::Step;
use crate::authority::Stamp;
use crate::names::{HandoffId, Principal, Revision};

/// One thing that keeps the handoff from going on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unmet {
    /// Clause or gate concerned, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Id>,
    /// What is asked for.
    pub what: String,
}

/// Who sent a package back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// The check of the contract's clauses and policies.
    Check,
    /// Approvers.
    Gate,
    /// The receiver.
    Receiver,
}

/// One decision for a package; it counts for at most one gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Who approved.
    pub by: Stamp,
    /// Gates it may count for.
    pub gates: Vec<Id>,
    /// The package seen.
    pub package: Digest,
    /// Why.
    pub reason: String,
    /// Revision at which it was recorded.
    pub revision: Revision,
}

/// One decision against a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rejection {
    /// Who refused.
    pub by: Stamp,
    /// The gate.
    pub gate: Id,
    /// Why.
    pub reason: String,
}

/// An approval that a new package leaves without its ground.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voided {
    /// Whose approval.
    pub approver: Principal,
    /// Places of the package, among those it was given on, that are no longer what they were.
    pub changed: Vec<String>,
}

/// The receiver's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Taken over.
    Accepted,
    /// Sent back with what is missing.
    NeedsInput,
    /// Refused.
    Declined,
}

impl Verdict {
    /// Returns the word for the verdict in a record.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::NeedsInput => "needs-input",
            Self::Declined => "declined",
        }
    }
}

/// The record of a verdict, to be signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The handoff.
    pub handoff: HandoffId,
    /// Revision of the verdict, which tells receipts of one handoff apart.
    pub revision: Revision,
    /// The answer.
    pub verdict: Verdict,
    /// The package answered.
    pub package: Digest,
    /// The contract it was answered under.
    pub contract: Digest,
    /// The scorecard it was answered on.
    pub scorecard: Digest,
    /// Who answered.
    pub by: Stamp,
    /// When.
    pub at: Instant,
    /// What is missing, for `needs-input`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<Unmet>,
    /// Why, for `declined`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// An exception to one clause for this handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Id.
    pub id: Id,
    /// Clause it excuses.
    pub clause: Id,
    /// Why.
    pub reason: String,
    /// Who answers for the exception.
    pub owner: Principal,
    /// Who approved it.
    pub approver: Stamp,
    /// First instant at which it no longer counts.
    pub expires: Instant,
}

/// What a timer is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "kebab-case", deny_unknown_fields)]
pub enum TimerKind {
    /// The receiver has to acknowledge.
    Acknowledge,
    /// A verdict is due.
    Verdict,
    /// The work has to be complete.
    Complete,
    /// A gate expires.
    Gate {
        /// The gate.
        gate: Id,
    },
    /// A step is tried again.
    Retry {
        /// The step.
        step: Step,
    },
    /// Nothing has moved: the next rung of the escalation ladder.
    Rung {
        /// Its place on the ladder, from 0.
        rung: u64,
    },
}

/// A durable timer. It never fires early, and fires once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timer {
    /// Its number: the revision at which it was set.
    pub number: Revision,
    /// What it is for.
    pub kind: TimerKind,
    /// When it is due.
    pub due: Instant,
    /// What it was counted in, where that was business time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted_in: Option<CountedIn>,
}

/// The calendar an instant was counted in, and the time zone database that placed its hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedIn {
    /// The calendar.
    pub calendar: Id,
    /// Version of the time zone database.
    pub tzdb: String,
}

/// Something a party is told, once per id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// The same for every delivery of it: handoff, `.` and revision.
    pub id: String,
    /// State the handoff came to, or `reminder`.
    pub about: String,
    /// Roles and teams told.
    pub to: Vec<Id>,
    /// Whose turn it is now, when it is anyone's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<Id>,
}

/// Why a handoff is blocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "kebab-case", deny_unknown_fields)]
pub enum IncidentCause {
    /// Somebody stopped it.
    Asked {
        /// Why.
        reason: String,
    },
    /// Time ran out.
    Overdue {
        /// What was due.
        timer: TimerKind,
    },
    /// A step failed for the last time.
    AttemptsSpent {
        /// The step.
        step: Step,
        /// How often it was tried.
        attempts: u32,
        /// What was seen last.
        why: String,
    },
    /// No clause of the contract applied.
    NothingChecked,
    /// The posture of accepted work turned critical, and the contract does not roll back on that.
    CriticalPosture,
    /// It had to be rolled back, and there is no baseline to return to.
    NoBaseline {
        /// Why it had to be.
        wanted: RollbackCause,
    },
    /// What was recorded does not come out again.
    Diverged {
        /// What was recorded.
        recorded: Digest,
        /// What came out.
        replayed: Digest,
    },
    /// The package was sent back more often than the contract's budget allows.
    SubmissionsSpent {
        /// How often it was submitted.
        submissions: u64,
    },
    /// An effect could not be undone.
    EffectStands {
        /// The effect.
        effect: Id,
        /// How often its compensation failed; never, where it has none.
        attempts: u32,
        /// What was seen last.
        why: String,
    },
}

impl IncidentCause {
    /// Returns the word for the cause in a record.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Asked { .. } => "asked",
            Self::Overdue { .. } => "overdue",
            Self::AttemptsSpent { .. } => "attempts-spent",
            Self::NothingChecked => "nothing-checked",
            Self::CriticalPosture => "critical-posture",
            Self::NoBaseline { .. } => "no-baseline",
            Self::Diverged { .. } => "diverged",
            Self::SubmissionsSpent { .. } => "submissions-spent",
            Self::EffectStands { .. } => "effect-stands",
        }
    }
}

/// One entry of the trace that an incident rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentEntry {
    /// Revision of the entry.
    pub revision: Revision,
    /// What it records.
    pub change: String,
}

/// What oversight receives when a handoff is blocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// The handoff.
    pub handoff: HandoffId,
    /// Why it is blocked.
    pub why: IncidentCause,
    /// Role or team that has to act.
    pub owner: Id,
    /// State it was in.
    pub state: String,
    /// Package it is about, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<Digest>,
    /// What keeps it from going on, as far as the last check knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<Unmet>,
    /// Entries of the trace it rests on, oldest first.
    pub entries: Vec<IncidentEntry>,
}

/// Why a work item returns to its baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "kebab-case", deny_unknown_fields)]
pub enum RollbackCause {
    /// Somebody asked for it.
    Asked {
        /// Why.
        reason: String,
    },
    /// The posture became critical.
    CriticalPosture,
    /// Too many attempts failed.
    RepeatedFailures {
        /// How many.
        failures: u32,
    },
    /// Time ran out.
    Overdue {
        /// What was due.
        timer: TimerKind,
    },
}

/// What a follow-up is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FollowUpKind {
    /// A clause that was not met and did not stop the handoff.
    UnresolvedRisk,
    /// A clause that only warns for now.
    PendingClause,
    /// A waiver to be made unnecessary before it expires.
    WaiverDebt,
}

/// A task left over for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// The same however often it is queued: handoff, kind and subject.
    pub id: String,
    /// What it is about.
    pub kind: FollowUpKind,
    /// The clause.
    pub subject: Id,
    /// Role that has to act.
    pub owner: Id,
    /// By when, when there is a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Instant>,
}
