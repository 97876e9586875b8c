//! A plan, a language of short commands, and a mission with its record.

use std::collections::BTreeMap;

use baton_contract::model::{Budget, Direction, Retries, RollbackTrigger};
use baton_scoring::wire::Posture;
use baton_terms::{Digest, Elapsed, Id, Instant};

use super::super::*;
use crate::budget::{Cap, Charge};
use crate::compensation;
use crate::names::Principal;
use crate::retry::Failure;

pub(super) fn id(text: &str) -> Id {
    text.parse().unwrap()
}

pub(super) fn at(seconds: u64) -> Instant {
    let start: Instant = "2026-01-12T08:00:00Z".parse().unwrap();
    start.checked_add(Elapsed::from_seconds(seconds)).unwrap()
}

/// Reads `read`, then changes something in `write`, then changes something for good in `mail-forever`.
pub(super) fn plan(steps: &[&str]) -> Plan {
    let step = |name: &&str| Step {
        id: id(name),
        footprint: if name.starts_with("read") {
            Footprint::Reads
        } else {
            Footprint::Changes {
                compensation: (!name.ends_with("forever")).then(|| id("undo")),
            }
        },
        cost: 5,
    };
    Plan {
        id: id("mission-1"),
        capability: Capability::HandoffContracting,
        scope: "incidents of May".to_owned(),
        autonomy: Autonomy::Autonomous,
        flag: Some(id("contracts-on")),
        needs: vec![
            Need::Field(id("log")),
            Need::Dependency(id("store")),
            Need::Approval(id("owner")),
            Need::Validation(Digest::of(b"contract")),
        ],
        steps: steps.iter().map(step).collect(),
        budget: Budget::default(),
        retries: Retries::default(),
        roll_back_on: vec![
            RollbackTrigger::CriticalPosture,
            RollbackTrigger::RepeatedFailures,
            RollbackTrigger::FailedGuardrail,
        ],
        failures: 2,
        baseline: Some(Digest::of(b"stable")),
        goals: vec![Goal {
            id: id("bounces"),
            direction: Direction::Lower,
            baseline: Some(900),
            target: 300,
            minimum_sample: 20,
        }],
        oversight: id("operations"),
        links: BTreeMap::from([("trace".to_owned(), "https://t.example/{mission}".to_owned())]),
    }
}

pub(super) fn readings(plan: &Plan) -> Readings {
    let present = |need: &Need| (need.clone(), Presence::Present);
    Readings {
        needs: plan.needs.iter().map(present).collect(),
        flags: plan
            .flag
            .iter()
            .map(|flag| (flag.clone(), FlagPosture::On))
            .collect(),
    }
}

pub(super) fn done(step: &str, attempt: u32, posture: Posture) -> StepReport {
    let output = Digest::of(step.as_bytes());
    StepReport::Done {
        step: id(step),
        attempt,
        outcome: Outcome {
            output,
            posture,
            used: vec![Charge {
                cap: Cap::Rows,
                amount: 10,
            }],
            measured: Vec::new(),
            open: Vec::new(),
        },
        replayed: output,
        driven_ms: 10_000,
    }
}

/// Reads a command: `start`, `ok STEP [N]`, `critical STEP`, `drift STEP`, `fail STEP N`, `broken STEP`,
/// `wake`, `yes`, `guard`, `undone STEP`, `stuck STEP`, `again`, `leave`, `resume`, `roll-back`, `withdraw`.
pub(super) fn command(plan: &Plan, text: &str) -> Command {
    let words: Vec<&str> = text.split(' ').collect();
    let step = words.get(1).copied().unwrap_or("read");
    let attempt = words.get(2).map_or(1, |number| number.parse().unwrap());
    let principal: Principal = "ines".parse().unwrap();
    let reason = "seen".to_owned();
    let failed = |failure| {
        Command::Report(StepReport::Failed {
            step: id(step),
            attempt,
            failure,
            reason: "no answer".to_owned(),
            driven_ms: 10_000,
        })
    };
    match words[0] {
        "start" => Command::Start(readings(plan)),
        "ok" => Command::Report(done(step, attempt, Posture::Ready)),
        "critical" => Command::Report(done(step, attempt, Posture::Critical)),
        "drift" => {
            let StepReport::Done {
                step,
                attempt,
                outcome,
                ..
            } = done(step, attempt, Posture::Ready)
            else {
                unreachable!()
            };
            Command::Report(StepReport::Done {
                step,
                attempt,
                outcome,
                replayed: Digest::of(b"other"),
                driven_ms: 0,
            })
        }
        "fail" => failed(Failure::Transient),
        "broken" => failed(Failure::Permanent),
        "wake" => Command::Wake,
        "yes" => Command::Confirm { principal },
        "guard" => Command::FailGuardrail {
            guardrail: Guardrail::Quality,
            reason,
        },
        "undone" => Command::Unwind(compensation::Command::Compensated { effect: id(step) }),
        "stuck" => Command::Unwind(compensation::Command::Fail {
            effect: id(step),
            reason,
        }),
        "again" => Command::Unwind(compensation::Command::TryAgain),
        "leave" => Command::Unwind(compensation::Command::Leave { principal, reason }),
        "resume" => Command::Resume { principal, reason },
        "roll-back" => Command::RollBack { principal, reason },
        _ => Command::Withdraw { principal, reason },
    }
}

/// A mission with its record and everything that was told about it.
pub(super) struct World {
    pub(super) mission: Mission,
    pub(super) records: Vec<Recorded>,
    pub(super) notices: Vec<NoticeKind>,
    pub(super) now: u64,
}

impl World {
    pub(super) fn new(plan: Plan) -> Self {
        Self {
            mission: Mission::new(plan),
            records: Vec::new(),
            notices: Vec::new(),
            now: 0,
        }
    }

    /// Takes one command ten seconds after the one before.
    pub(super) fn take(&mut self, text: &str) -> Result<Vec<&'static str>, Refusal> {
        self.now += 10;
        let command = command(self.mission.plan(), text);
        let events = decide(&self.mission, &command, at(self.now))?;
        let mut words = Vec::new();
        for event in events {
            let next = apply(self.mission.clone(), &event, at(self.now)).unwrap();
            let notice = notice(&self.mission, &next);
            self.notices.extend(notice.map(|notice| notice.kind));
            self.mission = next;
            words.push(event.word());
            self.records.push(Recorded {
                baton: Format::V1,
                mission: self.mission.plan().id.clone(),
                sequence: self.mission.revision(),
                at: at(self.now),
                event,
            });
        }
        Ok(words)
    }

    pub(super) fn run(plan: Plan, commands: &str) -> Self {
        let mut world = Self::new(plan);
        for text in commands.split(", ").filter(|text| !text.is_empty()) {
            world
                .take(text)
                .unwrap_or_else(|refusal| panic!("{text}: {refusal}"));
        }
        world
    }
}

#[track_caller]
pub(super) fn check(plan: Plan, commands: &str, phase: &str) -> World {
    let world = World::run(plan.clone(), commands);
    assert_eq!(world.mission.phase().word(), phase, "{commands}");
    // Recovery is replay: the record alone leads to the same mission and the same effects.
    let again = replay(plan, &world.records).unwrap();
    assert_eq!(again, world.mission, "{commands}");
    assert_eq!(next_effects(&again), next_effects(&world.mission));
    world
}

pub(super) const STEPS: &[&str] = &["read", "write", "tell"];
