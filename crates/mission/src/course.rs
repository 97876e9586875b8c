//! How one handoff went: what outcomes and the metrics of a rollout are read from.
//!
//! A course is the fold of a handoff's events, and what it says of a handoff never changes with the look: each value belongs to
//! the instant at which it became known.

use baton_contract::calendar::{Calendar, Holding};
use baton_contract::model::{Metric, Unit};
use baton_scoring::wire::Posture;
use baton_terms::{Elapsed, Instant};

use crate::handoff::{Change, Event, IncidentCause, TimerKind, Verdict};
use crate::names::{HandoffId, Revision};

/// What a handoff went through, as far as it was read.
#[derive(Debug, Clone, Default)]
pub struct Course {
    handoff: Option<HandoffId>,
    opened: Option<Instant>,
    submitted: Option<Instant>,
    /// The receiver's first answer.
    verdict: Option<(Instant, Verdict)>,
    completed: Option<Instant>,
    rolled_back: Option<Instant>,
    /// Nothing follows any more.
    ended: Option<Instant>,
    /// A deadline passed before the first answer.
    late: Option<Instant>,
    /// Deadlines that are set.
    deadlines: Vec<Revision>,
    /// While the receiver had to answer, before the first answer.
    held: Vec<Holding>,
    is_offered: bool,
    gates_opened: Option<Instant>,
    gates_minutes: i64,
    /// Offered or accepted.
    is_in_flight: bool,
    beside: Option<Posture>,
    critical: Option<Instant>,
    failed: Option<Instant>,
    accepted: Option<Instant>,
    is_reopened: bool,
}

/// Basis points in the whole: the value of a share where it holds of a handoff.
pub const WHOLE: i64 = 10_000;

impl Course {
    /// Returns whether a single handoff shows a metric by its end.
    pub fn shows(metric: Metric) -> bool {
        match metric {
            Metric::BounceRate
            | Metric::NeedsInputRate
            | Metric::LateRate
            | Metric::RollbackRate
            | Metric::TimeToVerdictP50
            | Metric::TimeToVerdictP90
            | Metric::TimeToCompleteP50
            | Metric::TimeToCompleteP90
            | Metric::ApprovalLatencyP50 => true,
            Metric::ReworkRate
            | Metric::ReopenRate
            | Metric::WaiverDebt
            | Metric::LoadFairness
            | Metric::Custom => false,
        }
    }

    /// Takes one more event into account, in the order they happened.
    pub fn note(&mut self, event: &Event) {
        let at = event.at;
        match &event.change {
            Change::Opened { .. } => {
                self.handoff = Some(event.handoff.clone());
                self.opened = Some(at);
            }
            Change::Submitted { .. } => {
                self.submitted.get_or_insert(at);
                self.leaves(at);
            }
            Change::GatesOpened { .. } => {
                self.gates_opened.get_or_insert(at);
            }
            Change::GatesPassed { .. } => self.gates_close(at),
            Change::Offered { .. } | Change::Reassigned { .. } => self.offers(at),
            Change::Accepted { .. } => {
                self.answers(at, Verdict::Accepted);
                self.accepted = Some(at);
                self.is_in_flight = true;
            }
            Change::Declined { .. } => self.answers(at, Verdict::Declined),
            Change::InputNeeded { receipt, .. } => {
                if receipt.is_some() {
                    self.answers(at, Verdict::NeedsInput);
                }
                self.leaves(at);
                self.gates_close(at);
            }
            Change::TimerSet { timer } => {
                let is_deadline = matches!(
                    timer.kind,
                    TimerKind::Acknowledge | TimerKind::Verdict | TimerKind::Complete
                );
                if is_deadline {
                    self.deadlines.push(timer.number);
                }
            }
            Change::TimerFired { number } => {
                if self.deadlines.contains(number) && self.verdict.is_none() {
                    self.late.get_or_insert(at);
                }
            }
            Change::PostureMoved { to, .. } => {
                let is_alone = self
                    .beside
                    .is_some_and(|posture| posture != Posture::Critical);
                if self.is_in_flight && is_alone && *to == Posture::Critical {
                    self.critical.get_or_insert(at);
                }
            }
            change => self.note_end(change, at),
        }
    }

    fn note_end(&mut self, change: &Change, at: Instant) {
        match change {
            Change::Completed { .. } => {
                self.completed = Some(at);
                self.ended = Some(at);
            }
            Change::Withdrawn { .. } => {
                self.leaves(at);
                self.ended = Some(at);
            }
            Change::Expired { .. } => {
                self.leaves(at);
                self.fails(at);
                self.ended = Some(at);
            }
            Change::RolledBack { .. } => {
                self.leaves(at);
                self.fails(at);
                self.rolled_back = Some(at);
                self.ended = Some(at);
            }
            Change::Escalated { incident } => {
                self.pauses(at);
                if !matches!(incident.why, IncidentCause::Asked { .. }) {
                    self.fails(at);
                }
            }
            Change::Quarantined { .. } => {
                self.leaves(at);
                self.fails(at);
            }
            Change::Resumed { .. } if self.is_offered => self.offers(at),
            _ => {}
        }
    }

    /// Takes into account what the other version made of the package that is checked next.
    pub fn note_beside(&mut self, posture: Option<Posture>) {
        self.beside = posture;
    }

    /// Takes into account that a later handoff took the work up again.
    pub fn note_reopened(&mut self) {
        self.is_reopened = true;
    }

    /// Returns the handoff, once its opening was noted.
    pub fn handoff(&self) -> Option<&HandoffId> {
        self.handoff.as_ref()
    }

    /// Returns when it was opened.
    pub fn opened(&self) -> Option<Instant> {
        self.opened
    }

    /// Returns when a deadline first passed without an answer.
    pub fn late(&self) -> Option<Instant> {
        self.late
    }

    /// Returns when the receiver first answered.
    pub fn answered(&self) -> Option<Instant> {
        self.verdict.map(|(at, _)| at)
    }

    /// Returns whether nothing follows any more.
    pub fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    /// Returns when its version alone took work on its way to a critical posture.
    pub fn critical(&self) -> Option<Instant> {
        self.critical
    }

    /// Returns when it first failed (it expired, was rolled back, shut away, or escalated by itself), and whether that was before
    /// anybody accepted it; or when it was accepted.
    pub fn ending(&self) -> Option<(Instant, bool)> {
        match (self.failed, self.accepted) {
            (Some(failed), Some(accepted)) if accepted < failed => Some((accepted, false)),
            (Some(failed), _) => Some((failed, true)),
            (None, accepted) => accepted.map(|at| (at, false)),
        }
    }

    /// Returns a metric's value with when it was known; one that stays unknown is known not to come once the handoff is over.
    pub fn value(
        &self,
        metric: Metric,
        counted: (Unit, Option<&Calendar>),
    ) -> Option<(Instant, Option<i64>)> {
        let share = |holds: bool| Some(if holds { WHOLE } else { 0 });
        let of_verdict = |value: &dyn Fn(Instant, Verdict) -> Option<i64>| match self.verdict {
            Some((at, verdict)) => Some((at, value(at, verdict))),
            None => self.ended.map(|at| (at, None)),
        };
        match metric {
            Metric::BounceRate => of_verdict(&|_, verdict| share(verdict != Verdict::Accepted)),
            Metric::NeedsInputRate => {
                of_verdict(&|_, verdict| share(verdict == Verdict::NeedsInput))
            }
            Metric::LateRate => match self.late {
                Some(at) => Some((at, share(true))),
                None => of_verdict(&|_, _| share(false)),
            },
            Metric::TimeToVerdictP50 | Metric::TimeToVerdictP90 => {
                of_verdict(&|_, _| minutes_of(&self.held, counted))
            }
            Metric::ApprovalLatencyP50 => of_verdict(&|_, _| Some(self.gates_minutes)),
            Metric::TimeToCompleteP50 | Metric::TimeToCompleteP90 => match self.completed {
                Some(at) => {
                    let taken = self.submitted.map(|start| Holding {
                        start,
                        end: Some(at),
                    });
                    Some((at, taken.and_then(|taken| minutes_of(&[taken], counted))))
                }
                None => self.ended.map(|at| (at, None)),
            },
            Metric::RollbackRate => {
                let ended = self.ended?;
                Some((ended, share(self.rolled_back.is_some())))
            }
            Metric::ReopenRate => Some((self.completed?, share(self.is_reopened))),
            Metric::ReworkRate => {
                let accepted = self.accepted?;
                Some((
                    accepted,
                    share(self.is_reopened || self.rolled_back.is_some()),
                ))
            }
            Metric::WaiverDebt | Metric::LoadFairness | Metric::Custom => None,
        }
    }

    /// Returns the time that a metric of times has counted by `now` while its value is not known.
    pub fn so_far(
        &self,
        metric: Metric,
        (counted, now): ((Unit, Option<&Calendar>), Instant),
    ) -> Option<i64> {
        let ends = |holding: &Holding| Holding {
            end: holding.end.or(Some(now)),
            ..*holding
        };
        match metric {
            Metric::TimeToVerdictP50 | Metric::TimeToVerdictP90 => {
                let held: Vec<Holding> = self.held.iter().map(ends).collect();
                minutes_of(&held, counted)
            }
            Metric::TimeToCompleteP50 | Metric::TimeToCompleteP90 => {
                let start = self.submitted?;
                minutes_of(&[ends(&Holding { start, end: None })], counted)
            }
            Metric::ApprovalLatencyP50 => {
                let open = self.gates_opened.map_or(0, |at| minutes(now.since(at)));
                Some(self.gates_minutes.saturating_add(open))
            }
            _ => None,
        }
    }

    fn offers(&mut self, at: Instant) {
        self.pauses(at);
        self.gates_close(at);
        self.is_offered = true;
        self.is_in_flight = true;
        if self.verdict.is_none() {
            self.held.push(Holding {
                start: at,
                end: None,
            });
        }
    }

    /// The receiver's clock stands still.
    fn pauses(&mut self, at: Instant) {
        if let Some(last) = self.held.last_mut()
            && last.end.is_none()
        {
            last.end = Some(at);
        }
    }

    fn leaves(&mut self, at: Instant) {
        self.pauses(at);
        self.is_offered = false;
        self.is_in_flight = false;
    }

    fn answers(&mut self, at: Instant, verdict: Verdict) {
        self.leaves(at);
        self.verdict.get_or_insert((at, verdict));
    }

    fn gates_close(&mut self, at: Instant) {
        if let Some(opened) = self.gates_opened.take()
            && self.verdict.is_none()
        {
            self.gates_minutes = self.gates_minutes.saturating_add(minutes(at.since(opened)));
        }
    }

    fn fails(&mut self, at: Instant) {
        self.failed.get_or_insert(at);
    }
}

/// Returns whole minutes, floored; in business time where the metric counts in it.
fn minutes_of(held: &[Holding], (unit, calendar): (Unit, Option<&Calendar>)) -> Option<i64> {
    let mut total: i64 = 0;
    for holding in held {
        let end = holding.end?;
        let taken = match (unit, calendar) {
            (Unit::BusinessMinutes, Some(calendar)) => {
                Some(calendar.between(holding.start, end).ok()?)
            }
            // Business time without a calendar is no time at all: nothing is guessed.
            (Unit::BusinessMinutes, None) => return None,
            _ => end.since(holding.start),
        };
        total = total.saturating_add(minutes(taken));
    }
    Some(total)
}

fn minutes(elapsed: Option<Elapsed>) -> i64 {
    let seconds = elapsed.map_or(0, Elapsed::seconds);
    i64::try_from(seconds / 60).unwrap_or(i64::MAX)
}
