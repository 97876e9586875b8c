//! A plan of four stages, handoffs drawn from a seed, and a rollout with its record.

use baton_contract::model::{BucketingUnit, Metric, NoData};
use baton_terms::{Digest, Elapsed, Id, Instant};

use super::super::*;
use crate::names::Principal;

pub(super) fn id(text: &str) -> Id {
    text.parse().unwrap()
}

pub(super) fn person(name: &str) -> Principal {
    name.parse().unwrap()
}

pub(super) fn at(minutes: u64) -> Instant {
    let start: Instant = "2026-01-12T08:00:00Z".parse().unwrap();
    start
        .checked_add(Elapsed::from_seconds(minutes * 60))
        .unwrap()
}

pub(super) fn stage(percent: u32, hold_minutes: u64) -> PlanStage {
    PlanStage {
        percent,
        hold: Elapsed::from_seconds(hold_minutes * 60),
    }
}

pub(super) fn bounces(harm_above: i64, pass_below: i64) -> Judged {
    Judged {
        metric: Metric::BounceRate,
        rule: Rule::Share {
            harm_above,
            pass_below,
            stable_at_most: 3_000,
        },
        minimum_sample: 30,
    }
}

pub(super) fn plan(stages: &[PlanStage], metrics: Vec<Judged>) -> Plan {
    Plan {
        id: id("rollout-1"),
        versions: Versions {
            contract: id("requirements"),
            stable: Digest::of(b"stable"),
            canary: Digest::of(b"canary"),
        },
        flag: id("requirements-v2"),
        algorithm: id(SHA256_MODULO_V1),
        unit: BucketingUnit::WorkItem,
        stages: stages.to_vec(),
        metrics,
        no_data: NoData::Hold,
        oversight: id("product-operations"),
        watch: Elapsed::from_seconds(30 * 86_400),
    }
}

/// Shadow, 5, 10, 50 and 100 percent, and bounces that may get worse by two in a hundred.
pub(super) fn usual() -> Plan {
    let stages = [0, 5, 10, 50, 100].map(|percent| stage(percent, 0));
    plan(&stages, vec![bounces(200, 200)])
}

/// A small generator (`SplitMix64`), so that a seed gives the same handoffs everywhere.
pub(super) struct Seed(pub(super) u64);

impl Seed {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn is_below(&mut self, basis_points: u64) -> bool {
        self.next() % 10_000 < basis_points
    }
}

pub(super) fn observation(minute: u64, arm: Arm, values: &[Option<i64>]) -> Observation {
    Observation {
        handoff: format!("h-{minute:07}").parse().unwrap(),
        at: at(minute),
        arm,
        values: values.to_vec(),
    }
}

/// A rollout, its record, and the handoffs it has seen.
pub(super) struct Driver {
    pub(super) rollout: Rollout,
    pub(super) records: Vec<Recorded>,
    pub(super) observations: Vec<Observation>,
    pub(super) shadow: Shadow,
}

impl Driver {
    pub(super) fn started(plan: Plan) -> Self {
        let mut driver = Self {
            rollout: Rollout::new(plan),
            records: Vec::new(),
            observations: Vec::new(),
            shadow: Shadow {
                assessed: 100,
                failed: 0,
            },
        };
        let canary = driver.rollout.plan.versions.canary;
        let start = Command::Start {
            by: person("ada"),
            validation: Some((Digest::of(b"report"), canary)),
        };
        driver.tell(&start, 0).unwrap();
        driver
    }

    pub(super) fn tell(&mut self, command: &Command, minute: u64) -> Result<usize, Refusal> {
        let events = decide(&self.rollout, command, at(minute))?;
        for event in &events {
            self.rollout = apply(self.rollout.clone(), event, at(minute)).unwrap();
            self.records.push(Recorded {
                baton: Format::V1,
                rollout: self.rollout.plan.id.clone(),
                sequence: self.rollout.revision,
                at: at(minute),
                event: event.clone(),
            });
        }
        let replayed = replay(self.rollout.plan.clone(), &self.records).unwrap();
        assert_eq!(replayed, self.rollout);
        Ok(events.len())
    }

    pub(super) fn evaluate(&mut self, minute: u64) -> usize {
        let found = Evaluated::Found {
            observations: self.observations.clone(),
            shadow: self.shadow,
        };
        self.tell(&Command::Evaluate(found), minute).unwrap()
    }

    pub(super) fn last_event(&self) -> &Event {
        &self.records.last().unwrap().event
    }
}
