//! Rollouts: a contract version is exposed stage by stage, and each stage proves itself or ends it.
//!
//! [`Analysis`] weighs canary against stable as handoffs finish, [`decide`] says what follows, [`apply`]
//! what a rollout is after an event. The normative page is `docs/spec/rollouts.md`.

mod aftermath;
mod analysis;
mod apply;
mod bucket;
mod decide;
mod evidence;
mod observe;
mod pairing;
mod plan;
mod refusal;
mod state;
mod wire;

pub use analysis::{Analysis, Hold, MetricReading, Shadow, Verdict};
pub use apply::{OutOfPlace, apply, replay};
pub use bucket::{Arm, SHA256_MODULO_V1, UnknownAlgorithm, arm, bucket};
pub use decide::{Command, Evaluated, decide};
pub use observe::Measure;
pub use plan::{
    FALSE_ADVANCES_ONE_IN, FALSE_ROLLBACKS_ONE_IN, Judged, OBSERVATIONS_MAX, Observation, Plan,
    PlanStage, ROLLOUT_UNUSABLE, Rule, Versions, window,
};
pub use refusal::{ROLLOUT_REFUSED, Refusal};
pub use state::{Phase, Rollout};
pub use wire::{Event, FORMAT, Format, Recorded, RollbackCause};

#[cfg(test)]
mod tests;
