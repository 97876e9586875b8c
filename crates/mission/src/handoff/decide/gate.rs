//! Approvers' decisions.

use baton_terms::{Digest, Id};

use super::batch::Batch;
use super::{check, forbidden, text};
use crate::authority;
use crate::handoff::clocks;
use crate::handoff::gates;
use crate::handoff::limits;
use crate::handoff::refusal::Refusal;
use crate::handoff::state::Phase;
use crate::handoff::wire::{Approval, Asked, Change, Rejection, Unmet};

pub(super) fn approve(
    batch: &mut Batch<'_>,
    asked: &[Id],
    (package, reason): (Digest, &str),
) -> Result<(), Refusal> {
    text::reason(reason)?;
    text::some("gates of an approval", asked.len(), limits::GATES_MAX)?;
    batch.is_about(package)?;
    for gate in asked {
        may_decide(batch, gate)?;
    }
    let by = batch.by().clone();
    let dossier = batch.dossier()?;
    let approvals = dossier.approvals.iter().map(|approval| &approval.by);
    let rejections = dossier.rejections.iter().map(|rejection| &rejection.by);
    // One who stands behind two accounts is one approver.
    if approvals
        .chain(rejections)
        .any(|other| other.shares_principal_with(&by))
    {
        return Err(Refusal::AlreadyDecided);
    }
    text::some(
        "approvals of a package",
        dossier.approvals.len() + 1,
        limits::APPROVALS_MAX,
    )?;
    let mut gates = asked.to_vec();
    gates.sort();
    gates.dedup();
    let approval = Approval {
        by,
        gates,
        package,
        reason: reason.to_owned(),
        revision: batch.next_revision(),
    };
    batch.push(Change::Approved { approval })?;
    pass_if_met(batch)
}

pub(super) fn reject(
    batch: &mut Batch<'_>,
    gate: &Id,
    (package, reason): (Digest, &str),
) -> Result<(), Refusal> {
    text::reason(reason)?;
    batch.is_about(package)?;
    may_decide(batch, gate)?;
    let by = batch.by().clone();
    let mut rejections = batch.dossier()?.rejections.iter();
    if rejections.any(|other| other.by.shares_principal_with(&by)) {
        return Err(Refusal::AlreadyDecided);
    }
    let rejection = Rejection {
        by,
        gate: gate.clone(),
        reason: reason.to_owned(),
    };
    batch.push(Change::Rejected { rejection })?;
    let standing = gates::standing(batch.dossier()?, batch.terms());
    if standing.iter().any(|gate| gate.is_refused) {
        let unmet = (batch.dossier()?.rejections.iter()).map(|no| Unmet {
            subject: Some(no.gate.clone()),
            what: no.reason.clone(),
        });
        let unmet = unmet.collect();
        return check::send_back(batch, Asked::Gate, unmet);
    }
    pass_if_met(batch)
}

/// Checks gate, time and authority, in this order: a closed gate is closed for everybody.
fn may_decide(batch: &Batch<'_>, id: &Id) -> Result<(), Refusal> {
    let closed = |why| Refusal::GateClosed {
        gate: id.clone(),
        why,
    };
    let dossier = batch.dossier()?;
    let gate = (batch.terms().gate(id)).ok_or_else(|| closed("the contract has no such gate"))?;
    let opened = dossier.open_gates.get(id);
    let opened = opened.ok_or_else(|| closed("it needs no decision for this package"))?;
    let due = clocks::gate_due(gate, *opened, batch.terms()).map_err(Refusal::TimeNotCountable)?;
    // The timer may be late; the deadline is not.
    if due.is_some_and(|due| batch.at() >= due) {
        return Err(closed("its time is over"));
    }
    let actor = batch.facts().actor;
    forbidden(batch, authority::may_decide(actor, gate, &dossier.senders))
}

/// Records that every gate has its quorum, once it has.
pub(super) fn pass_if_met(batch: &mut Batch<'_>) -> Result<(), Refusal> {
    let Phase::Gated(dossier) = batch.phase() else {
        return Ok(());
    };
    match gates::passed(dossier, batch.terms()) {
        Some(assignment) if dossier.assignment.as_ref() != Some(&assignment) => {
            batch.push(Change::GatesPassed { assignment })
        }
        _ => Ok(()),
    }
}
