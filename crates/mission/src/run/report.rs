//! The outcome report at a mission's end, and the follow-ups it queues.

use std::collections::BTreeMap;

use baton_contract::model::Direction;
use baton_scoring::wire::Posture;
use baton_terms::Id;
use serde::{Deserialize, Serialize};

use super::plan::{Capability, Goal};
use super::state::{Mission, Phase};

/// A measured outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// The outcome.
    pub outcome: Id,
    /// Its value, in its unit.
    pub value: i64,
    /// Cases it was measured on.
    pub sample: u64,
}

/// A queued task.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// What kind of task it is.
    pub kind: FollowUpKind,
    /// What is to be done.
    pub task: String,
    /// Role whose turn it is.
    pub owner: Id,
}

/// Why a task is queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FollowUpKind {
    /// A risk is not resolved.
    Risk,
    /// An approval is outstanding.
    Approval,
    /// Something can be done better.
    Optimization,
}

/// One outcome against its baseline and target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutcomeLine {
    /// The outcome.
    pub outcome: Id,
    /// Where it stood.
    pub baseline: Option<i64>,
    /// Where it was to get.
    pub target: i64,
    /// Where it is; nothing when it was not measured.
    pub value: Option<i64>,
    /// Cases it was measured on.
    pub sample: u64,
    /// Whether the target is met; nothing when too few cases say so. Unknown is never met.
    pub is_met: Option<bool>,
}

/// How a mission ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutcomeReport {
    /// The mission.
    pub mission: Id,
    /// What it ran.
    pub capability: Capability,
    /// What it was about.
    pub scope: String,
    /// How it ended.
    pub ended: &'static str,
    /// Its posture.
    pub posture: Option<Posture>,
    /// Its outcomes, in the plan's order.
    pub outcomes: Vec<OutcomeLine>,
    /// Steps that are done, and all steps.
    pub steps: (usize, usize),
    /// Rounds of attempts that failed.
    pub failures: u32,
    /// Telemetry links, with the mission's id filled in.
    pub links: BTreeMap<String, String>,
    /// What is queued, sorted, each once.
    pub follow_ups: Vec<FollowUp>,
}

/// Returns the report of a mission that parks or has ended, or nothing while it goes on.
pub fn outcome_report(mission: &Mission) -> Option<OutcomeReport> {
    if !mission.phase.is_parked() {
        return None;
    }
    let plan = &mission.plan;
    let outcomes: Vec<OutcomeLine> = plan.goals.iter().map(|goal| line(mission, goal)).collect();
    let fill = |(name, template): (&String, &String)| {
        (
            name.clone(),
            template.replace("{mission}", plan.id.as_str()),
        )
    };
    Some(OutcomeReport {
        mission: plan.id.clone(),
        capability: plan.capability,
        scope: plan.scope.clone(),
        ended: mission.phase.word(),
        posture: mission.posture,
        follow_ups: follow_ups(mission, &outcomes),
        outcomes,
        steps: (mission.done.len(), plan.steps.len()),
        failures: mission.failures,
        links: plan.links.iter().map(fill).collect(),
    })
}

/// Returns an outcome's line; of several measurements the last one counts.
fn line(mission: &Mission, goal: &Goal) -> OutcomeLine {
    let mut measures = mission.done.iter().flat_map(|done| &done.measured);
    let measure = measures.rfind(|measure| measure.outcome == goal.id);
    let is_enough = |measure: &&Measure| measure.sample >= goal.minimum_sample.max(1);
    OutcomeLine {
        outcome: goal.id.clone(),
        baseline: goal.baseline,
        target: goal.target,
        value: measure.map(|measure| measure.value),
        sample: measure.map_or(0, |measure| measure.sample),
        is_met: measure
            .filter(is_enough)
            .map(|measure| match goal.direction {
                Direction::Lower => measure.value <= goal.target,
                Direction::Higher => measure.value >= goal.target,
            }),
    }
}

fn follow_ups(mission: &Mission, outcomes: &[OutcomeLine]) -> Vec<FollowUp> {
    let owner = &mission.plan.oversight;
    let task = |kind, task: String| FollowUp {
        kind,
        task,
        owner: owner.clone(),
    };
    let mut queued: Vec<FollowUp> = mission
        .done
        .iter()
        .flat_map(|done| done.open.iter().cloned())
        .collect();
    for line in outcomes {
        let text = match line.is_met {
            Some(true) => continue,
            Some(false) => format!("outcome `{}` misses its target", line.outcome),
            None => format!("outcome `{}` is not known yet", line.outcome),
        };
        queued.push(task(FollowUpKind::Optimization, text));
    }
    if let Phase::RolledBack { left, .. } = &mission.phase {
        let text = |effect: &Id| format!("effect `{effect}` was left in place");
        queued.extend(
            left.iter()
                .map(|effect| task(FollowUpKind::Risk, text(effect))),
        );
    }
    if let Phase::Missing { missing } = &mission.phase {
        queued.extend(missing.iter().map(|missing| {
            let kind = if missing.what.starts_with("approval ") {
                FollowUpKind::Approval
            } else {
                FollowUpKind::Risk
            };
            task(kind, format!("provide {}", missing.what))
        }));
    }
    queued.sort();
    queued.dedup();
    queued
}
