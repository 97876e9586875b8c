//! What a mission is to do, fixed before it starts and never changed after.

use std::collections::BTreeMap;

use baton_contract::model::{Budget, Direction, Retries, RollbackTrigger};
use baton_terms::{Code, Digest, Id};
use serde::{Deserialize, Serialize};

use crate::compensation::Effect;

/// Preflight found something missing; nothing was executed.
pub const PREFLIGHT_MISSING: Code = Code::new(1354);
/// Steps one mission may have.
pub const STEPS_MAX: usize = 1_000;

/// What a mission runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Contracts, packages and handoffs.
    HandoffContracting,
    /// Root causes of failure from the history of work.
    FailureRootCauseMining,
}

/// How far a mission goes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Autonomy {
    /// From the first step to the last.
    Autonomous,
    /// A person confirms each step after the first.
    Guided,
}

/// Something without which a mission does not start.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "name", rename_all = "kebab-case")]
pub enum Need {
    /// A field of its inputs.
    Field(Id),
    /// A store, key, receiver or other thing it depends on.
    Dependency(Id),
    /// An approval by a role.
    Approval(Id),
    /// A validation report for the exact digest that is put into force.
    Validation(Digest),
}

/// What a step does to the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Footprint {
    /// It reads only.
    Reads,
    /// It changes something.
    Changes {
        /// What undoes the change; nothing when it cannot be undone.
        compensation: Option<Id>,
    },
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its id, unique in the mission.
    pub id: Id,
    /// What it does to the world.
    pub footprint: Footprint,
    /// Money units that each attempt at it costs.
    pub cost: u64,
}

/// A measurable result the mission is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// Id of the outcome.
    pub id: Id,
    /// Which way is better.
    pub direction: Direction,
    /// Where it stood, in the outcome's unit; nothing when it is measured first.
    pub baseline: Option<i64>,
    /// Where it is to get.
    pub target: i64,
    /// Fewest cases that say anything.
    pub minimum_sample: u64,
}

/// A guard that blocks by construction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guardrail {
    /// Only what was validated for its exact digest is put into force.
    Quality,
    /// Critical posture or repeated failures roll back.
    Reliability,
    /// Resources and money stay below their caps.
    Cost,
}

/// What a mission is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The mission.
    pub id: Id,
    /// What it runs.
    pub capability: Capability,
    /// What it is about, in words.
    pub scope: String,
    /// How far it goes by itself.
    pub autonomy: Autonomy,
    /// Flag that must be on; none when the mission is behind no flag.
    pub flag: Option<Id>,
    /// What must be there before it starts.
    pub needs: Vec<Need>,
    /// What it does, in order.
    pub steps: Vec<Step>,
    /// What it may cost.
    pub budget: Budget,
    /// How its steps are retried.
    pub retries: Retries,
    /// What rolls it back.
    pub roll_back_on: Vec<RollbackTrigger>,
    /// Failed rounds of attempts that count as repeated.
    pub failures: u32,
    /// What a rollback lands on.
    pub baseline: Option<Digest>,
    /// What it is judged by.
    pub goals: Vec<Goal>,
    /// Role that oversees it and is told when it is blocked.
    pub oversight: Id,
    /// URL templates for telemetry, by name.
    pub links: BTreeMap<String, String>,
}

impl Plan {
    /// Returns the step at `index`.
    pub fn step(&self, index: usize) -> Option<&Step> {
        self.steps.get(index)
    }

    /// Returns whether `trigger` rolls the mission back.
    pub fn rolls_back_on(&self, trigger: RollbackTrigger) -> bool {
        self.roll_back_on.contains(&trigger)
    }

    /// Returns the changes of the first `count` steps, in the order in which they were made.
    pub(super) fn changes(&self, count: usize) -> Vec<Effect> {
        let change = |step: &Step| match &step.footprint {
            Footprint::Reads => None,
            Footprint::Changes { compensation } => Some(Effect {
                id: step.id.clone(),
                compensation: compensation.clone(),
            }),
        };
        self.steps.iter().take(count).filter_map(change).collect()
    }
}

impl std::fmt::Display for Need {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Field(id) => write!(f, "field `{id}`"),
            Self::Dependency(id) => write!(f, "dependency `{id}`"),
            Self::Approval(role) => write!(f, "approval by `{role}`"),
            Self::Validation(digest) => write!(f, "validation report for {digest}"),
        }
    }
}
