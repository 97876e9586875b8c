//! Offers and the receiver's answers.

use baton_terms::{Digest, Id};

use super::batch::Batch;
use super::check;
use super::{forbidden, text};
use crate::authority;
use crate::handoff::baseline::Baseline;
use crate::handoff::gates;
use crate::handoff::limits;
use crate::handoff::refusal::{Forbidden, Refusal};
use crate::handoff::state::{Dossier, Offer, Phase};
use crate::handoff::wire::{Asked, Change, FollowUp, FollowUpKind, Receipt, Unmet, Verdict};
use baton_scoring::wire::{FindingState, Posture};

pub(super) fn offer(batch: &mut Batch<'_>, team: &Id, reason: &str) -> Result<(), Refusal> {
    text::reason(reason)?;
    forbidden(batch, authority::as_engine(batch.facts().actor))?;
    may_receive(batch, team)?;
    is_cleared(batch)?;
    batch.push(Change::Offered {
        team: team.clone(),
        reason: reason.to_owned(),
    })
}

pub(super) fn reassign(batch: &mut Batch<'_>, team: &Id, reason: &str) -> Result<(), Refusal> {
    text::reason(reason)?;
    forbidden(batch, authority::as_operator(batch.facts().actor))?;
    may_receive(batch, team)?;
    batch.push(Change::Reassigned {
        team: team.clone(),
        reason: reason.to_owned(),
    })
}

/// Candidates come from the pinned contract, never from the caller.
fn may_receive(batch: &Batch<'_>, team: &Id) -> Result<(), Refusal> {
    if batch.terms().may_receive(team) {
        return Ok(());
    }
    Err(Refusal::UnfitFact {
        fact: "route",
        why: format!("the contract lets no team `{team}` receive"),
    })
}

/// Refuses unless the current package was checked, nothing is unmet and every gate has its quorum.
///
/// Asked before an offer and again before an acceptance: what must hold is not remembered, it is
/// looked at.
fn is_cleared(batch: &Batch<'_>) -> Result<(), Refusal> {
    let dossier = batch.dossier()?;
    let mut standing = Vec::new();
    let check = (dossier.check.as_ref()).filter(|check| check.package == dossier.package.digest);
    match check {
        None => standing.push("the package was not checked".to_owned()),
        Some(check) if check.nothing_checked => standing.push("nothing was checked".to_owned()),
        Some(check) => {
            let unmet = check.unmet().into_iter().filter_map(|unmet| unmet.subject);
            standing.extend(unmet.map(|subject| format!("`{subject}` is not met")));
            if check.posture == Posture::Critical {
                standing.push("the posture is critical".to_owned());
            }
            let open = check.open_gates().into_iter();
            let unopened = open.filter(|gate| !dossier.open_gates.contains_key(gate));
            standing.extend(unopened.map(|gate| format!("gate `{gate}` was not opened")));
        }
    }
    let gates = gates::standing(dossier, batch.terms());
    let unmet = gates.iter().filter(|gate| !gate.is_met());
    standing.extend(unmet.map(|gate| {
        let has = gate.approvers.len();
        format!(
            "gate `{}` has {has} of {} approvals",
            gate.gate, gate.quorum
        )
    }));
    if standing.is_empty() {
        Ok(())
    } else {
        Err(Refusal::NotCleared { standing })
    }
}

/// Checks that the actor is of the team the work was offered to, in the receiver's role.
fn as_receiver(batch: &Batch<'_>, team: &Id) -> Result<(), Refusal> {
    let teams = std::iter::once(team.clone()).collect();
    let actor = batch.facts().actor;
    let receiver = authority::as_party(actor, batch.terms().to(), &teams);
    forbidden(batch, receiver)?;
    if authority::acts_for(actor, &batch.dossier()?.senders) {
        return forbidden(batch, Err(Forbidden::OwnWork));
    }
    Ok(())
}

fn offered<'b>(batch: &'b Batch<'_>) -> Result<&'b Offer, Refusal> {
    match batch.phase() {
        Phase::Offered(offer) => Ok(offer),
        _ => Err(batch.illegal()),
    }
}

pub(super) fn acknowledge(batch: &mut Batch<'_>) -> Result<(), Refusal> {
    let offer = offered(batch)?;
    as_receiver(batch, &offer.team)?;
    if offer.acknowledged.is_some() {
        return Err(Refusal::AlreadyDecided);
    }
    batch.push(Change::Acknowledged {})
}

pub(super) fn accept(batch: &mut Batch<'_>, package: Digest) -> Result<(), Refusal> {
    let offer = offered(batch)?;
    as_receiver(batch, &offer.team)?;
    batch.is_about(package)?;
    is_cleared(batch)?;
    let dossier = &offer.dossier;
    let slot = dossier.draft.slot.clone();
    let follows = batch
        .facts()
        .baseline
        .filter(|baseline| baseline.slot == slot)
        .cloned();
    let taken = (follows.as_ref()).map_or(0, |follows| follows.number);
    let receipt = receipt(batch, dossier, Verdict::Accepted)?;
    let baseline = Baseline {
        slot,
        number: batch.facts().places_taken.max(taken).saturating_add(1),
        handoff: receipt.handoff.clone(),
        package,
    };
    let follow_ups = follow_ups(batch, dossier);
    batch.push(Change::Accepted {
        receipt,
        baseline,
        follows,
    })?;
    for follow_up in follow_ups {
        batch.push(Change::FollowUpQueued { follow_up })?;
    }
    Ok(())
}

pub(super) fn need_input(
    batch: &mut Batch<'_>,
    package: Digest,
    unmet: &[Unmet],
) -> Result<(), Refusal> {
    text::some("the unmet list", unmet.len(), limits::UNMET_MAX)?;
    for item in unmet {
        text::told(
            "an item of the unmet list",
            &item.what,
            limits::REASON_BYTES_MAX,
        )?;
    }
    let offer = offered(batch)?;
    as_receiver(batch, &offer.team)?;
    batch.is_about(package)?;
    let mut receipt = receipt(batch, &offer.dossier, Verdict::NeedsInput)?;
    receipt.unmet = unmet.to_vec();
    batch.push(Change::InputNeeded {
        asked: Asked::Receiver,
        unmet: unmet.to_vec(),
        receipt: Some(receipt),
    })?;
    check::escalate_if_spent(batch)
}

pub(super) fn decline(batch: &mut Batch<'_>, package: Digest, reason: &str) -> Result<(), Refusal> {
    text::reason(reason)?;
    let offer = offered(batch)?;
    as_receiver(batch, &offer.team)?;
    batch.is_about(package)?;
    let mut receipt = receipt(batch, &offer.dossier, Verdict::Declined)?;
    reason.clone_into(&mut receipt.reason);
    batch.push(Change::Declined { receipt })?;
    check::escalate_if_spent(batch)
}

pub(super) fn complete(batch: &mut Batch<'_>, outputs: Option<Digest>) -> Result<(), Refusal> {
    let Phase::Accepted(acceptance) = batch.phase() else {
        return Err(batch.illegal());
    };
    as_receiver(batch, &acceptance.offer.team)?;
    batch.push(Change::Completed { outputs })
}

fn receipt(batch: &Batch<'_>, dossier: &Dossier, verdict: Verdict) -> Result<Receipt, Refusal> {
    let check = dossier.check.as_ref().ok_or_else(|| batch.illegal())?;
    let handoff = batch.handoff().id().ok_or_else(|| batch.illegal())?;
    Ok(Receipt {
        handoff: handoff.clone(),
        revision: batch.next_revision(),
        verdict,
        package: dossier.package.digest,
        contract: dossier.pin.contract,
        scorecard: check.scorecard,
        by: batch.by().clone(),
        at: batch.at(),
        unmet: Vec::new(),
        reason: String::new(),
    })
}

/// What an acceptance leaves over: gaps that did not stop it, clauses that only warn, waivers.
fn follow_ups(batch: &Batch<'_>, dossier: &Dossier) -> Vec<FollowUp> {
    let (Some(check), Some(handoff)) = (&dossier.check, batch.handoff().id()) else {
        return Vec::new();
    };
    let queue = |finding: &crate::handoff::FindingSummary| {
        let (kind, word) = match finding.state {
            FindingState::Failed | FindingState::Unknown => {
                (FollowUpKind::UnresolvedRisk, "unresolved-risk")
            }
            FindingState::Pending => (FollowUpKind::PendingClause, "pending-clause"),
            FindingState::Waived => (FollowUpKind::WaiverDebt, "waiver-debt"),
            FindingState::Passed | FindingState::NotApplicable => return None,
        };
        let waivers = batch.handoff().waivers().iter();
        let waiver = waivers.rev().find(|waiver| waiver.clause == finding.clause);
        Some(FollowUp {
            id: format!("{handoff}.{word}.{}", finding.clause),
            kind,
            subject: finding.clause.clone(),
            owner: batch.terms().from().role.clone(),
            due: waiver.map(|waiver| waiver.expires),
        })
    };
    check.findings.iter().filter_map(queue).collect()
}
