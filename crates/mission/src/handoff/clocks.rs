//! Which timers a state needs: deadlines on the clock of their party, gates, retries and the ladder.

use baton_contract::calendar::{Allowance, tzdb_version};
use baton_contract::model::{ClockOf, Deadline, DeadlineExpiry, Deadlines};
use baton_terms::{Id, Instant};

use super::state::{Handoff, Phase};
use super::terms::{GateTerms, Terms};
use super::wire::{CountedIn, TimerKind};
use crate::clock::{Ball, ClockError, Holder, Pass, Standing, Start, Step, dues};

/// A timer that a state needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wanted {
    pub(super) kind: TimerKind,
    pub(super) due: Instant,
    /// The calendar that answered, where one did.
    calendar: Option<Id>,
}

impl Wanted {
    /// Returns what is recorded beside the instant: it is the database that answered now, also where
    /// a contract names another one.
    pub(super) fn counted_in(&self) -> Option<CountedIn> {
        let calendar = self.calendar.clone()?;
        let tzdb = tzdb_version().to_owned();
        Some(CountedIn { calendar, tzdb })
    }
}

/// Returns the timers a handoff needs now, by kind.
///
/// # Errors
/// When a calendar cannot answer; no deadline is guessed.
pub(super) fn wanted(handoff: &Handoff, terms: &Terms) -> Result<Vec<Wanted>, ClockError> {
    let mut wanted = deadlines(handoff, terms)?;
    if let Phase::Gated(dossier) = &handoff.phase {
        for (id, opened) in &dossier.open_gates {
            let gate = terms.gate(id).filter(|_| dossier.assignment.is_none());
            let due = gate
                .map(|gate| gate_due(gate, *opened, terms))
                .transpose()?;
            wanted.extend(due.flatten().map(|due| Wanted {
                kind: TimerKind::Gate { gate: id.clone() },
                due,
                calendar: gate.and_then(|gate| calendar_of(gate.expires.as_deref()?, terms)),
            }));
        }
    }
    if !matches!(handoff.phase.name(), super::StateName::Escalated) && !is_over(&handoff.phase) {
        let retries = handoff.retries.iter();
        wanted.extend(retries.map(|(step, due)| Wanted {
            kind: TimerKind::Retry { step: *step },
            due: *due,
            calendar: None,
        }));
    }
    wanted.extend(rung(handoff, terms)?);
    wanted.retain(|want| !handoff.lapsed.contains(&want.kind));
    wanted.sort();
    Ok(wanted)
}

/// Returns when a gate that opened at `opened` expires.
pub(super) fn gate_due(
    gate: &GateTerms,
    opened: Instant,
    terms: &Terms,
) -> Result<Option<Instant>, ClockError> {
    let Some(within) = &gate.expires else {
        return Ok(None);
    };
    after(within, opened, terms).map(Some)
}

fn is_over(phase: &Phase) -> bool {
    phase.name().is_terminal() || matches!(phase, Phase::Unopened | Phase::Drafted(_))
}

/// Deadlines that have begun: to acknowledge with an offer, the verdict with the first submission,
/// completion with acceptance; all anew when oversight lets the handoff go on.
fn deadlines(handoff: &Handoff, terms: &Terms) -> Result<Vec<Wanted>, ClockError> {
    // The first pass gives the sender the draft; the second is the first submission.
    let first = handoff.passes.get(1).map(|pass| pass.at);
    let starts: Vec<(Step, Option<Instant>)> = match &handoff.phase {
        Phase::Offered(offer) if offer.acknowledged.is_none() => {
            vec![
                (Step::Acknowledge, Some(offer.since)),
                (Step::Verdict, first),
            ]
        }
        Phase::Offered(_) | Phase::NeedsInput(_) | Phase::Declined(_) => {
            vec![(Step::Verdict, first)]
        }
        Phase::Accepted(acceptance) => vec![(Step::Complete, Some(acceptance.receipt.at))],
        _ => Vec::new(),
    };
    let begun = |(step, at): (Step, Option<Instant>)| {
        let at = at?;
        Some(Start {
            step,
            at: handoff.clocks_from.map_or(at, |from| from.max(at)),
            done: None,
        })
    };
    let starts: Vec<Start> = starts.into_iter().filter_map(begun).collect();
    let Ok(ball) = Ball::new(handoff.passes.clone()) else {
        // INVARIANT: `apply` adds passes in order of time.
        return Ok(Vec::new());
    };
    let dues = dues(terms.deadlines(), terms.calendars(), (&ball, &starts))?;
    let timer = |due: crate::clock::Due| {
        let deadlines = terms.deadlines();
        let (kind, deadline) = match due.step {
            Step::Acknowledge => (TimerKind::Acknowledge, &deadlines.acknowledge),
            Step::Verdict => (TimerKind::Verdict, &deadlines.verdict),
            Step::Complete => (TimerKind::Complete, &deadlines.complete),
        };
        let due = match due.standing {
            Standing::Running { at } | Standing::Missed { at } => at,
            Standing::Standing | Standing::Kept => return None,
        };
        let calendar = deadline.as_ref().and_then(|one| one.calendar.clone());
        Some(Wanted {
            kind,
            due,
            calendar,
        })
    };
    Ok(dues.into_iter().filter_map(timer).collect())
}

/// The next rung of the ladder, counted from the last time the handoff moved.
fn rung(handoff: &Handoff, terms: &Terms) -> Result<Option<Wanted>, ClockError> {
    if is_over(&handoff.phase) {
        return Ok(None);
    }
    let Some(moved) = handoff.moved_at else {
        return Ok(None);
    };
    for (rung, step) in (0_u64..).zip(terms.ladder()) {
        let kind = TimerKind::Rung { rung };
        if !handoff.lapsed.contains(&kind) {
            return Ok(Some(Wanted {
                kind,
                due: after(&step.after, moved, terms)?,
                calendar: calendar_of(&step.after, terms),
            }));
        }
    }
    Ok(None)
}

/// Returns the calendar in which `within` is counted, where it is business time.
fn calendar_of(within: &str, terms: &Terms) -> Option<Id> {
    let allowance: Allowance = within.parse().ok()?;
    match allowance {
        Allowance::Elapsed(_) => None,
        Allowance::Business(_) => terms.first_calendar().cloned(),
    }
}

/// Returns the instant at which `within`, running from `start`, is used up, in the contract's first
/// calendar where it is business time.
fn after(within: &str, start: Instant, terms: &Terms) -> Result<Instant, ClockError> {
    let calendar = calendar_of(within, terms);
    let deadline = Deadline {
        within: within.to_owned(),
        calendar,
        clock: ClockOf::Receiver,
        on_expiry: DeadlineExpiry::Escalate,
        at: String::new(),
    };
    let only = Deadlines {
        verdict: Some(deadline),
        ..Deadlines::default()
    };
    let pass = Pass {
        at: start,
        to: Holder::Receiver,
    };
    let start = Start {
        step: Step::Verdict,
        at: start,
        done: None,
    };
    let ball = Ball::new(vec![pass]).unwrap_or_default();
    let dues = dues(&only, terms.calendars(), (&ball, &[start]))?;
    let at = dues.first().and_then(|due| match due.standing {
        Standing::Running { at } | Standing::Missed { at } => Some(at),
        Standing::Standing | Standing::Kept => None,
    });
    at.ok_or_else(|| ClockError::BeyondTime {
        within: within.to_owned(),
    })
}
