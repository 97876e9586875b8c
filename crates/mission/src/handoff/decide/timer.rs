//! Timers that are due, and attempts at steps that went well or failed.

use baton_contract::model::{DeadlineExpiry, GateExpiry, RollbackTrigger};

use super::batch::Batch;
use super::{forbidden, oversight, text};
use crate::authority;
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
        DeadlineExpiry::RollBack => {
            oversight::roll_back_or_escalate(batch, RollbackCause::Overdue { timer })
        }
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
    result: &AttemptOutcome,
) -> Result<(), Refusal> {
    forbidden(batch, authority::as_engine(batch.facts().actor))?;
    let (failure, why) = match result {
        AttemptOutcome::Done => return batch.push(Change::AttemptDone { step }),
        AttemptOutcome::Transient { why } => (Failure::Transient, why),
        AttemptOutcome::Lasting { why } => (Failure::Permanent, why),
    };
    text::reason(why)?;
    let attempt = batch.handoff().failed_attempts(step).saturating_add(1);
    let policy = Policy::new(batch.terms().retries());
    let subject = match batch.handoff().id() {
        Some(id) => format!("{id}/{step:?}"),
        None => return Err(batch.illegal()),
    };
    let next = policy.after_failure(&subject, attempt, (failure, batch.at()));
    batch.push(Change::AttemptFailed {
        step,
        attempt,
        why: why.clone(),
        next: match next {
            Next::Attempt { at, .. } => Some(at),
            Next::Exhausted(_) => None,
        },
    })?;
    let failures = batch.handoff().failures;
    let limit = batch.terms().rollback().map(|rollback| rollback.failures);
    let is_in_flight = matches!(batch.phase(), Phase::Offered(_) | Phase::Accepted(_));
    let is_repeated = limit.is_some_and(|limit| failures >= limit)
        && oversight::rolls_back_on(batch, RollbackTrigger::RepeatedFailures);
    if is_in_flight && is_repeated {
        let why = RollbackCause::RepeatedFailures { failures };
        return oversight::roll_back_or_escalate(batch, why);
    }
    match next {
        Next::Attempt { .. } => Ok(()),
        Next::Exhausted(_) => oversight::escalate(
            batch,
            IncidentCause::AttemptsSpent {
                step,
                attempts: attempt,
                why: why.clone(),
            },
        ),
    }
}
