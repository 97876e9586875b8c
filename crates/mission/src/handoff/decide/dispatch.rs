//! `decide`: what holds for every command, then the one who carries it out.

use super::batch::Batch;
use super::facts::Facts;
use super::{answer, check, gate, oversight, rollback, submit, text, timer};

use crate::authority;
use crate::handoff::legality::is_legal;
use crate::handoff::limits::REVISIONS_MAX;
use crate::handoff::refusal::{Forbidden, Refusal};
use crate::handoff::request::request_digest;
use crate::handoff::state::Handoff;
use crate::handoff::terms::Terms;
use crate::handoff::wire::{Ask, Command, Event};

/// Returns what a command leads to.
///
/// No event means that the same request was carried out before: `Handoff::answer` says where to.
///
/// # Errors
/// When the command is not carried out; nothing has happened then.
pub fn decide(
    handoff: &Handoff,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let ask = command.ask.name();
    let forbidden = |why| Refusal::Forbidden { ask, why };
    authority::admit(facts.actor, ask).map_err(forbidden)?;
    if let Some(found) = handoff.id().filter(|id| **id != command.handoff) {
        return Err(Refusal::OtherHandoff {
            asked: command.handoff.clone(),
            found: found.clone(),
        });
    }
    let request = request_digest(command);
    match handoff.answer(&facts.actor.principal, &command.key) {
        Some(answer) if answer.request == request => return Ok(Vec::new()),
        Some(answer) => {
            return Err(Refusal::KeyConflict {
                key: command.key.clone(),
                first: answer.request,
                now: request,
            });
        }
        None => {}
    }
    if command.expects != handoff.revision() {
        return Err(Refusal::StaleRevision {
            expected: command.expects,
            found: handoff.revision(),
        });
    }
    let state = handoff.state();
    if !is_legal(state, ask) {
        return Err(Refusal::IllegalTransition { state, ask });
    }
    hold_to_terms(handoff, facts.terms)?;
    text::within("events", handoff.revision().get(), REVISIONS_MAX)?;
    let mut batch = Batch::new(handoff, command, (request, facts));
    carry_out(&mut batch, &command.ask)?;
    batch.finish()
}

fn carry_out(batch: &mut Batch<'_>, ask: &Ask) -> Result<(), Refusal> {
    match ask {
        Ask::Open {
            work_item,
            contract,
            reopens,
        } => submit::open(batch, (work_item, contract), reopens.as_ref()),
        Ask::Submit { package } => submit::submit(batch, *package),
        Ask::Check { scorecard } => check::check(batch, *scorecard),
        Ask::Approve {
            gates,
            package,
            reason,
        } => gate::approve(batch, gates, (*package, reason)),
        Ask::Reject {
            gate,
            package,
            reason,
        } => gate::reject(batch, gate, (*package, reason)),
        Ask::Offer { team, reason } => answer::offer(batch, team, reason),
        Ask::Acknowledge {} => answer::acknowledge(batch),
        Ask::Accept { package } => answer::accept(batch, *package),
        Ask::NeedInput { package, unmet } => answer::need_input(batch, *package, unmet),
        Ask::Decline { package, reason } => answer::decline(batch, *package, reason),
        Ask::Complete { outputs } => answer::complete(batch, *outputs),
        Ask::Withdraw { reason } => submit::withdraw(batch, reason),
        Ask::Reassign { team, reason } => answer::reassign(batch, team, reason),
        Ask::Waive { .. } => submit::waive(batch, ask),
        Ask::RollBack { reason } => rollback::asked(batch, reason),
        Ask::Escalate { reason } => oversight::escalate_asked(batch, reason),
        Ask::Resume { reason } => oversight::resume(batch, reason),
        Ask::Quarantine { divergence } => oversight::quarantine(batch, divergence),
        Ask::Release { reason } => oversight::release(batch, reason),
        Ask::Fire { timer } => timer::fire(batch, *timer),
        Ask::Report {
            step,
            result,
            compensation,
        } => timer::report(batch, *step, (result, compensation.as_ref())),
        Ask::Compensate { effect, result } => rollback::compensate(batch, effect, result),
        Ask::Retry { effect, reason } => rollback::retry(batch, effect, reason),
        Ask::Leave { effect, reason } => rollback::leave(batch, effect, reason),
    }
}

/// A handoff goes on under the contract and the rules it was submitted under, and no others.
fn hold_to_terms(handoff: &Handoff, terms: &Terms) -> Result<(), Refusal> {
    let differs = |what, pinned: &str, found: &str| {
        (pinned != found).then(|| Refusal::OtherTerms {
            what,
            pinned: pinned.to_owned(),
            found: found.to_owned(),
        })
    };
    let now = terms.pin();
    let difference = match (handoff.phase().dossier(), handoff.phase().draft()) {
        (Some(dossier), _) => {
            let pin = &dossier.pin;
            let contract = pin.contract.to_string();
            differs("contract", &contract, &now.contract.to_string())
                .or_else(|| differs("lifecycle rules", &pin.lifecycle, &now.lifecycle))
                .or_else(|| differs("scoring rules", &pin.scoring, &now.scoring))
        }
        (None, Some(draft)) => differs("contract", draft.slot.contract.as_str(), now.name.as_str()),
        (None, None) => None,
    };
    difference.map_or(Ok(()), Err)
}

/// Returns the refusal of what an actor may not do.
pub(super) fn forbidden<T>(batch: &Batch<'_>, result: Result<T, Forbidden>) -> Result<T, Refusal> {
    result.map_err(|why| Refusal::Forbidden {
        ask: batch.ask(),
        why,
    })
}
