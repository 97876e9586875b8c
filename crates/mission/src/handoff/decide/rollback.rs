//! Rollback: to the baseline at once, then effect by effect, the last one first. An effect that can't be undone
//! stops there until it is tried again or a person answers for leaving it.

use baton_contract::model::RollbackTrigger;
use baton_terms::Id;

use super::batch::Batch;
use super::timer::{self, Failed};
use super::{forbidden, oversight, text};
use crate::authority;
use crate::compensation::{self, Command, Progress};
use crate::handoff::baseline::Baseline;
use crate::handoff::refusal::Refusal;
use crate::handoff::state::Phase;
use crate::handoff::wire::{AttemptOutcome, Change, IncidentCause, RollbackCause, Step};
use crate::retry::Next;

pub(super) fn asked(batch: &mut Batch<'_>, reason: &str) -> Result<(), Refusal> {
    oversight::as_oversight(batch, reason)?;
    let to = target(batch)?;
    let reason = reason.to_owned();
    roll_back(batch, RollbackCause::Asked { reason }, to)
}

/// Returns whether the contract rolls back on a trigger.
pub(super) fn is_due_on(batch: &Batch<'_>, trigger: RollbackTrigger) -> bool {
    let rollback = batch.terms().rollback();
    rollback.is_some_and(|rollback| rollback.on.contains(&trigger))
}

/// Rolls back, or escalates where there is no baseline to return to.
pub(super) fn or_escalate(batch: &mut Batch<'_>, why: RollbackCause) -> Result<(), Refusal> {
    match target(batch) {
        Ok(to) => roll_back(batch, why, to),
        Err(_) => oversight::escalate(batch, IncidentCause::NoBaseline { wanted: why }),
    }
}

fn roll_back(batch: &mut Batch<'_>, why: RollbackCause, to: Baseline) -> Result<(), Refusal> {
    let undo = batch.handoff().effects().iter().rev().cloned().collect();
    batch.push(Change::RolledBack { why, to, undo })?;
    block_where_stuck(batch)
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

/// Baton tried to undo an effect.
pub(super) fn compensate(
    batch: &mut Batch<'_>,
    effect: &Id,
    result: &AttemptOutcome,
) -> Result<(), Refusal> {
    forbidden(batch, authority::as_engine(batch.facts().actor))?;
    let effect = effect.clone();
    let Some(failed) = Failed::of(result)? else {
        return unwind(batch, &Command::Compensated { effect }, "");
    };
    let reason = failed.why.to_owned();
    let failing = Command::Fail { effect, reason };
    // Asked before the attempt is counted: a report on another effect counts for none.
    unwinding_event(batch, &failing)?;
    match timer::attempt_failed(batch, Step::Compensation, &failed)? {
        (_, Next::Attempt { .. }) => Ok(()),
        (_, Next::Exhausted(_)) => unwind(batch, &failing, ""),
    }
}

pub(super) fn retry(batch: &mut Batch<'_>, effect: &Id, reason: &str) -> Result<(), Refusal> {
    oversight::as_oversight(batch, reason)?;
    is_about(batch, effect)?;
    unwind(batch, &Command::TryAgain, reason)
}

pub(super) fn leave(batch: &mut Batch<'_>, effect: &Id, reason: &str) -> Result<(), Refusal> {
    text::reason(reason)?;
    forbidden(batch, authority::as_named_person(batch.facts().actor))?;
    is_about(batch, effect)?;
    let leave = Command::Leave {
        principal: batch.by().principal.clone(),
        reason: reason.to_owned(),
    };
    unwind(batch, &leave, "")
}

/// Refuses a decision on another effect than the one that stands.
fn is_about(batch: &Batch<'_>, effect: &Id) -> Result<(), Refusal> {
    let progress = batch
        .phase()
        .undoing()
        .map(|undoing| undoing.unwinding.progress());
    match progress {
        Some(Progress::Blocked(failed)) if failed.effect == *effect => Ok(()),
        _ => Err(unfit(format!("`{effect}` is not the one that stands"))),
    }
}

fn unwind(batch: &mut Batch<'_>, command: &Command, reason: &str) -> Result<(), Refusal> {
    let event = unwinding_event(batch, command)?;
    let reason = reason.to_owned();
    batch.push(Change::Unwound { event, reason })?;
    block_where_stuck(batch)
}

fn unwinding_event(batch: &Batch<'_>, command: &Command) -> Result<compensation::Event, Refusal> {
    let undoing = batch.phase().undoing().ok_or_else(|| batch.illegal())?;
    match compensation::decide(&undoing.unwinding, command) {
        Ok(Some(event)) => Ok(event),
        Ok(None) => Err(unfit("it was undone before".to_owned())),
        Err(refused) => Err(unfit(refused.refusal().to_string())),
    }
}

fn unfit(why: String) -> Refusal {
    Refusal::UnfitFact {
        fact: "effect",
        why,
    }
}

/// An effect that can't be undone parks the rollback with an incident.
fn block_where_stuck(batch: &mut Batch<'_>) -> Result<(), Refusal> {
    let Phase::RollingBack(undoing) = batch.phase() else {
        return Ok(());
    };
    let Progress::Blocked(failed) = undoing.unwinding.progress() else {
        return Ok(());
    };
    let why = IncidentCause::EffectStands {
        effect: failed.effect.clone(),
        attempts: failed.attempts,
        why: failed.reason.clone(),
    };
    let incident = batch.incident(why);
    batch.push(Change::RollbackBlocked { incident })
}
