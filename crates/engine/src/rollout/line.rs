//! The line of a contract: its rollouts in their order, each start and each end a numbered place.
//!
//! It says in two reads which rollout counts and what stands, and lets only one rollout of a contract be under way: whoever starts
//! or ends one at the same time finds the place taken and decides anew.

use baton_evidence::canonical;
use baton_mission::rollout::{Event, Rollout};
use baton_terms::{Digest, Id, Instant};
use serde::{Deserialize, Serialize};

use super::Fault;
use crate::handoff::{Desk, Failure, Tip};
use crate::port::{Request, StoreError};

/// The format of a move.
const FORMAT: &str = "rollout-move/v1";

/// How a rollout stands in the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Standing {
    /// Under way.
    Live,
    /// Over: the new version stands.
    Promoted,
    /// Over: the stable version stands.
    RolledBack,
}

/// One start or end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Move {
    baton: String,
    /// The rollout.
    pub(super) rollout: Id,
    /// How it stands from then on.
    pub(super) standing: Standing,
    /// The version it rolls back to.
    pub(super) stable: Digest,
    /// The version it exposes.
    pub(super) canary: Digest,
    /// Until when handoffs of what it promoted are looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) watched_until: Option<Instant>,
}

/// The line of a contract, as far as its last move.
pub(super) struct Line {
    name: String,
    tip: Tip,
    last: Option<Move>,
}

impl Line {
    /// Reads the line of a contract.
    pub(super) fn read(desk: &Desk<'_>, contract: &Id) -> Result<Self, Failure> {
        let name = format!("rollout-line/{contract}");
        let tip = desk.hints.tip(desk.store(), &name)?;
        let last = match tip.number {
            0 => None,
            number => Some(serde_json::from_slice(&tip.says).map_err(|error| {
                let why = format!("move {number} of `{name}`: {error}");
                Failure::Store(StoreError::Damaged { why })
            })?),
        };
        Ok(Self { name, tip, last })
    }

    /// Returns the last move, if there was one.
    pub(super) fn tip(&self) -> Option<&Move> {
        self.last.as_ref()
    }

    /// Returns the move that an event makes which leaves a rollout as `after`, where it makes one.
    pub(super) fn claim(&self, after: &Rollout, event: &Event) -> Result<Option<Request>, Failure> {
        let standing = match event {
            Event::Started { .. } => Standing::Live,
            Event::Promoted { .. } => Standing::Promoted,
            Event::RolledBack { .. } => Standing::RolledBack,
            _ => return Ok(None),
        };
        let (rollout, versions) = (&after.plan.id, &after.plan.versions);
        let other = self.last.as_ref().filter(|last| match standing {
            Standing::Live => last.standing == Standing::Live,
            Standing::Promoted | Standing::RolledBack => last.rollout != *rollout,
        });
        if let Some(other) = other {
            return Err(Fault::OtherRollout {
                contract: versions.contract.clone(),
                rollout: rollout.clone(),
                other: other.rollout.clone(),
            }
            .into());
        }
        let made = Move {
            baton: FORMAT.to_owned(),
            rollout: rollout.clone(),
            standing,
            stable: versions.stable,
            canary: versions.canary,
            watched_until: after.watched().map(|(_, until)| until),
        };
        let answer = canonical::of(&made).map_err(|error| Failure::Unrecordable {
            why: error.to_string(),
        })?;
        Ok(Some(Request {
            key: self.tip.next_key(&self.name),
            digest: Digest::of(&answer),
            answer,
        }))
    }
}
