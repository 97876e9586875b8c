//! The outcome report of a run, from its state and the documents its steps made.

use baton_contract::model::Direction;
use baton_mission::run::{
    Autonomy, Capability, FollowUp, FollowUpKind, Mission, Phase, outcome_report,
};
use baton_report::mission::{
    HandoffFindings, Input, MiningFindings, MissionLine, OutcomeLine, OutcomeReport, REPORT_FORMAT,
    StepLine,
};
use baton_terms::Digest;

use super::findings::{Found, Judged, read};
use super::packet::escalation;
use super::run::{ENGINE, Run};

/// Returns how a mission ended, or where it stands; `document` finds what its steps made.
pub fn outcome(
    run: &Run,
    mission: &Mission,
    document: &dyn Fn(&Digest) -> Option<Vec<u8>>,
) -> OutcomeReport {
    let done = mission.done();
    let made = |place: usize| done.get(place).and_then(|done| document(&done.output));
    let found = made(1).and_then(|bytes| read::<Found>(&bytes).ok());
    let judged = made(2).and_then(|bytes| read::<Judged>(&bytes).ok());
    let (handoffs, mining) = parts(found);
    let plan = mission.plan();
    let told = outcome_report(mission);
    let steps = plan.steps.iter().zip(done);
    OutcomeReport {
        baton: REPORT_FORMAT.to_owned(),
        engine: ENGINE.to_owned(),
        run: run.id.to_string(),
        mission: mission_line(run),
        ended: mission.phase().word().to_owned(),
        posture: mission.posture(),
        inputs: run
            .inputs
            .iter()
            .map(|(name, digest)| Input {
                name: name.to_string(),
                digest: *digest,
            })
            .collect(),
        missing: match mission.phase() {
            Phase::Missing { missing } => missing
                .iter()
                .map(|missing| format!("{} (found {})", missing.what, missing.found))
                .collect(),
            _ => Vec::new(),
        },
        outcomes: outcomes(run, mission, judged.as_ref()),
        scorecard: judged.map(|judged| judged.scorecard).unwrap_or_default(),
        handoffs,
        mining,
        steps: steps
            .map(|(step, done)| StepLine {
                id: step.id.to_string(),
                output: done.output,
                posture: done.posture,
            })
            .collect(),
        steps_in_all: u64::try_from(plan.steps.len()).unwrap_or(u64::MAX),
        failures: mission.failures(),
        escalation: escalation(mission),
        baseline: plan.baseline,
        links: told
            .as_ref()
            .map(|told| told.links.clone())
            .unwrap_or_default(),
        follow_ups: told
            .map(|told| told.follow_ups.iter().map(follow_up).collect())
            .unwrap_or_default(),
    }
}

fn parts(found: Option<Found>) -> (Option<HandoffFindings>, Option<MiningFindings>) {
    match found {
        Some(Found::Handoffs(findings)) => (Some(findings), None),
        Some(Found::Causes(mined)) => (None, Some(mined.findings)),
        None => (None, None),
    }
}

fn mission_line(run: &Run) -> MissionLine {
    let file = &run.file;
    MissionLine {
        id: file.id.to_string(),
        title: file.title.clone(),
        digest: run.digest,
        capability: match file.capability {
            Capability::HandoffContracting => "handoff-contracting",
            Capability::FailureRootCauseMining => "failure-root-cause-mining",
        }
        .to_owned(),
        scope: file.scope.clone(),
        autonomy: match file.autonomy {
            Autonomy::Autonomous => "autonomous",
            Autonomy::Guided => "guided",
        }
        .to_owned(),
        oversight: file.oversight.to_string(),
        flag: file.flag.as_ref().map(|flag| flag.key.to_string()),
    }
}

fn outcomes(run: &Run, mission: &Mission, judged: Option<&Judged>) -> Vec<OutcomeLine> {
    let told = outcome_report(mission).map(|told| told.outcomes);
    let lines = run.file.goals.iter().zip(told.unwrap_or_default());
    lines
        .map(|(goal, told)| {
            let measured = judged.and_then(|judged| {
                let mut baselines = judged.baselines.iter();
                baselines.find(|(id, _)| id == goal.id.as_str())
            });
            OutcomeLine {
                id: goal.id.to_string(),
                title: goal.title.clone(),
                unit: goal.measure.unit().to_owned(),
                direction: match goal.direction {
                    Direction::Lower => "lower",
                    Direction::Higher => "higher",
                }
                .to_owned(),
                baseline: told.baseline.or(measured.map(|(_, value)| *value)),
                target: told.target,
                value: told.value,
                sample: told.sample,
                minimum_sample: goal.minimum_sample,
                is_met: told.is_met,
            }
        })
        .collect()
}

fn follow_up(follow_up: &FollowUp) -> baton_report::mission::FollowUp {
    baton_report::mission::FollowUp {
        kind: match follow_up.kind {
            FollowUpKind::Risk => "risk",
            FollowUpKind::Approval => "approval",
            FollowUpKind::Optimization => "optimization",
        }
        .to_owned(),
        task: follow_up.task.clone(),
        owner: follow_up.owner.clone(),
    }
}
