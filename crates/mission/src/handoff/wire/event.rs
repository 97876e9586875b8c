//! Events: what happened, with who, when and by which request. Format `handoff-event/v1`.

use baton_scoring::wire::Posture;
use baton_terms::{Digest, Id, Instant};
use serde::{Deserialize, Serialize};

use super::command::Step;
use super::value::{
    Approval, Asked, FollowUp, Incident, Notice, Receipt, Rejection, RollbackCause, Timer,
    TimerKind, Unmet, Voided, Waiver,
};
use crate::authority::Stamp;
use crate::compensation::{self, Effect};
use crate::handoff::baseline::Baseline;
use crate::handoff::check::CheckSummary;
use crate::handoff::gates::Assignment;
use crate::handoff::package::PackageFacts;
use crate::handoff::terms::Pin;
use crate::names::{HandoffId, Key, Revision};

/// The one event format this crate writes and reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum EventFormat {
    /// `handoff-event/v1`.
    #[default]
    #[serde(rename = "handoff-event/v1")]
    V1,
}

/// One thing that happened to a handoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Always `handoff-event/v1`.
    pub baton: EventFormat,
    /// The handoff.
    pub handoff: HandoffId,
    /// Revision it leads to.
    pub revision: Revision,
    /// When.
    pub at: Instant,
    /// Who asked for it.
    pub by: Stamp,
    /// Key of the request.
    pub key: Key,
    /// Digest of the request.
    pub request: Digest,
    /// What changed.
    pub change: Change,
}

macro_rules! changes {
    ($($(#[$meta:meta])* $name:ident = $word:literal { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* })+) => {
        /// What changed.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "change", deny_unknown_fields)]
        pub enum Change {
            $($(#[$meta])* #[serde(rename = $word)] $name { $($(#[$field_meta])* $field: $type,)* },)+
        }

        impl Change {
            /// Returns the word people read.
            pub const fn word(&self) -> &'static str {
                match self { $(Self::$name { .. } => $word,)+ }
            }
        }
    };
}

changes! {
    /// The handoff exists.
    Opened = "opened" {
        /// The work item handed over.
        work_item: String,
        /// Name of the contract.
        contract: Id,
        /// An earlier handoff taken up again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reopens: Option<HandoffId>,
    }
    /// A package was submitted.
    Submitted = "submitted" {
        /// Contract and semantics the handoff holds to from now on.
        pin: Pin,
        /// The package.
        package: PackageFacts,
    }
    /// The approvals of the package before were held against the new one.
    ApprovalsReviewed = "approvals-reviewed" {
        /// Those that stay.
        kept: Vec<crate::names::Principal>,
        /// Those that are void, with what changed.
        voided: Vec<Voided>,
    }
    /// A check was recorded.
    Checked = "checked" {
        /// What it found.
        check: CheckSummary,
    }
    /// The posture is another one than at the check before.
    PostureMoved = "posture-moved" {
        /// Posture before.
        from: Posture,
        /// Posture now.
        to: Posture,
        /// Clauses and gates whose state differs.
        causes: Vec<Id>,
    }
    /// Approvals are needed.
    GatesOpened = "gates-opened" {
        /// The gates.
        gates: Vec<Id>,
    }
    /// Somebody approved.
    Approved = "approved" {
        /// The approval.
        approval: Approval,
    }
    /// Somebody refused.
    Rejected = "rejected" {
        /// The refusal.
        rejection: Rejection,
    }
    /// Every gate has its quorum.
    GatesPassed = "gates-passed" {
        /// Which approval counts for which gate.
        assignment: Assignment,
    }
    /// A team was offered the work.
    Offered = "offered" {
        /// The team.
        team: Id,
        /// Why this one.
        reason: String,
    }
    /// The receiver has seen the offer.
    Acknowledged = "acknowledged" {}
    /// The receiver took over.
    Accepted = "accepted" {
        /// The receipt.
        receipt: Receipt,
        /// The baseline it becomes.
        baseline: Baseline,
        /// The baseline it follows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        follows: Option<Baseline>,
    }
    /// The package went back with what is missing.
    InputNeeded = "input-needed" {
        /// Who sent it back.
        asked: Asked,
        /// What is missing.
        unmet: Vec<Unmet>,
        /// The receipt, when the receiver did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<Receipt>,
    }
    /// The receiver refused.
    Declined = "declined" {
        /// The receipt.
        receipt: Receipt,
    }
    /// The work is done.
    Completed = "completed" {
        /// Digest of what was made of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outputs: Option<Digest>,
    }
    /// The sender took it back.
    Withdrawn = "withdrawn" {
        /// Why.
        reason: String,
    }
    /// Another team was offered the work.
    Reassigned = "reassigned" {
        /// The team.
        team: Id,
        /// Why.
        reason: String,
    }
    /// A clause was excused.
    Waived = "waived" {
        /// The waiver.
        waiver: Waiver,
    }
    /// Time ran out, and the contract says that ends it.
    Expired = "expired" {
        /// What was due.
        timer: TimerKind,
    }
    /// The handoff is blocked and has an owner.
    Escalated = "escalated" {
        /// What oversight receives.
        incident: Incident,
    }
    /// The handoff is shut away.
    Quarantined = "quarantined" {
        /// What oversight receives.
        incident: Incident,
    }
    /// It goes on where it was.
    Resumed = "resumed" {
        /// Why.
        reason: String,
    }
    /// It may be checked anew.
    Released = "released" {
        /// Why.
        reason: String,
    }
    /// The work item is back at its baseline; the effects of the handoff are undone next.
    RolledBack = "rolled-back" {
        /// Why.
        why: RollbackCause,
        /// Where it landed.
        to: Baseline,
        /// Effects to undo, the last one first.
        undo: Vec<Effect>,
    }
    /// The undoing of an effect went on or failed.
    Unwound = "unwound" {
        /// What happened.
        event: compensation::Event,
        /// Why it is tried again, where it is.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    }
    /// An effect can't be undone as things are; oversight decides.
    RollbackBlocked = "rollback-blocked" {
        /// What oversight receives.
        incident: Incident,
    }
    /// An attempt at a step failed.
    AttemptFailed = "attempt-failed" {
        /// The step.
        step: Step,
        /// Which attempt, from 1.
        attempt: u32,
        /// What was seen.
        why: String,
        /// When the next one may start; the last has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<Instant>,
    }
    /// A step was carried out.
    AttemptDone = "attempt-done" {
        /// The step.
        step: Step,
        /// What it did to the world, where it did something: a delivery.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        effect: Option<Effect>,
    }
    /// Nothing moved for long: somebody further up was told.
    RungReached = "rung-reached" {
        /// Its place on the ladder, from 0.
        rung: u64,
        /// Role told.
        role: Id,
    }
    /// A timer was set.
    TimerSet = "timer-set" {
        /// The timer.
        timer: Timer,
    }
    /// A timer is no longer needed.
    TimerCleared = "timer-cleared" {
        /// Its number.
        number: Revision,
    }
    /// A timer was due.
    TimerFired = "timer-fired" {
        /// Its number.
        number: Revision,
    }
    /// A task is left over.
    FollowUpQueued = "follow-up-queued" {
        /// The task.
        follow_up: FollowUp,
    }
    /// Somebody is told.
    Noticed = "noticed" {
        /// What.
        notice: Notice,
    }
}
