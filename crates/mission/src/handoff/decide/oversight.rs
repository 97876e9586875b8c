//! Escalation and quarantine.

use super::batch::Batch;
use super::{forbidden, text};
use crate::authority;
use crate::handoff::refusal::Refusal;
use crate::handoff::wire::{Change, Divergence, IncidentCause};

pub(super) fn escalate_asked(batch: &mut Batch<'_>, reason: &str) -> Result<(), Refusal> {
    as_oversight(batch, reason)?;
    let reason = reason.to_owned();
    escalate(batch, IncidentCause::Asked { reason })
}

/// Checks that whoever asks runs oversight and says why.
pub(super) fn as_oversight(batch: &Batch<'_>, reason: &str) -> Result<(), Refusal> {
    text::reason(reason)?;
    forbidden(batch, authority::as_operator(batch.facts().actor))
}

/// Parks the handoff; oversight is told why.
pub(super) fn escalate(batch: &mut Batch<'_>, why: IncidentCause) -> Result<(), Refusal> {
    let incident = batch.incident(why);
    batch.push(Change::Escalated { incident })
}

pub(super) fn resume(batch: &mut Batch<'_>, reason: &str) -> Result<(), Refusal> {
    as_oversight(batch, reason)?;
    batch.push(Change::Resumed {
        reason: reason.to_owned(),
    })
}

pub(super) fn quarantine(batch: &mut Batch<'_>, found: &Divergence) -> Result<(), Refusal> {
    forbidden(batch, authority::as_engine(batch.facts().actor))?;
    if found.recorded == found.replayed {
        return Err(Refusal::UnfitFact {
            fact: "divergence",
            why: "both digests are the same".to_owned(),
        });
    }
    let incident = batch.incident(IncidentCause::Diverged {
        recorded: found.recorded,
        replayed: found.replayed,
    });
    batch.push(Change::Quarantined { incident })
}

pub(super) fn release(batch: &mut Batch<'_>, reason: &str) -> Result<(), Refusal> {
    as_oversight(batch, reason)?;
    batch.push(Change::Released {
        reason: reason.to_owned(),
    })
}
