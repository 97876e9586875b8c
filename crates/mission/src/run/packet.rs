//! The incident packet: what oversight receives when a mission is blocked.

use baton_scoring::wire::Posture;
use baton_terms::{Digest, Id};

use super::state::{Mark, Mission, Phase};
use super::wire::Why;
use crate::budget::{Cap, Reached};
use crate::compensation::{Failed, Progress};

/// Everything a person needs to decide about a blocked mission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// The mission.
    pub mission: Id,
    /// Role whose turn it is.
    pub owner: Id,
    /// Where the mission stands.
    pub phase: &'static str,
    /// Why it is blocked; nothing when it is quarantined or a compensation failed.
    pub why: Option<Why>,
    /// The compensation that failed.
    pub failed: Option<Failed>,
    /// Its posture.
    pub posture: Option<Posture>,
    /// Steps that are done, and all steps.
    pub steps: (usize, usize),
    /// What was used and the limit, of each thing that has one.
    pub budget: Vec<Reached>,
    /// What a rollback would land on.
    pub baseline: Option<Digest>,
    /// The events that led here, by their place in the trace, oldest first.
    pub events: Vec<Mark>,
    /// How many earlier ones are left out.
    pub events_left_out: u64,
    /// What the owner can do now.
    pub choices: Vec<&'static str>,
}

/// Returns the packet of a mission that is blocked, or nothing while it is not.
pub fn packet(mission: &Mission) -> Option<Packet> {
    let (why, failed, choices) = match &mission.phase {
        Phase::Escalated { why } => {
            let choices = match why {
                Why::StepFailed { .. } | Why::FailedGuardrail { .. } => {
                    vec!["resume", "roll-back", "withdraw"]
                }
                Why::CriticalPosture | Why::CapReached { .. } => vec!["roll-back", "withdraw"],
                Why::NoBaseline { .. } => vec!["withdraw"],
            };
            (Some(why.clone()), None, choices)
        }
        Phase::Quarantined { .. } => (None, None, vec!["roll-back", "withdraw"]),
        Phase::RollingBack { unwinding, .. } => match unwinding.progress() {
            Progress::Blocked(failed) if failed.attempts == 0 => {
                (None, Some(failed.clone()), vec!["leave"])
            }
            Progress::Blocked(failed) => (None, Some(failed.clone()), vec!["try-again", "leave"]),
            _ => return None,
        },
        _ => return None,
    };
    let used = |cap: Cap| {
        mission.meter.limit(cap).map(|limit| Reached {
            cap,
            limit,
            used: mission.used(cap),
            asked: 0,
        })
    };
    Some(Packet {
        mission: mission.plan.id.clone(),
        owner: mission.plan.oversight.clone(),
        phase: mission.phase.word(),
        why,
        failed,
        posture: mission.posture,
        steps: (mission.done.len(), mission.plan.steps.len()),
        budget: Cap::ALL.into_iter().filter_map(used).collect(),
        baseline: mission.plan.baseline,
        events: mission.marks.iter().cloned().collect(),
        events_left_out: mission.marks_dropped,
        choices: choices
            .into_iter()
            .filter(|choice| mission.allows(choice))
            .collect(),
    })
}

impl Mission {
    /// Returns whether a choice would be taken where the mission stands.
    fn allows(&self, choice: &str) -> bool {
        match choice {
            "roll-back" => self.plan.baseline.is_some(),
            "withdraw" => self.plan.changes(self.begun).is_empty(),
            _ => true,
        }
    }
}
