//! What stands in a baseline slot, and which moves were made in it.
//!
//! Every acceptance and every rollback is the next move of its slot, so that two of them never rest on the same one.

use baton_evidence::canonical;
use baton_mission::handoff::{Baseline, Change, Event, Slot};
use baton_mission::names::HandoffId;
use baton_terms::Digest;
use serde::{Deserialize, Serialize};

use super::entry;
use super::failure::Failure;
use super::numbered::{Hints, Tip};
use crate::port::{Ledger, Request, StoreError};

/// The format of a move.
const FORMAT: &str = "slot-move/v1";

/// A slot after its last move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    name: String,
    tip: Tip,
    /// What stands, if anything does.
    pub(super) baseline: Option<Baseline>,
    /// The highest place ever taken.
    pub(super) places_taken: u64,
}

/// One move, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    baton: String,
    handoff: HandoffId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stands: Option<Baseline>,
    places_taken: u64,
}

impl Standing {
    /// Reads a slot.
    pub(super) fn read(
        hints: &Hints,
        store: &(impl Ledger + ?Sized),
        slot: &Slot,
    ) -> Result<Self, Failure> {
        let unrecordable = |why: String| Failure::Unrecordable { why };
        let bytes = canonical::of(slot).map_err(|error| unrecordable(error.to_string()))?;
        let name = format!("slot/{}", Digest::of(&bytes).hex());
        let tip = hints.tip(store, &name)?;
        if tip.number == 0 {
            return Ok(Self {
                name,
                tip,
                baseline: None,
                places_taken: 0,
            });
        }
        let last: Move = serde_json::from_slice(&tip.says).map_err(|error| {
            let why = format!("move {} of `{name}`: {error}", tip.number);
            Failure::Store(StoreError::Damaged { why })
        })?;
        Ok(Self {
            name,
            tip,
            baseline: last.stands,
            places_taken: last.places_taken,
        })
    }

    /// Returns the move that events make, where they make one.
    pub(super) fn claim(&self, events: &[Event]) -> Result<Option<Request>, Failure> {
        let mut made = None;
        for event in events {
            let (stands, places_taken) = match &event.change {
                Change::Accepted { baseline, .. } => (baseline, baseline.number),
                Change::RolledBack { to, .. } => (to, self.places_taken),
                _ => continue,
            };
            made = Some(Move {
                baton: FORMAT.to_owned(),
                handoff: event.handoff.clone(),
                stands: Some(stands.clone()),
                places_taken: places_taken.max(self.places_taken),
            });
        }
        let request = |made: Move| {
            let answer = entry::document(&made)?.bytes;
            Ok(Request {
                key: self.tip.next_key(&self.name),
                digest: digest_of(events),
                answer,
            })
        };
        made.map(request).transpose()
    }
}

/// Returns a digest that only this decision has.
pub(super) fn digest_of(events: &[Event]) -> Digest {
    let words: Vec<String> = events
        .iter()
        .map(|event| {
            let by = &event.by.principal;
            format!(
                "{}\n{}\n{by}\n{}",
                event.handoff, event.revision, event.request
            )
        })
        .collect();
    Digest::of(words.join("\n").as_bytes())
}
