//! Commands: what somebody asks of a handoff. Format `handoff-command/v1`.
//!
//! A command names no actor and no time: both come from whoever checked the credential.

use baton_terms::{Digest, Id, Instant};
use serde::{Deserialize, Serialize};

use super::value::Unmet;
use crate::names::{HandoffId, Key, Principal, Revision};

/// The one command format this crate reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum CommandFormat {
    /// `handoff-command/v1`.
    #[default]
    #[serde(rename = "handoff-command/v1")]
    V1,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// Always `handoff-command/v1`.
    pub baton: CommandFormat,
    /// The handoff.
    pub handoff: HandoffId,
    /// The request's own key.
    pub key: Key,
    /// The revision it was made for.
    pub expects: Revision,
    /// What is asked.
    pub ask: Ask,
}

/// A step that an effect carries out and that may fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Fetching and verifying evidence.
    Evidence,
    /// Delivering to the receiver.
    Delivery,
    /// Telling somebody.
    Notification,
    /// Undoing an effect.
    Compensation,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case", deny_unknown_fields)]
pub enum AttemptOutcome {
    /// Done.
    Done,
    /// Failed in a way that may pass.
    Transient {
        /// What was seen.
        why: String,
    },
    /// Failed in a way that will not pass.
    Lasting {
        /// What was seen.
        why: String,
    },
}

/// Two digests that should have been one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Divergence {
    /// What was recorded.
    pub recorded: Digest,
    /// What came out again.
    pub replayed: Digest,
}

macro_rules! asks {
    ($($(#[$meta:meta])* $name:ident = $word:literal { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* })+) => {
        /// What is asked of a handoff.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
        pub enum Ask {
            $($(#[$meta])* $name { $($(#[$field_meta])* $field: $type,)* },)+
        }

        /// The name of what is asked.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AskName {
            $($(#[$meta])* $name,)+
        }

        impl AskName {
            /// Every name, in the order of a handoff's life.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Returns the word people read.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }
        }

        impl Ask {
            /// Returns its name.
            pub const fn name(&self) -> AskName {
                match self { $(Self::$name { .. } => AskName::$name,)+ }
            }
        }
    };
}

asks! {
    /// Starts a handoff.
    Open = "open" {
        /// The work item handed over.
        work_item: String,
        /// Name of the contract.
        contract: Id,
        /// An earlier handoff that this one takes up again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reopens: Option<HandoffId>,
    }
    /// Submits a package, again where it was sent back.
    Submit = "submit" {
        /// Digest of the package.
        package: Digest,
    }
    /// Records what a check found.
    Check = "check" {
        /// Digest of the scorecard.
        scorecard: Digest,
    }
    /// Approves the package at gates; counts for one of them.
    Approve = "approve" {
        /// The gates the approver is ready to answer for.
        gates: Vec<Id>,
        /// The package seen.
        package: Digest,
        /// Why.
        reason: String,
    }
    /// Refuses the package at a gate.
    Reject = "reject" {
        /// The gate.
        gate: Id,
        /// The package seen.
        package: Digest,
        /// Why.
        reason: String,
    }
    /// Offers the package to a team.
    Offer = "offer" {
        /// The team.
        team: Id,
        /// Why this one.
        reason: String,
    }
    /// Says that the offer was seen.
    Acknowledge = "acknowledge" {}
    /// Takes the work over.
    Accept = "accept" {
        /// The package accepted.
        package: Digest,
    }
    /// Sends the package back with what is missing.
    NeedInput = "needs-input" {
        /// The package seen.
        package: Digest,
        /// What is missing.
        unmet: Vec<Unmet>,
    }
    /// Refuses the work.
    Decline = "decline" {
        /// The package seen.
        package: Digest,
        /// Why.
        reason: String,
    }
    /// Says that the work is done.
    Complete = "complete" {
        /// Digest of what was made of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outputs: Option<Digest>,
    }
    /// Takes the handoff back for good.
    Withdraw = "withdraw" {
        /// Why.
        reason: String,
    }
    /// Offers the same package to another team.
    Reassign = "reassign" {
        /// The team.
        team: Id,
        /// Why.
        reason: String,
    }
    /// Excuses one clause for this handoff.
    Waive = "waive" {
        /// Id of the waiver.
        waiver: Id,
        /// The clause.
        clause: Id,
        /// Why.
        reason: String,
        /// Who answers for the exception.
        owner: Principal,
        /// First instant at which it no longer counts.
        expires: Instant,
    }
    /// Returns the work item to its baseline.
    RollBack = "rollback" {
        /// Why.
        reason: String,
    }
    /// Parks the handoff with an owner.
    Escalate = "escalate" {
        /// Why.
        reason: String,
    }
    /// Goes on where escalation stopped.
    Resume = "resume" {
        /// Why.
        reason: String,
    }
    /// Shuts the handoff away: what was recorded does not come out again.
    Quarantine = "quarantine" {
        /// The digests that differ.
        divergence: Divergence,
    }
    /// Lets a quarantined handoff be checked anew.
    Release = "release" {
        /// Why.
        reason: String,
    }
    /// Says that a timer is due.
    Fire = "fire" {
        /// Number of the timer.
        timer: Revision,
    }
    /// Reports how an attempt at a step ended.
    Report = "report" {
        /// The step.
        step: Step,
        /// How it ended.
        result: AttemptOutcome,
        /// What undoes a delivery that went well; without it the delivery can't be undone.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        compensation: Option<Id>,
    }
    /// Reports how an attempt to undo an effect ended.
    Compensate = "compensate" {
        /// The effect.
        effect: Id,
        /// How it ended.
        result: AttemptOutcome,
    }
    /// Has the compensation that failed tried again.
    Retry = "retry" {
        /// The effect that still stands.
        effect: Id,
        /// Why.
        reason: String,
    }
    /// Leaves an effect in place that could not be undone; whoever asks answers for it.
    Leave = "leave" {
        /// The effect that still stands.
        effect: Id,
        /// Why.
        reason: String,
    }
}

impl std::fmt::Display for AskName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}
