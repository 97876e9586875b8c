//! What is to be performed in a state, and whom a transition is told to.
//!
//! Both are functions of states alone: a node that takes a mission over asks again and gets the same
//! effects with the same keys, so that performing one twice can be seen to be the same.

use baton_terms::{Id, Instant};
use serde::{Deserialize, Serialize};

use super::state::{Mission, Phase};
use crate::compensation::Progress;

/// Something to be performed, at least once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Perform a step, and perform it again to compare.
    Perform {
        /// The step.
        step: Id,
        /// The attempt.
        attempt: u32,
        /// The same for every attempt, so that what receives it sees one request.
        key: String,
    },
    /// Undo an effect.
    Compensate {
        /// What is undone.
        effect: Id,
        /// What undoes it.
        compensation: Id,
        /// The same for every attempt, so that what receives it sees one request.
        key: String,
    },
    /// Wake the mission, not before `at`.
    WakeAt {
        /// When.
        at: Instant,
    },
}

/// What is told about a mission that parks or ends; written in the same transaction as its event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// Tells two deliveries of one notice from two notices.
    pub id: String,
    /// The mission.
    pub mission: Id,
    /// What it is about.
    pub kind: NoticeKind,
    /// Role told.
    pub to: Id,
    /// The event's place in the mission's trace.
    pub sequence: u64,
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Preflight found something missing.
    Missing,
    /// The next step waits for a person.
    Confirming,
    /// A compensation failed, or there is none.
    CompensationFailed,
    /// The mission is blocked.
    Escalated,
    /// Its determinism is broken.
    Quarantined,
    /// Every step is done.
    Completed,
    /// It is back at its baseline.
    RolledBack,
    /// It was taken back.
    Withdrawn,
}

/// Returns what is to be performed where `mission` stands.
pub fn next_effects(mission: &Mission) -> Vec<Effect> {
    let mut effects = Vec::new();
    match &mission.phase {
        Phase::Executing { step, attempt } => {
            if let Some(step) = mission.step_id(*step) {
                effects.push(Effect::Perform {
                    step: step.clone(),
                    attempt: *attempt,
                    key: format!("{}/{step}", mission.plan.id),
                });
            }
        }
        Phase::Retrying { at, .. } => effects.push(Effect::WakeAt { at: *at }),
        Phase::RollingBack { unwinding, .. } => {
            if let Progress::Next(effect) = unwinding.progress()
                && let Some(compensation) = &effect.compensation
            {
                effects.push(Effect::Compensate {
                    effect: effect.id.clone(),
                    compensation: compensation.clone(),
                    key: format!("{}/{}/undo", mission.plan.id, effect.id),
                });
            }
        }
        _ => {}
    }
    effects
}

/// Returns what is told when `before` becomes `after`; one notice each time a mission parks or ends.
pub fn notice(before: &Mission, after: &Mission) -> Option<Notice> {
    let parked = |mission: &Mission| mission.phase.is_parked().then(|| mission.phase.clone());
    let now = parked(after)?;
    if parked(before).as_ref() == Some(&now) {
        return None;
    }
    let kind = match now {
        Phase::Missing { .. } => NoticeKind::Missing,
        Phase::Confirming { .. } => NoticeKind::Confirming,
        Phase::Quarantined { .. } => NoticeKind::Quarantined,
        Phase::Completed => NoticeKind::Completed,
        Phase::RolledBack { .. } => NoticeKind::RolledBack,
        Phase::Withdrawn => NoticeKind::Withdrawn,
        Phase::RollingBack { .. } => NoticeKind::CompensationFailed,
        Phase::Escalated { .. }
        | Phase::Drafted
        | Phase::Executing { .. }
        | Phase::Retrying { .. } => NoticeKind::Escalated,
    };
    Some(Notice {
        id: format!("{}/{}", after.plan.id, after.revision),
        mission: after.plan.id.clone(),
        kind,
        to: after.plan.oversight.clone(),
        sequence: after.revision,
    })
}
