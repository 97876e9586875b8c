//! One receiver as routing sees it, and why it may not take a handoff.

use std::collections::BTreeSet;

use baton_contract::calendar::Calendar;
use baton_terms::{Id, Instant};

use super::fairness::Load;

/// What is known of a team that may receive.
#[derive(Debug, Clone)]
pub struct Receiver<'a> {
    /// The team.
    pub team: Id,
    /// Roles it plays.
    pub roles: BTreeSet<Id>,
    /// What it can do, beside what the contract says of it.
    pub capabilities: BTreeSet<Id>,
    /// Open handoffs and capacity.
    pub load: Load,
    /// Most open handoffs it takes, where it has a limit of its own.
    pub limit: Option<u32>,
    /// Its working hours, where they are not those of the contract.
    pub hours: Option<&'a Calendar>,
}

/// A candidate that does not receive, with every reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The team.
    pub team: Id,
    /// Why, in a fixed order, never empty.
    pub reasons: Vec<Reason>,
}

/// Why a candidate does not receive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Nothing is known of the team.
    Unknown,
    /// It has no capacity at all.
    NoCapacity,
    /// It does not play the role.
    LacksRole {
        /// The role asked for.
        role: Id,
    },
    /// It cannot do what is needed.
    LacksCapabilities {
        /// What is missing, in order.
        missing: Vec<Id>,
    },
    /// One more handoff would put it over its limit.
    OverLimit {
        /// Open handoffs.
        open: u32,
        /// Its limit.
        limit: u32,
    },
    /// It is outside its working hours.
    OutsideHours {
        /// When it opens, where its calendar can say.
        opens: Option<Instant>,
    },
    /// Its calendar cannot say whether it is working time, so it counts as closed.
    HoursUnknown {
        /// What the calendar answered.
        answer: String,
    },
    /// Giving it the handoff would leave work less evenly spread than the contract allows.
    LessFair,
    /// Another candidate is ahead of it.
    NotItsTurn {
        /// The candidate that receives.
        chosen: Id,
    },
}

impl Reason {
    /// Returns whether the reason goes away by waiting.
    pub(super) fn passes_with_time(&self) -> bool {
        matches!(
            self,
            Self::OverLimit { .. } | Self::OutsideHours { .. } | Self::LessFair
        )
    }

    /// Returns whether the candidate could do the work, if not now.
    pub(super) fn is_about_the_moment(&self) -> bool {
        !matches!(
            self,
            Self::Unknown
                | Self::NoCapacity
                | Self::LacksRole { .. }
                | Self::LacksCapabilities { .. }
        )
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown => f.write_str("nothing is known of the team"),
            Self::NoCapacity => f.write_str("it has no capacity"),
            Self::LacksRole { role } => write!(f, "it does not play the role `{role}`"),
            Self::LacksCapabilities { missing } => {
                let names: Vec<String> = missing.iter().map(|id| format!("`{id}`")).collect();
                write!(f, "it cannot do {}", names.join(", "))
            }
            Self::OverLimit { open, limit } => {
                write!(f, "it has {open} open handoffs of at most {limit}")
            }
            Self::OutsideHours { opens: Some(opens) } => {
                write!(f, "it is outside its hours until {opens}")
            }
            Self::OutsideHours { opens: None } => f.write_str("it is outside its hours"),
            Self::HoursUnknown { answer } => {
                write!(f, "its working hours cannot be told: {answer}")
            }
            Self::LessFair => f.write_str("work would be spread less evenly than the floor allows"),
            Self::NotItsTurn { chosen } => write!(f, "`{chosen}` is ahead of it"),
        }
    }
}
