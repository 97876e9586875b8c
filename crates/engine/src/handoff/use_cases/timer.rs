//! What Baton reports: a timer that is due, and how an attempt at a step ended.

use baton_mission::handoff::{Ask, AttemptOutcome, Step};
use baton_mission::names::Revision;
use baton_terms::Id;

use super::ask::ask;
use crate::handoff::call::{Call, Outcome};
use crate::handoff::desk::Desk;
use crate::handoff::failure::Failure;

/// Fires a timer of a handoff.
///
/// # Errors
/// When it is not set or not due by the desk's clock, or the store fails.
pub fn fire(desk: &Desk<'_>, call: &Call<'_>, timer: Revision) -> Result<Outcome, Failure> {
    ask(desk, call, &Ask::Fire { timer })
}

/// How an attempt at a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The step.
    pub step: Step,
    /// How it ended.
    pub result: AttemptOutcome,
    /// What undoes it, where it left something behind in the world.
    pub compensation: Option<Id>,
}

/// Reports how an attempt at a step ended; what follows is the contract's policy.
///
/// # Errors
/// When the lifecycle refuses, or the store fails.
pub fn report(desk: &Desk<'_>, call: &Call<'_>, attempt: &Attempt) -> Result<Outcome, Failure> {
    let report = Ask::Report {
        step: attempt.step,
        result: attempt.result.clone(),
        compensation: attempt.compensation.clone(),
    };
    ask(desk, call, &report)
}
