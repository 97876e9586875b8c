//! The state of a handoff: what its events add up to. Every phase carries exactly what it has.

use std::collections::{BTreeMap, BTreeSet};

use baton_terms::{Digest, Id, Instant};
use serde::Serialize;

use super::baseline::{Baseline, Slot};
use super::check::CheckSummary;
use super::gates::Assignment;
use super::package::PackageFacts;
use super::terms::Pin;
use super::wire::{
    Approval, Asked, Incident, IncidentEntry, Receipt, Rejection, Step, Timer, TimerKind, Unmet,
    Waiver,
};
use crate::authority::Stamp;
use crate::clock::{Holder, Pass, Pins};
use crate::compensation::{Effect, Undone, Unwinding};
use crate::names::{HandoffId, Key, Principal, Revision};

/// One transfer of a work item, as its events made it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Handoff {
    // INVARIANT: changed by `apply` alone, one event at a time.
    pub(super) id: Option<HandoffId>,
    pub(super) revision: Revision,
    pub(super) phase: Phase,
    pub(super) answers: BTreeMap<Principal, BTreeMap<Key, Answer>>,
    pub(super) timers: Vec<Timer>,
    pub(super) lapsed: BTreeSet<TimerKind>,
    pub(super) passes: Vec<Pass>,
    pub(super) last_at: Option<Instant>,
    pub(super) moved_at: Option<Instant>,
    pub(super) clocks_from: Option<Instant>,
    pub(super) waivers: Vec<Waiver>,
    pub(super) attempts: BTreeMap<Step, u32>,
    pub(super) failures: u32,
    pub(super) retries: BTreeMap<Step, Instant>,
    pub(super) effects: Vec<Effect>,
    pub(super) pins: Pins,
    pub(super) entries: Vec<IncidentEntry>,
}

/// What a request led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Digest of the request.
    pub request: Digest,
    /// Revision it led to.
    pub revision: Revision,
}

/// Where a handoff is in its life.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub enum Phase {
    /// Nothing has been recorded.
    #[default]
    Unopened,
    /// Opened; the sender prepares a package.
    Drafted(Draft),
    /// A package was submitted and waits for its check.
    Submitted(Box<Dossier>),
    /// Checked, and nothing keeps it from being offered but open gates, if there are any.
    Checked(Box<Dossier>),
    /// Approvers decide.
    Gated(Box<Dossier>),
    /// The receiver decides.
    Offered(Box<Offer>),
    /// The receiver has taken over.
    Accepted(Box<Acceptance>),
    /// The work is done.
    Completed(Box<Acceptance>),
    /// The sender has to add something.
    NeedsInput(Box<Returned>),
    /// The receiver refused; the sender may submit another package.
    Declined(Box<Returned>),
    /// Shut away: determinism or integrity is broken.
    Quarantined(Box<Parked>),
    /// Blocked, with an owner.
    Escalated(Box<Parked>),
    /// The work item is back at its baseline, and effects are being undone.
    RollingBack(Box<Undoing>),
    /// An effect could not be undone.
    RollbackBlocked(Box<Blocked>),
    /// The work item is back at its baseline, and no effect is left that nobody answers for.
    RolledBack(Box<Closing>),
    /// The sender took it back.
    Withdrawn(Box<Closing>),
    /// Time ran out.
    Expired(Box<Closing>),
}

/// What is known before the first package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// The work item and contract.
    pub slot: Slot,
    /// Who opened it.
    pub by: Stamp,
    /// An earlier handoff that this one takes up again.
    pub reopens: Option<HandoffId>,
}

/// Everything gathered about a submitted package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dossier {
    /// What it started from.
    pub draft: Draft,
    /// Contract and semantics.
    pub pin: Pin,
    /// The current package.
    pub package: PackageFacts,
    /// Everyone who submitted a package, the last one last.
    pub senders: Vec<Stamp>,
    /// How often a package was submitted.
    pub submissions: u64,
    /// The last check, which may be of an earlier package while one is submitted.
    pub check: Option<CheckSummary>,
    /// Gates that need a decision, and since when.
    pub open_gates: BTreeMap<Id, Instant>,
    /// Approvals that count, oldest first.
    pub approvals: Vec<Approval>,
    /// Refusals of the current package.
    pub rejections: Vec<Rejection>,
    /// Which approval counts for which gate, once all gates have their quorum.
    pub assignment: Option<Assignment>,
}

/// An offer to a receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// What is offered.
    pub dossier: Dossier,
    /// Team it is offered to.
    pub team: Id,
    /// Since when.
    pub since: Instant,
    /// When the receiver has seen it.
    pub acknowledged: Option<Instant>,
}

/// Work that was taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Acceptance {
    /// The offer accepted.
    pub offer: Offer,
    /// The receipt.
    pub receipt: Receipt,
    /// The baseline it became.
    pub baseline: Baseline,
    /// The baseline it followed.
    pub follows: Option<Baseline>,
    /// Digest of what was made of it.
    pub outputs: Option<Digest>,
}

/// A package that went back to its sender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Returned {
    /// What was sent back.
    pub dossier: Dossier,
    /// Who sent it back.
    pub asked: Asked,
    /// What is missing.
    pub unmet: Vec<Unmet>,
    /// The receipt, when the receiver did.
    pub receipt: Option<Receipt>,
}

/// A handoff that waits for oversight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parked {
    /// Where it was.
    pub from: Phase,
    /// What oversight received.
    pub incident: Incident,
}

/// A handoff that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Closing {
    /// Where it was.
    pub from: Phase,
    /// The baseline it returned to, when it was rolled back.
    pub to: Option<Baseline>,
    /// Effects that were undone, or left in place by somebody, in the order in which they were settled.
    pub undone: Vec<Undone>,
}

/// A rollback whose effects are being undone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undoing {
    /// Where the handoff was.
    pub from: Phase,
    /// The baseline it returned to.
    pub to: Baseline,
    /// What is undone and what is left.
    pub unwinding: Unwinding,
}

/// A rollback that waits for oversight: an effect still stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Blocked {
    /// The rollback.
    pub undoing: Undoing,
    /// What oversight received.
    pub incident: Incident,
}

macro_rules! state_names {
    ($($(#[$meta:meta])* $name:ident = $word:literal,)+) => {
        /// The name of a phase.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum StateName {
            $($(#[$meta])* $name,)+
        }

        impl StateName {
            /// Every name.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Returns the word people read.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }
        }
    };
}

state_names! {
    /// Nothing has been recorded.
    Unopened = "unopened",
    /// A package is prepared.
    Drafted = "drafted",
    /// A package waits for its check.
    Submitted = "submitted",
    /// It may be offered once its gates let it.
    Checked = "checked",
    /// Approvers decide.
    Gated = "gated",
    /// The receiver decides.
    Offered = "offered",
    /// Taken over.
    Accepted = "accepted",
    /// Done.
    Completed = "completed",
    /// The sender has to add something.
    NeedsInput = "needs-input",
    /// The receiver refused.
    Declined = "declined",
    /// Shut away.
    Quarantined = "quarantined",
    /// Blocked, with an owner.
    Escalated = "escalated",
    /// Back at the baseline; effects are being undone.
    RollingBack = "rolling-back",
    /// Back at the baseline; an effect could not be undone.
    RollbackBlocked = "rollback-blocked",
    /// Back at the baseline.
    RolledBack = "rolled-back",
    /// Taken back.
    Withdrawn = "withdrawn",
    /// Out of time.
    Expired = "expired",
}

impl StateName {
    /// Returns whether nothing follows by itself and nothing but a rollback can.
    pub const fn is_terminal(self) -> bool {
        matches!(
            self,
            Self::Completed | Self::RolledBack | Self::Withdrawn | Self::Expired
        )
    }

    /// Returns whether somebody has to be told on coming here: it is someone's turn, or it is over.
    pub const fn is_told(self) -> bool {
        !matches!(
            self,
            Self::Unopened | Self::Drafted | Self::Submitted | Self::Checked
        )
    }
}

impl std::fmt::Display for StateName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

impl Phase {
    /// Returns its name.
    pub const fn name(&self) -> StateName {
        match self {
            Self::Unopened => StateName::Unopened,
            Self::Drafted(_) => StateName::Drafted,
            Self::Submitted(_) => StateName::Submitted,
            Self::Checked(_) => StateName::Checked,
            Self::Gated(_) => StateName::Gated,
            Self::Offered(_) => StateName::Offered,
            Self::Accepted(_) => StateName::Accepted,
            Self::Completed(_) => StateName::Completed,
            Self::NeedsInput(_) => StateName::NeedsInput,
            Self::Declined(_) => StateName::Declined,
            Self::Quarantined(_) => StateName::Quarantined,
            Self::Escalated(_) => StateName::Escalated,
            Self::RollingBack(_) => StateName::RollingBack,
            Self::RollbackBlocked(_) => StateName::RollbackBlocked,
            Self::RolledBack(_) => StateName::RolledBack,
            Self::Withdrawn(_) => StateName::Withdrawn,
            Self::Expired(_) => StateName::Expired,
        }
    }

    /// Returns what was gathered about the package, once there is one.
    pub fn dossier(&self) -> Option<&Dossier> {
        match self {
            Self::Unopened | Self::Drafted(_) => None,
            Self::Submitted(dossier) | Self::Checked(dossier) | Self::Gated(dossier) => {
                Some(dossier)
            }
            Self::Offered(offer) => Some(&offer.dossier),
            Self::Accepted(acceptance) | Self::Completed(acceptance) => {
                Some(&acceptance.offer.dossier)
            }
            Self::NeedsInput(returned) | Self::Declined(returned) => Some(&returned.dossier),
            Self::Quarantined(parked) | Self::Escalated(parked) => parked.from.dossier(),
            Self::RollingBack(undoing) => undoing.from.dossier(),
            Self::RollbackBlocked(blocked) => blocked.undoing.from.dossier(),
            Self::RolledBack(closing) | Self::Withdrawn(closing) | Self::Expired(closing) => {
                closing.from.dossier()
            }
        }
    }

    pub(super) fn dossier_mut(&mut self) -> Option<&mut Dossier> {
        match self {
            Self::Submitted(dossier) | Self::Checked(dossier) | Self::Gated(dossier) => {
                Some(dossier)
            }
            Self::Offered(offer) => Some(&mut offer.dossier),
            Self::Accepted(acceptance) => Some(&mut acceptance.offer.dossier),
            _ => None,
        }
    }

    /// Returns the draft, once there is one.
    pub fn draft(&self) -> Option<&Draft> {
        match self {
            Self::Drafted(draft) => Some(draft),
            Self::Withdrawn(closing) | Self::Expired(closing) | Self::RolledBack(closing) => {
                closing.from.draft()
            }
            _ => self.dossier().map(|dossier| &dossier.draft),
        }
    }

    /// Returns the offer, where there is one.
    pub fn offer(&self) -> Option<&Offer> {
        match self {
            Self::Offered(offer) => Some(offer),
            Self::Quarantined(parked) | Self::Escalated(parked) => parked.from.offer(),
            Self::RollingBack(undoing) => undoing.from.offer(),
            Self::RollbackBlocked(blocked) => blocked.undoing.from.offer(),
            Self::RolledBack(closing) | Self::Withdrawn(closing) | Self::Expired(closing) => {
                closing.from.offer()
            }
            _ => self.acceptance().map(|acceptance| &acceptance.offer),
        }
    }

    /// Returns the acceptance, where there was one.
    pub fn acceptance(&self) -> Option<&Acceptance> {
        match self {
            Self::Accepted(acceptance) | Self::Completed(acceptance) => Some(acceptance),
            Self::Quarantined(parked) | Self::Escalated(parked) => parked.from.acceptance(),
            Self::RollingBack(undoing) => undoing.from.acceptance(),
            Self::RollbackBlocked(blocked) => blocked.undoing.from.acceptance(),
            Self::RolledBack(closing) | Self::Withdrawn(closing) | Self::Expired(closing) => {
                closing.from.acceptance()
            }
            _ => None,
        }
    }

    /// Returns the rollback whose effects are not all settled.
    pub fn undoing(&self) -> Option<&Undoing> {
        match self {
            Self::RollingBack(undoing) => Some(undoing),
            Self::RollbackBlocked(blocked) => Some(&blocked.undoing),
            _ => None,
        }
    }

    /// Returns who has to act.
    pub const fn holder(&self) -> Holder {
        match self {
            Self::Drafted(_) | Self::NeedsInput(_) | Self::Declined(_) => Holder::Sender,
            Self::Offered(_) | Self::Accepted(_) => Holder::Receiver,
            _ => Holder::Neither,
        }
    }
}

impl Handoff {
    /// Returns its id, once it was opened.
    pub fn id(&self) -> Option<&HandoffId> {
        self.id.as_ref()
    }

    /// Returns how many events it has.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// Returns where it is in its life.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Returns the name of its phase.
    pub fn state(&self) -> StateName {
        self.phase.name()
    }

    /// Returns what a request by this principal under this key led to.
    pub fn answer(&self, principal: &Principal, key: &Key) -> Option<Answer> {
        self.answers.get(principal)?.get(key).copied()
    }

    /// Returns the timers that are set.
    pub fn timers(&self) -> &[Timer] {
        &self.timers
    }

    /// Returns the waivers recorded on it.
    pub fn waivers(&self) -> &[Waiver] {
        &self.waivers
    }

    /// Returns the effects that were performed, oldest first.
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// Returns the time zone database that each calendar last answered with.
    pub fn pins(&self) -> &Pins {
        &self.pins
    }

    /// Returns who held the ball, oldest pass first.
    pub fn passes(&self) -> &[Pass] {
        &self.passes
    }

    /// Returns the time of its last event.
    pub fn last_at(&self) -> Option<Instant> {
        self.last_at
    }

    /// Returns how often a step was tried and failed since it last went well.
    pub fn failed_attempts(&self, step: Step) -> u32 {
        self.attempts.get(&step).copied().unwrap_or(0)
    }
}
