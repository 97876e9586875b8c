//! Baselines: the last package of a work item that was fully accepted, which a rollback returns to.

use baton_terms::{Digest, Id};
use serde::{Deserialize, Serialize};

use crate::names::HandoffId;

/// What baselines follow each other in: one work item under one contract.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// Work item.
    pub work_item: String,
    /// Name of the contract.
    pub contract: Id,
}

/// One accepted package. Only an acceptance makes one, so that a rollback lands on nothing else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Where it belongs.
    pub slot: Slot,
    /// Its place among the baselines of the slot, from 1; a store keeps each place once.
    pub number: u64,
    /// The handoff that was accepted.
    pub handoff: HandoffId,
    /// The package accepted.
    pub package: Digest,
}
