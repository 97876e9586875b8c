//! What a check leads to: on to the gates, back to the sender, or out of the receiver's hands again.

use baton_contract::model::RollbackTrigger;
use baton_scoring::wire::{Posture, SEMANTICS};
use baton_terms::{Digest, Id};

use super::batch::Batch;
use super::{forbidden, gate, oversight, rollback};
use crate::authority;
use crate::handoff::check::CheckSummary;
use crate::handoff::limits::SUBMISSIONS_MAX;
use crate::handoff::refusal::Refusal;
use crate::handoff::state::Phase;
use crate::handoff::wire::{Asked, Change, IncidentCause, RollbackCause, Unmet};

pub(super) fn check(batch: &mut Batch<'_>, scorecard: Digest) -> Result<(), Refusal> {
    forbidden(batch, authority::as_engine(batch.facts().actor))?;
    let check = fitting_check(batch, scorecard)?.clone();
    let earlier = batch.dossier()?.check.clone();
    batch.push(Change::Checked {
        check: check.clone(),
    })?;
    if let Some(earlier) = earlier.filter(|earlier| earlier.posture != check.posture) {
        batch.push(Change::PostureMoved {
            from: earlier.posture,
            to: check.posture,
            causes: check.differing(&earlier),
        })?;
    }
    let is_in_flight = matches!(batch.phase(), Phase::Offered(_) | Phase::Accepted(_));
    if is_in_flight && check.posture == Posture::Critical {
        if rollback::is_due_on(batch, RollbackTrigger::CriticalPosture) {
            return rollback::or_escalate(batch, RollbackCause::CriticalPosture);
        }
        if matches!(batch.phase(), Phase::Accepted(_)) {
            return oversight::escalate(batch, IncidentCause::CriticalPosture);
        }
    }
    if matches!(batch.phase(), Phase::Accepted(_)) {
        return Ok(());
    }
    if check.nothing_checked {
        return oversight::escalate(batch, IncidentCause::NothingChecked);
    }
    let unmet = in_the_way(&check);
    if !unmet.is_empty() {
        return send_back(batch, Asked::Check, unmet);
    }
    let open = check.open_gates();
    if are_other_gates(batch, &open)? {
        batch.push(Change::GatesOpened { gates: open })?;
    }
    gate::pass_if_met(batch)
}

/// Returns whether a check asks for other decisions than those under way. An offer that needs fewer
/// of them stands.
fn are_other_gates(batch: &Batch<'_>, open: &[Id]) -> Result<bool, Refusal> {
    let under_way = &batch.dossier()?.open_gates;
    let opens_one = open.iter().any(|gate| !under_way.contains_key(gate));
    let closes_one = under_way.keys().any(|gate| !open.contains(gate));
    Ok(match batch.phase() {
        Phase::Checked(_) => !open.is_empty(),
        Phase::Offered(_) => opens_one,
        _ => opens_one || closes_one,
    })
}

fn fitting_check<'a>(batch: &Batch<'a>, scorecard: Digest) -> Result<&'a CheckSummary, Refusal> {
    let unfit = |why: String| Refusal::UnfitFact { fact: "check", why };
    let check = batch
        .facts()
        .check
        .filter(|check| check.scorecard == scorecard);
    let check = check.ok_or_else(|| unfit(format!("scorecard `{scorecard}` was not read")))?;
    let dossier = batch.dossier()?;
    if dossier.pin.scoring != SEMANTICS {
        return Err(unfit(format!("it was made by scoring rules {SEMANTICS}")));
    }
    if check.contract != dossier.pin.contract {
        return Err(unfit(format!(
            "it was made with contract `{}`",
            check.contract
        )));
    }
    if check.package != dossier.package.digest {
        return Err(unfit(format!("it is of package `{}`", check.package)));
    }
    match &dossier.check {
        Some(last) if check.as_of < last.as_of => Err(unfit(format!(
            "it is older than the last one, of {}",
            last.as_of
        ))),
        _ => Ok(check),
    }
}

/// What keeps a package from being offered; a critical posture always does.
fn in_the_way(check: &CheckSummary) -> Vec<Unmet> {
    if check.posture != Posture::Critical {
        return check.unmet();
    }
    let shortfalls = check.shortfalls();
    if !shortfalls.is_empty() {
        return shortfalls;
    }
    vec![Unmet {
        subject: None,
        what: "the posture is critical although every clause is met: lower the risk".to_owned(),
    }]
}

/// Sends a package back, to oversight once it was submitted as often as it may be.
pub(super) fn send_back(
    batch: &mut Batch<'_>,
    asked: Asked,
    unmet: Vec<Unmet>,
) -> Result<(), Refusal> {
    batch.push(Change::InputNeeded {
        asked,
        unmet,
        receipt: None,
    })?;
    escalate_if_spent(batch)
}

/// Escalates a returned package whose submissions are spent.
pub(super) fn escalate_if_spent(batch: &mut Batch<'_>) -> Result<(), Refusal> {
    let submissions = batch.dossier()?.submissions;
    let max = batch.terms().submissions_max().unwrap_or(SUBMISSIONS_MAX);
    if submissions >= max.min(SUBMISSIONS_MAX) {
        return oversight::escalate(batch, IncidentCause::SubmissionsSpent { submissions });
    }
    Ok(())
}
