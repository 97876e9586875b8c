//! A follow-up as people and connectors are told of it, format `follow-up/v1`.

use baton_mission::handoff::{FollowUp, FollowUpKind};
use baton_report::mission::FollowUp as OfMission;
use baton_terms::{Digest, Id, Instant};
use serde::{Deserialize, Serialize};

use super::leftovers::due;

/// The format's name.
pub const TASK_FORMAT: &str = "follow-up/v1";
/// Digits of a digest that tell the follow-ups of one mission apart.
const DIGITS: usize = 12;

/// One follow-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Always `follow-up/v1`.
    pub baton: String,
    /// The same however often it is queued or told.
    pub id: String,
    /// What left it over.
    pub source: Source,
    /// What kind of task it is.
    pub kind: String,
    /// The clause, where it is about one.
    pub subject: Option<String>,
    /// What is to be done.
    pub what: String,
    /// Why.
    pub why: String,
    /// Role that has to act.
    pub owner: Id,
    /// When it was queued.
    pub queued: Instant,
    /// By when it is to be done.
    pub due: Instant,
}

/// What left a follow-up over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// `handoff` or `mission`.
    pub kind: String,
    /// Its name.
    pub name: String,
}

impl Task {
    /// Returns the follow-up of a handoff; `fix` is what the check said to do, where it said anything.
    pub fn of_handoff(
        handoff: &str,
        (follow_up, fix): (&FollowUp, Option<&str>),
        queued: Instant,
    ) -> Self {
        let clause = &follow_up.subject;
        let what = match fix.filter(|fix| !fix.is_empty()) {
            Some(fix) => fix.to_owned(),
            None => format!("meet the clause `{clause}`"),
        };
        let (kind, why) = match follow_up.kind {
            FollowUpKind::UnresolvedRisk => (
                "unresolved-risk",
                format!("the clause `{clause}` was not met and did not stop the handoff"),
            ),
            FollowUpKind::PendingClause => (
                "pending-clause",
                format!("the clause `{clause}` only warns for now"),
            ),
            FollowUpKind::WaiverDebt => (
                "waiver-debt",
                format!("the clause `{clause}` is waived for now"),
            ),
        };
        Self {
            baton: TASK_FORMAT.to_owned(),
            id: follow_up.id.clone(),
            source: Source {
                kind: "handoff".to_owned(),
                name: handoff.to_owned(),
            },
            kind: kind.to_owned(),
            subject: Some(clause.to_string()),
            what,
            why,
            owner: follow_up.owner.clone(),
            queued,
            due: due(follow_up.due, queued),
        }
    }

    /// Returns the follow-up of a mission.
    pub fn of_mission(run: &str, follow_up: &OfMission, queued: Instant) -> Self {
        let digest = Digest::of(follow_up.task.as_bytes()).hex();
        let digits: String = digest.chars().take(DIGITS).collect();
        let why = match follow_up.kind.as_str() {
            "risk" => "a risk of the mission is not resolved",
            "approval" => "an approval of the mission is outstanding",
            _ => "something can be done better",
        };
        Self {
            baton: TASK_FORMAT.to_owned(),
            id: format!("{run}.{}.{digits}", follow_up.kind),
            source: Source {
                kind: "mission".to_owned(),
                name: run.to_owned(),
            },
            kind: follow_up.kind.clone(),
            subject: None,
            what: follow_up.task.clone(),
            why: why.to_owned(),
            owner: follow_up.owner.clone(),
            queued,
            due: due(None, queued),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: FOLLOW-UP-2
    #[test]
    fn every_follow_up_has_an_owner_a_day_and_something_to_do() {
        let queued: Instant = "2026-11-20T09:00:00Z".parse().unwrap();
        let mut follow_up = FollowUp {
            id: "web-41.unresolved-risk.states".to_owned(),
            kind: FollowUpKind::UnresolvedRisk,
            subject: "states".parse().unwrap(),
            owner: "designer".parse().unwrap(),
            due: None,
        };
        let task = Task::of_handoff("web-41", (&follow_up, Some("Draw them.")), queued);
        assert_eq!(task.what, "Draw them.");
        assert_eq!(task.due, "2026-12-04T09:00:00Z".parse().unwrap());
        follow_up.due = Some(queued);
        let task = Task::of_handoff("web-41", (&follow_up, Some("")), queued);
        assert_eq!(
            (task.what.as_str(), task.due),
            ("meet the clause `states`", queued)
        );
        let of_mission = OfMission {
            kind: "optimization".to_owned(),
            task: "outcome `met` misses its target".to_owned(),
            owner: "product-lead".parse().unwrap(),
        };
        let task = Task::of_mission("weekly-1", &of_mission, queued);
        assert_eq!(
            task.id,
            Task::of_mission("weekly-1", &of_mission, queued).id
        );
        assert!(task.id.starts_with("weekly-1.optimization."), "{}", task.id);
        assert_eq!(
            (task.owner.as_str(), task.due),
            ("product-lead", "2026-12-04T09:00:00Z".parse().unwrap())
        );
    }
}
