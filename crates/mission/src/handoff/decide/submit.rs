//! The sender's side: opening, submitting, withdrawing; and waivers, which send a package to a new check.

use baton_terms::{Digest, Id};

use super::batch::Batch;
use super::{forbidden, text};
use crate::authority;
use crate::handoff::gates::is_separate;
use crate::handoff::limits;
use crate::handoff::package::PackageFacts;
use crate::handoff::read_set::changed_places;
use crate::handoff::refusal::{Forbidden, Refusal};
use crate::handoff::state::Phase;
use crate::handoff::wire::{Approval, Ask, Asked, Change, Voided, Waiver};
use crate::names::HandoffId;

pub(super) fn open(
    batch: &mut Batch<'_>,
    (work_item, contract): (&str, &Id),
    reopens: Option<&HandoffId>,
) -> Result<(), Refusal> {
    text::told("a work item", work_item, limits::WORK_ITEM_BYTES_MAX)?;
    let found = &batch.terms().pin().name;
    if found != contract {
        return Err(Refusal::OtherTerms {
            what: "contract",
            pinned: contract.to_string(),
            found: found.to_string(),
        });
    }
    as_sender(batch)?;
    batch.push(Change::Opened {
        work_item: work_item.to_owned(),
        contract: contract.clone(),
        reopens: reopens.cloned(),
    })
}

fn as_sender(batch: &Batch<'_>) -> Result<(), Refusal> {
    let from = batch.terms().from();
    let actor = batch.facts().actor;
    forbidden(batch, authority::as_party(actor, from, &from.teams))
}

pub(super) fn submit(batch: &mut Batch<'_>, digest: Digest) -> Result<(), Refusal> {
    as_sender(batch)?;
    let package = fitting_package(batch, digest)?.clone();
    unchanged_only_for_a_check(batch, digest)?;
    let before = batch.phase().dossier().map(|dossier| {
        let places = dossier.package.places.clone();
        (places, dossier.approvals.clone())
    });
    batch.push(Change::Submitted {
        pin: batch.terms().pin().clone(),
        package: package.clone(),
    })?;
    let Some((places, approvals)) = before.filter(|(_, approvals)| !approvals.is_empty()) else {
        return Ok(());
    };
    let mut kept = Vec::new();
    let mut voided = Vec::new();
    for approval in approvals {
        let changed = lost_ground(batch, &approval, (&places, &package))?;
        let approver = approval.by.principal.clone();
        if changed.is_empty() {
            kept.push(approver);
        } else {
            voided.push(Voided { approver, changed });
        }
    }
    batch.push(Change::ApprovalsReviewed { kept, voided })
}

/// Returns the places an approval rests on that a new package changes. To have sent it changes who
/// may approve it, so that an approver who sends loses the approval.
fn lost_ground(
    batch: &Batch<'_>,
    approval: &Approval,
    (before, package): (&crate::handoff::Fingerprint, &PackageFacts),
) -> Result<Vec<String>, Refusal> {
    let senders = &batch.dossier()?.senders;
    let mut changed = Vec::new();
    for id in &approval.gates {
        match batch.terms().gate(id) {
            Some(gate) if is_separate(gate, &approval.by, senders) => {
                changed.extend(changed_places(before, &package.places, &gate.places));
            }
            _ => changed.push("/sender".to_owned()),
        }
    }
    changed.sort();
    changed.dedup();
    Ok(changed)
}

fn fitting_package<'a>(batch: &Batch<'a>, digest: Digest) -> Result<&'a PackageFacts, Refusal> {
    let unfit = |why: String| Refusal::UnfitFact {
        fact: "package",
        why,
    };
    let facts = batch.facts();
    let package = facts.package.filter(|package| package.digest == digest);
    let package = package.ok_or_else(|| unfit(format!("`{digest}` was not read")))?;
    let slot = batch.phase().draft().map(|draft| &draft.slot);
    if slot.is_some_and(|slot| slot.work_item != package.work_item) {
        return Err(unfit(format!(
            "it is for work item `{}`",
            package.work_item
        )));
    }
    if package.contract != batch.terms().pin().name {
        return Err(unfit(format!("it is for contract `{}`", package.contract)));
    }
    match package.misattributed(facts.actor) {
        Some((field, named)) => Err(Refusal::OtherSender { field, named }),
        None => Ok(package),
    }
}

/// What a receiver or an approver sent back unchanged would only be sent back again; for a check the
/// same package may fare better, once its artifacts can be had.
fn unchanged_only_for_a_check(batch: &Batch<'_>, digest: Digest) -> Result<(), Refusal> {
    let (Phase::NeedsInput(returned) | Phase::Declined(returned)) = batch.phase() else {
        return Ok(());
    };
    if returned.asked == Asked::Check || returned.dossier.package.digest != digest {
        return Ok(());
    }
    Err(Refusal::UnfitFact {
        fact: "package",
        why: "it is the one that was sent back".to_owned(),
    })
}

pub(super) fn withdraw(batch: &mut Batch<'_>, reason: &str) -> Result<(), Refusal> {
    text::reason(reason)?;
    as_sender(batch)?;
    if batch.phase().acceptance().is_some() {
        return Err(batch.illegal());
    }
    // Of the sender's side, only the team that handed over may take back.
    let team = batch.phase().draft().map(|draft| draft.by.team.clone());
    let is_own = team.as_ref() == Some(&batch.facts().actor.team);
    if !is_own {
        let needed = team.map(|team| format!("`{team}`")).unwrap_or_default();
        return forbidden(batch, Err(Forbidden::Team { needed }));
    }
    batch.push(Change::Withdrawn {
        reason: reason.to_owned(),
    })
}

pub(super) fn waive(batch: &mut Batch<'_>, ask: &Ask) -> Result<(), Refusal> {
    let Ask::Waive {
        waiver,
        clause,
        reason,
        owner,
        expires,
    } = ask
    else {
        return Err(batch.illegal());
    };
    text::reason(reason)?;
    let facts = batch.facts();
    let dossier = batch.dossier()?;
    let approver = authority::as_waiver_approver(facts.actor, batch.terms(), &dossier.senders);
    forbidden(batch, approver)?;
    let refused = |why: &str| {
        Err(Refusal::WaiverRefused {
            clause: clause.clone(),
            why: why.to_owned(),
        })
    };
    if let Phase::NeedsInput(returned) = batch.phase()
        && returned.asked != Asked::Check
    {
        return refused("what a person asked for can't be waived");
    }
    if !batch.terms().has_clause(clause) {
        return refused("the contract has no such clause");
    }
    if (batch.by().principals()).any(|principal| principal.passes_for(owner)) {
        return refused("its approver is its owner");
    }
    if *expires <= batch.at() {
        return refused("it has expired");
    }
    let in_force = (batch.handoff().waivers().iter()).filter(|one| one.expires > batch.at());
    let mut clauses: Vec<&Id> = in_force.map(|one| &one.clause).collect();
    clauses.sort();
    clauses.dedup();
    if clauses.contains(&clause) {
        return refused("it is waived already");
    }
    let debt = u64::try_from(clauses.len()).unwrap_or(u64::MAX);
    if debt >= batch.terms().waivers_max() {
        let max = batch.terms().waivers_max();
        return refused(&format!("the budget of {max} waivers is spent"));
    }
    let waiver = Waiver {
        id: waiver.clone(),
        clause: clause.clone(),
        reason: reason.clone(),
        owner: owner.clone(),
        approver: batch.by().clone(),
        expires: *expires,
    };
    batch.push(Change::Waived { waiver })
}
