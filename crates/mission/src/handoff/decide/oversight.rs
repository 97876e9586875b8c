//! Escalation, rollback and quarantine.

use baton_contract::model::RollbackTrigger;

use super::batch::Batch;
use super::{forbidden, text};
use crate::authority;
use crate::handoff::baseline::Baseline;
use crate::handoff::refusal::Refusal;
use crate::handoff::wire::{Change, Divergence, IncidentCause, RollbackCause};

pub(super) fn escalate_asked(batch: &mut Batch<'_>, reason: &str) -> Result<(), Refusal> {
    as_oversight(batch, reason)?;
    let reason = reason.to_owned();
    escalate(batch, IncidentCause::Asked { reason })
}

fn as_oversight(batch: &Batch<'_>, reason: &str) -> Result<(), Refusal> {
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

pub(super) fn roll_back_asked(batch: &mut Batch<'_>, reason: &str) -> Result<(), Refusal> {
    as_oversight(batch, reason)?;
    let to = target(batch)?;
    let reason = reason.to_owned();
    roll_back(batch, RollbackCause::Asked { reason }, to)
}

/// Returns whether the contract rolls back on a trigger.
pub(super) fn rolls_back_on(batch: &Batch<'_>, trigger: RollbackTrigger) -> bool {
    let rollback = batch.terms().rollback();
    rollback.is_some_and(|rollback| rollback.on.contains(&trigger))
}

/// Rolls back, or escalates where there is no baseline to return to.
pub(super) fn roll_back_or_escalate(
    batch: &mut Batch<'_>,
    why: RollbackCause,
) -> Result<(), Refusal> {
    match target(batch) {
        Ok(to) => roll_back(batch, why, to),
        Err(_) => escalate(batch, IncidentCause::NoBaseline { wanted: why }),
    }
}

fn roll_back(batch: &mut Batch<'_>, why: RollbackCause, to: Baseline) -> Result<(), Refusal> {
    let undo = batch.handoff().effects.iter().rev().copied().collect();
    batch.push(Change::RolledBack { why, to, undo })
}

/// Where a rollback lands: on what was accepted before. An accepted handoff is undone only while it
/// is itself what stands; later work is not swept away with it.
fn target(batch: &Batch<'_>) -> Result<Baseline, Refusal> {
    let nothing = |why| Refusal::NothingToReturnTo { why };
    let slot = &batch.dossier()?.draft.slot;
    let stands = batch
        .facts()
        .baseline
        .filter(|baseline| baseline.slot == *slot);
    match batch.phase().acceptance() {
        Some(acceptance) if stands != Some(&acceptance.baseline) => {
            Err(nothing("a later handoff was accepted since"))
        }
        Some(acceptance) => {
            (acceptance.follows.clone()).ok_or_else(|| nothing("it is the first that was accepted"))
        }
        None => stands
            .cloned()
            .ok_or_else(|| nothing("nothing was accepted for this work item yet")),
    }
}
