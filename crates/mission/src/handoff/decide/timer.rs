//! Timers that are due, and attempts at steps that went well or failed.

use baton_contract::model::{DeadlineExpiry, GateExpiry, RollbackTrigger};
use baton_terms::Id;

use super::batch::Batch;
use super::{forbidden, oversight, rollback, text};
use crate::authority;
use crate::compensation::Effect;
use crate::handoff::gates;
use crate::handoff::refusal::Refusal;
use crate::handoff::state::Phase;
use crate::handoff::wire::{AttemptOutcome, Change, IncidentCause, RollbackCause, Step, TimerKind};
use crate::names::Revision;
use crate::retry::{Failure, Next, Policy};

pub(super) fn fire(batch: &mut Batch<'_>, number: Revision) -> Result<(), Refusal> {
    forbidden(batch, authority::as_engine(batch.facts().actor))?;
    let mut timers = batch.handoff().timers().iter();
    let timer = timers.find(|timer| timer.number == number).cloned();
    let timer = timer.ok_or(Refusal::NotDue { number, due: None })?;
    // By the caller's own clock: one that went back makes a timer late, never early.
    if batch.facts().now < timer.due {
        return Err(Refusal::NotDue {
            number,
            due: Some(timer.due),
        });
    }
    batch.push(Change::TimerFired { number })?;
    match &timer.kind {
        TimerKind::Acknowledge | TimerKind::Verdict | TimerKind::Complete => {
            let deadlines = batch.terms().deadlines();
            let deadline = match timer.kind {
                TimerKind::Acknowledge => &deadlines.acknowledge,
                TimerKind::Verdict => &deadlines.verdict,
                _ => &deadlines.complete,
            };
            let expiry = deadline.as_ref().map(|deadline| deadline.on_expiry);
            overdue(
                batch,
                timer.kind,
                expiry.unwrap_or(DeadlineExpiry::Escalate),
            )
        }
        TimerKind::Gate { gate } => {
            let standing = gates::standing(batch.dossier()?, batch.terms());
            if standing.iter().any(|one| one.gate == *gate && one.is_met()) {
                return Ok(());
            }
            let expiry = batch.terms().gate(gate).map(|gate| gate.on_expiry);
            let expiry = match expiry {
                Some(GateExpiry::Reject) => DeadlineExpiry::Reject,
                Some(GateExpiry::Escalate) | None => DeadlineExpiry::Escalate,
            };
            overdue(batch, timer.kind, expiry)
        }
        TimerKind::Retry { .. } => Ok(()),
        TimerKind::Rung { rung } => climb(batch, *rung),
    }
}

/// What time that ran out leads to. Going on is not among it.
fn overdue(batch: &mut Batch<'_>, timer: TimerKind, expiry: DeadlineExpiry) -> Result<(), Refusal> {
    match expiry {
        DeadlineExpiry::Reject => batch.push(Change::Expired { timer }),
        DeadlineExpiry::Escalate => oversight::escalate(batch, IncidentCause::Overdue { timer }),
        DeadlineExpiry::RollBack => rollback::or_escalate(batch, RollbackCause::Overdue { timer }),
    }
}

fn climb(batch: &mut Batch<'_>, rung: u64) -> Result<(), Refusal> {
    let at = usize::try_from(rung).ok();
    let step = at.and_then(|at| batch.terms().ladder().get(at));
    let Some(step) = step else {
        return Ok(());
    };
    let role = step.to.clone();
    batch.push(Change::RungReached {
        rung,
        role: role.clone(),
    })?;
    batch.remind(&role)
}

pub(super) fn report(
    batch: &mut Batch<'_>,
    step: Step,
    (result, compensation): (&AttemptOutcome, Option<&Id>),
) -> Result<(), Refusal> {
    forbidden(batch, authority::as_engine(batch.facts().actor))?;
    let is_delivered = step == Step::Delivery && *result == AttemptOutcome::Done;
    if step == Step::Compensation || (compensation.is_some() && !is_delivered) {
        return Err(Refusal::UnfitFact {
            fact: "attempt",
            why:
                "only a delivery that went well has a compensation, and `compensate` reports on it"
                    .to_owned(),
        });
    }
    let Some(failed) = Failed::of(result)? else {
        let effect = is_delivered.then(|| effect(batch, compensation));
        let effect = effect.transpose()?;
        return batch.push(Change::AttemptDone { step, effect });
    };
    let (attempt, next) = attempt_failed(batch, step, &failed)?;
    let failures = batch.handoff().failures;
    let limit = batch.terms().rollback().map(|rollback| rollback.failures);
    let is_in_flight = matches!(batch.phase(), Phase::Offered(_) | Phase::Accepted(_));
    let is_repeated = limit.is_some_and(|limit| failures >= limit)
        && rollback::is_due_on(batch, RollbackTrigger::RepeatedFailures);
    if is_in_flight && is_repeated {
        let why = RollbackCause::RepeatedFailures { failures };
        return rollback::or_escalate(batch, why);
    }
    match next {
        Next::Attempt { .. } => Ok(()),
        Next::Exhausted(_) => oversight::escalate(
            batch,
            IncidentCause::AttemptsSpent {
                step,
                attempts: attempt,
                why: failed.why.to_owned(),
            },
        ),
    }
}

/// A failure as it was reported.
pub(super) struct Failed<'a> {
    failure: Failure,
    pub(super) why: &'a str,
}

impl<'a> Failed<'a> {
    /// Returns the failure, where there was one.
    pub(super) fn of(result: &'a AttemptOutcome) -> Result<Option<Self>, Refusal> {
        let (failure, why) = match result {
            AttemptOutcome::Done => return Ok(None),
            AttemptOutcome::Transient { why } => (Failure::Transient, why),
            AttemptOutcome::Lasting { why } => (Failure::Permanent, why),
        };
        text::reason(why)?;
        Ok(Some(Self { failure, why }))
    }
}

/// Counts a failed attempt at a step, and returns its number and what follows.
pub(super) fn attempt_failed(
    batch: &mut Batch<'_>,
    step: Step,
    failed: &Failed<'_>,
) -> Result<(u32, Next), Refusal> {
    let attempt = batch.handoff().failed_attempts(step).saturating_add(1);
    let policy = Policy::new(batch.terms().retries());
    let subject = match batch.handoff().id() {
        Some(id) => format!("{id}/{step:?}"),
        None => return Err(batch.illegal()),
    };
    let next = policy.after_failure(&subject, attempt, (failed.failure, batch.at()));
    batch.push(Change::AttemptFailed {
        step,
        attempt,
        why: failed.why.to_owned(),
        next: match next {
            Next::Attempt { at, .. } => Some(at),
            Next::Exhausted(_) => None,
        },
    })?;
    Ok((attempt, next))
}

/// Names what a delivery did to the world by the revision that records it.
fn effect(batch: &Batch<'_>, compensation: Option<&Id>) -> Result<Effect, Refusal> {
    let id = format!("delivery-{}", batch.next_revision());
    Ok(Effect {
        id: id.parse().map_err(|_| batch.illegal())?,
        compensation: compensation.cloned(),
    })
}
