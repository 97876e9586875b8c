//! What a command causes. A pure function: the same mission, command and instant give the same events.

use baton_contract::model::RollbackTrigger;
use baton_scoring::wire::Posture;
use baton_terms::{Digest, Id, Instant};

use super::apply::apply;
use super::plan::{Autonomy, Guardrail};
use super::preflight::{Readings, preflight};
use super::refusal::Refusal;
use super::state::{Mission, Phase};
use super::wire::{Event, Outcome, RollbackCause, Why};
use crate::budget::Reached;
use crate::compensation::{self, Progress};
use crate::names::Principal;
use crate::retry::{Failure, Next, Policy};

/// What is asked of a mission, or told to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Start, with what was read for preflight.
    Start(Readings),
    /// An attempt at a step ended.
    Report(Report),
    /// A timer fired, or a node recovered the mission.
    Wake,
    /// A person lets the next step begin.
    Confirm {
        /// Who.
        principal: Principal,
    },
    /// A guardrail failed, or could not be told, which is the same.
    FailGuardrail {
        /// Which.
        guardrail: Guardrail,
        /// What was found.
        reason: String,
    },
    /// Something happened to the effect that is being undone.
    Unwind(compensation::Command),
    /// A person has a blocked mission go on.
    Resume {
        /// Who.
        principal: Principal,
        /// Why.
        reason: String,
    },
    /// A person has the mission rolled back.
    RollBack {
        /// Who.
        principal: Principal,
        /// Why.
        reason: String,
    },
    /// A person takes the mission back.
    Withdraw {
        /// Who.
        principal: Principal,
        /// Why.
        reason: String,
    },
}

/// How an attempt at a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// It was done, and done again to compare.
    Done {
        /// The step.
        step: Id,
        /// The attempt.
        attempt: u32,
        /// What it brought.
        outcome: Outcome,
        /// Digest of doing it again from the same inputs.
        replayed: Digest,
        /// How long a process was at it.
        driven_ms: u64,
    },
    /// It failed.
    Failed {
        /// The step.
        step: Id,
        /// The attempt.
        attempt: u32,
        /// Whether trying again may help.
        failure: Failure,
        /// Why.
        reason: String,
        /// How long a process was at it.
        driven_ms: u64,
    },
}

impl Command {
    /// Returns the word for the command.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Start(_) => "start",
            Self::Report(Report::Done { .. }) => "report-done",
            Self::Report(Report::Failed { .. }) => "report-failed",
            Self::Wake => "wake",
            Self::Confirm { .. } => "confirm",
            Self::FailGuardrail { .. } => "fail-guardrail",
            Self::Unwind(_) => "unwind",
            Self::Resume { .. } => "resume",
            Self::RollBack { .. } => "roll-back",
            Self::Withdraw { .. } => "withdraw",
        }
    }

    /// Returns the reason of a person's decision, where one is due.
    fn reason(&self) -> Option<&str> {
        match self {
            Self::Resume { reason, .. }
            | Self::RollBack { reason, .. }
            | Self::Withdraw { reason, .. } => Some(reason),
            _ => None,
        }
    }
}

/// Returns what `command` causes at `now`; nothing when it tells again what is known.
///
/// # Errors
/// When the mission does not take the command where it stands.
pub fn decide(mission: &Mission, command: &Command, now: Instant) -> Result<Vec<Event>, Refusal> {
    if command
        .reason()
        .is_some_and(|reason| reason.trim().is_empty())
    {
        return Err(Refusal::NoReason {
            command: command.word(),
        });
    }
    // A clock that went back never makes the mission younger.
    let now = mission.latest.map_or(now, |latest| latest.max(now));
    let mut course = Course {
        mission: mission.clone(),
        events: Vec::new(),
        now,
    };
    match (&mission.phase, command) {
        (Phase::Drafted | Phase::Missing { .. }, Command::Start(readings)) => {
            course.start(readings);
        }
        (_, Command::Report(report)) => course.report(report)?,
        (phase, Command::Wake) if !phase.is_terminal() => course.wake(),
        (Phase::Confirming { step }, Command::Confirm { principal }) => {
            course.confirm(*step, principal);
        }
        (phase, Command::FailGuardrail { guardrail, reason }) if phase.is_active() => {
            course.fail_guardrail(*guardrail, reason);
        }
        (Phase::RollingBack { unwinding, .. }, Command::Unwind(command)) => {
            if let Some(event) = compensation::decide(unwinding, command)? {
                course.push(Event::Unwound { event });
                course.land();
            }
        }
        (Phase::Escalated { why }, Command::Resume { principal, reason }) => {
            course.resume(why, principal, reason)?;
        }
        (phase, Command::RollBack { principal, reason }) if phase.may_roll_back() => {
            if mission.plan.baseline.is_none() {
                return Err(Refusal::NoBaseline);
            }
            course.roll_back(RollbackCause::Asked {
                principal: principal.clone(),
                reason: reason.clone(),
            });
        }
        (phase, Command::Withdraw { principal, reason }) if phase.may_be_withdrawn() => {
            if !mission.plan.changes(mission.begun).is_empty() {
                return Err(Refusal::RollBackInstead);
            }
            course.push(Event::Withdrawn {
                principal: principal.clone(),
                reason: reason.clone(),
            });
        }
        (phase, command) => return Err(illegal(phase, command)),
    }
    Ok(course.events)
}

fn illegal(phase: &Phase, command: &Command) -> Refusal {
    Refusal::IllegalTransition {
        phase: phase.word(),
        command: command.word(),
    }
}

/// A decision in the making: the events so far and the mission after them.
struct Course {
    mission: Mission,
    events: Vec<Event>,
    now: Instant,
}

impl Course {
    fn push(&mut self, event: Event) {
        // Every event pushed here follows from the phase that was matched; one that did not would be
        // refused by `apply` when it is recorded, so nothing is hidden by leaving the mission as it is.
        if let Ok(next) = apply(self.mission.clone(), &event, self.now) {
            self.mission = next;
        }
        self.events.push(event);
    }

    fn start(&mut self, readings: &Readings) {
        let missing = preflight(&self.mission.plan, readings);
        if missing.is_empty() {
            self.begin(Event::Started);
        } else {
            self.push(Event::PreflightMissing { missing });
        }
    }

    /// Begins an attempt with `event`, unless the budget has no room for it.
    fn begin(&mut self, event: Event) {
        let caps = self
            .mission
            .caps_reached(0, &self.mission.attempt_charges());
        if caps.is_empty() {
            self.push(event);
        } else {
            self.escalate(Why::CapReached { caps });
        }
    }

    fn report(&mut self, report: &Report) -> Result<(), Refusal> {
        let (Report::Done { step, attempt, .. } | Report::Failed { step, attempt, .. }) = report;
        if self.is_known(report)? {
            return Ok(());
        }
        let current = match self.mission.phase {
            Phase::Executing { step, attempt } => self.mission.step_id(step).zip(Some(attempt)),
            _ => None,
        };
        if current != Some((step, *attempt)) {
            return Err(Refusal::NotUnderWay {
                step: step.clone(),
                attempt: *attempt,
            });
        }
        match report {
            Report::Done {
                outcome,
                replayed,
                driven_ms,
                ..
            } => self.done(step, (outcome, replayed), *driven_ms),
            Report::Failed {
                failure,
                reason,
                driven_ms,
                ..
            } => self.failed((step, *attempt), (*failure, reason), *driven_ms),
        }
        Ok(())
    }

    /// Returns whether a report tells again what is known.
    fn is_known(&self, report: &Report) -> Result<bool, Refusal> {
        let (Report::Done { step, attempt, .. } | Report::Failed { step, attempt, .. }) = report;
        let place = self
            .mission
            .plan
            .steps
            .iter()
            .position(|other| other.id == *step);
        let done = place.and_then(|place| self.mission.done.get(place));
        match (done, report) {
            (Some(done), Report::Done { outcome, .. }) if done.output == outcome.output => Ok(true),
            (Some(_), Report::Done { .. }) => Err(Refusal::Contradiction { step: step.clone() }),
            // A failure of an attempt that another one has replaced changes nothing any more.
            (Some(_), Report::Failed { .. }) => Ok(true),
            (None, Report::Failed { .. }) => Ok(match self.mission.phase {
                Phase::Executing { step, attempt: now }
                | Phase::Retrying {
                    step, attempt: now, ..
                } => place == Some(step) && *attempt < now,
                _ => false,
            }),
            (None, Report::Done { .. }) => Ok(false),
        }
    }

    fn done(&mut self, step: &Id, (outcome, replayed): (&Outcome, &Digest), driven_ms: u64) {
        if outcome.output != *replayed {
            return self.push(Event::Quarantined {
                step: step.clone(),
                output: outcome.output,
                replayed: *replayed,
            });
        }
        let caps = self.mission.caps_reached(driven_ms, &outcome.used);
        let before = self.mission.posture;
        self.push(Event::StepDone {
            step: step.clone(),
            outcome: outcome.clone(),
            driven_ms,
        });
        if before != Some(outcome.posture) {
            self.push(Event::PostureChanged {
                from: before,
                to: outcome.posture,
                step: step.clone(),
            });
        }
        // Harm comes before cost: a critical posture is undone even where a cap is reached too.
        if outcome.posture == Posture::Critical {
            self.trigger(RollbackTrigger::CriticalPosture, Why::CriticalPosture);
        } else if caps.is_empty() {
            self.go_on();
        } else {
            self.escalate(Why::CapReached { caps });
        }
    }

    /// Begins the next step, asks for it, or ends the mission.
    fn go_on(&mut self) {
        let next = self.mission.done.len();
        let Some(step) = self.mission.step_id(next).cloned() else {
            return self.push(Event::Completed);
        };
        match self.mission.plan.autonomy {
            Autonomy::Autonomous => self.begin(Event::StepBegan { step }),
            Autonomy::Guided => self.push(Event::ConfirmationAsked { step }),
        }
    }

    fn failed(
        &mut self,
        (step, attempt): (&Id, u32),
        (failure, reason): (Failure, &str),
        driven_ms: u64,
    ) {
        let policy = Policy::new(self.mission.plan.retries);
        let subject = format!("{}/{step}", self.mission.plan.id);
        let next = match policy.after_failure(&subject, attempt, (failure, self.now)) {
            Next::Attempt { at, .. } => Some(at),
            Next::Exhausted(_) => None,
        };
        self.push(Event::AttemptFailed {
            step: step.clone(),
            attempt,
            reason: reason.to_owned(),
            next,
            driven_ms,
        });
        let caps = self.mission.caps_reached(0, &[]);
        if !caps.is_empty() {
            self.escalate(Why::CapReached { caps });
        } else if next.is_none() {
            let why = Why::StepFailed {
                step: step.clone(),
                reason: reason.to_owned(),
            };
            if self.mission.failures >= self.mission.plan.failures {
                self.trigger(RollbackTrigger::RepeatedFailures, why);
            } else {
                self.escalate(why);
            }
        }
    }

    fn wake(&mut self) {
        let caps = self.mission.caps_reached(0, &[]);
        if self.mission.phase.is_active() && !caps.is_empty() {
            return self.escalate(Why::CapReached { caps });
        }
        if let Phase::Retrying { step, attempt, at } = self.mission.phase
            && self.now >= at
            && let Some(step) = self.mission.step_id(step).cloned()
        {
            self.begin(Event::AttemptBegan { step, attempt });
        }
    }

    fn confirm(&mut self, step: usize, principal: &Principal) {
        if let Some(step) = self.mission.step_id(step).cloned() {
            self.begin(Event::Confirmed {
                step,
                principal: principal.clone(),
            });
        }
    }

    fn fail_guardrail(&mut self, guardrail: Guardrail, reason: &str) {
        self.push(Event::GuardrailFailed {
            guardrail,
            reason: reason.to_owned(),
        });
        let trigger = RollbackTrigger::FailedGuardrail;
        self.trigger_as(
            trigger,
            RollbackCause::FailedGuardrail { guardrail },
            Why::FailedGuardrail { guardrail },
        );
    }

    fn resume(&mut self, why: &Why, principal: &Principal, reason: &str) -> Result<(), Refusal> {
        if let Why::CriticalPosture | Why::NoBaseline { .. } = why {
            let command = "resume";
            let phase = "escalated";
            return Err(Refusal::IllegalTransition { phase, command });
        }
        let charges = self.mission.attempt_charges();
        let caps: Vec<Reached> = self.mission.caps_reached(0, &charges);
        if let Some(cap) = caps.first() {
            return Err(Refusal::CapStillReached(*cap));
        }
        // A cap that was overrun by a step that is done stays overrun.
        if let Some(cap) = self.mission.overrun() {
            return Err(Refusal::CapStillReached(cap));
        }
        self.push(Event::Resumed {
            principal: principal.clone(),
            reason: reason.to_owned(),
        });
        Ok(())
    }

    fn trigger(&mut self, trigger: RollbackTrigger, why: Why) {
        let cause = match trigger {
            RollbackTrigger::RepeatedFailures => RollbackCause::RepeatedFailures {
                failures: self.mission.failures,
            },
            _ => RollbackCause::CriticalPosture,
        };
        self.trigger_as(trigger, cause, why);
    }

    fn trigger_as(&mut self, trigger: RollbackTrigger, cause: RollbackCause, why: Why) {
        if self.mission.plan.rolls_back_on(trigger) {
            self.roll_back(cause);
        } else {
            self.escalate(why);
        }
    }

    fn roll_back(&mut self, cause: RollbackCause) {
        if self.mission.plan.baseline.is_none() {
            return self.escalate(Why::NoBaseline { cause });
        }
        self.push(Event::RollbackStarted { cause });
        self.land();
    }

    /// Ends a rollback once nothing is left to undo.
    fn land(&mut self) {
        if let Phase::RollingBack { unwinding, to, .. } = &self.mission.phase
            && let Progress::Clean | Progress::Left(_) = unwinding.progress()
        {
            let to = *to;
            self.push(Event::RolledBack { to });
        }
    }

    fn escalate(&mut self, why: Why) {
        self.push(Event::Escalated { why });
    }
}
