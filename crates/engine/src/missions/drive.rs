//! Drives a mission until it ends or waits for people: asks what is to be performed, has it performed,
//! and reports back.

use baton_mission::compensation;
use baton_mission::retry::Failure;
use baton_mission::run::{Command, Effect, Outcome, StepReport, next_effects};
use baton_terms::{Digest, Id, Instant};

use super::keeper::{KeepError, Keeper};

/// A step that was done, and done again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Performed {
    /// What it brought.
    pub outcome: Outcome,
    /// The document whose digest is the outcome's output.
    pub document: Vec<u8>,
    /// Digest of doing it again.
    pub replayed: Digest,
    /// Further documents to keep.
    pub beside: Vec<Vec<u8>>,
}

/// A step that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepFailure {
    /// Whether trying again may help.
    pub failure: Failure,
    /// Why.
    pub reason: String,
}

/// Performs steps; doing one twice from the same inputs is harmless.
pub trait Performer {
    /// Does a step, and does it again in another way to compare; `documents` are those of the steps before it.
    ///
    /// # Errors
    /// When it cannot be done.
    fn perform(&mut self, step: &Id, documents: &[Vec<u8>]) -> Result<Performed, StepFailure>;

    /// Undoes the change of a step.
    ///
    /// # Errors
    /// When it cannot be undone.
    fn compensate(&mut self, effect: &Id, compensation: &Id) -> Result<(), String>;
}

/// Where a mission stands after one thing was done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There may be more to do.
    Moved,
    /// Nothing is to be done before this instant.
    Waiting(Instant),
    /// It has ended, or waits for people.
    Parked,
}

/// Does the next thing that is to be done about a mission, if its time has come.
///
/// # Errors
/// When the store or the record fails; what was not kept is done again by whoever advances it next.
pub fn advance(
    keeper: &mut Keeper<'_>,
    performer: &mut dyn Performer,
) -> Result<Progress, KeepError> {
    let effects = next_effects(keeper.mission());
    let Some(effect) = effects.into_iter().next() else {
        return Ok(Progress::Parked);
    };
    match effect {
        Effect::Perform { step, attempt, .. } => {
            let documents = documents(keeper)?;
            let began = keeper.time().now();
            let (mut report, kept) = report((step, attempt), performer, &documents);
            let (StepReport::Done { driven_ms, .. } | StepReport::Failed { driven_ms, .. }) =
                &mut report;
            *driven_ms = millis(began, keeper.time().now());
            keeper.commit(&Command::Report(report), &kept)?;
        }
        Effect::Compensate {
            effect,
            compensation,
            ..
        } => {
            let command = match performer.compensate(&effect, &compensation) {
                Ok(()) => compensation::Command::Compensated { effect },
                Err(reason) => compensation::Command::Fail { effect, reason },
            };
            keeper.commit(&Command::Unwind(command), &[])?;
        }
        Effect::WakeAt { at } if keeper.time().now() < at => return Ok(Progress::Waiting(at)),
        Effect::WakeAt { .. } => keeper.commit(&Command::Wake, &[])?,
    }
    Ok(Progress::Moved)
}

/// Drives a mission as far as it goes by itself, waiting for its retries.
///
/// # Errors
/// When the store or the record fails; running it again goes on where it stands.
pub fn drive(keeper: &mut Keeper<'_>, performer: &mut dyn Performer) -> Result<(), KeepError> {
    loop {
        match advance(keeper, performer)? {
            Progress::Moved => {}
            Progress::Waiting(at) => keeper.time().wait_until(at),
            Progress::Parked => return Ok(()),
        }
    }
}

/// Returns the milliseconds from one instant to another; none for a clock that went back.
fn millis(from: Instant, to: Instant) -> u64 {
    let span = to.timestamp().duration_since(from.timestamp());
    u64::try_from(span.as_millis()).unwrap_or_default()
}

fn report(
    (step, attempt): (Id, u32),
    performer: &mut dyn Performer,
    documents: &[Vec<u8>],
) -> (StepReport, Vec<Vec<u8>>) {
    match performer.perform(&step, documents) {
        Ok(done) => {
            let mut kept = done.beside;
            kept.push(done.document);
            let report = StepReport::Done {
                step,
                attempt,
                outcome: done.outcome,
                replayed: done.replayed,
                driven_ms: 0,
            };
            (report, kept)
        }
        Err(StepFailure { failure, reason }) => {
            let report = StepReport::Failed {
                step,
                attempt,
                failure,
                reason,
                driven_ms: 0,
            };
            (report, Vec::new())
        }
    }
}

/// Returns what the steps that are done have made, in order.
fn documents(keeper: &Keeper<'_>) -> Result<Vec<Vec<u8>>, KeepError> {
    let mut documents = Vec::new();
    for done in keeper.mission().done() {
        let document = keeper.document(&done.output)?;
        documents.push(document.ok_or_else(|| KeepError::Unreadable {
            stream: keeper.stream().to_string(),
            why: format!("the store has no document {}", done.output),
        })?);
    }
    Ok(documents)
}
