//! Missions: one run of a capability, from preflight to handoff, as a state machine.
//!
//! [`decide`] says what a command causes, [`apply`] what a mission is after an event, [`next_effects`]
//! what is to be performed in a state. Recovery replays the events and asks for the effects again.

mod apply;
mod decide;
mod effects;
mod packet;
mod plan;
mod preflight;
mod refusal;
mod report;
mod state;
mod wire;

pub use apply::{OutOfPlace, apply, replay};
pub use decide::{Command, Report as StepReport, decide};
pub use effects::{Effect, Notice, NoticeKind, next_effects, notice};
pub use packet::{Packet, packet};
pub use plan::{
    Autonomy, Capability, Footprint, Goal, Guardrail, Need, PREFLIGHT_MISSING, Plan, STEPS_MAX,
    Step,
};
pub use preflight::{FlagPosture, Missing, Presence, Readings, preflight};
pub use refusal::{CAP_REACHED, COMMAND_REFUSED, NO_BASELINE, Refusal};
pub use report::{FollowUp, FollowUpKind, Measure, OutcomeLine, OutcomeReport, outcome_report};
pub use state::{Mark, Mission, Phase};
pub use wire::{Event, FORMAT, Format, Outcome, Recorded, RollbackCause, Why};

#[cfg(test)]
mod tests;
