//! What a rollout's handoffs show: its members, read from their streams as far as these have grown since the last look.
//!
//! A watch holds nothing that is not in the store: who looks with a new one reads more, and finds the same.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use baton_contract::model::{RollbackTrigger, Unit};
use baton_mission::course::Course;
use baton_mission::names::HandoffId;
use baton_mission::rollout::{Arm, Measure, Observation, Rollout, Shadow, window};
use baton_terms::{Id, Instant};

use super::assignment::{Assignment, SHARDS, members};
use crate::handoff::{Beside, Desk, Failure, Pinned, Read, entry, stream_of};
use crate::port::StoreError;
use crate::trail::Trail;

/// Rollouts that are looked at, as they were seen last.
#[derive(Debug, Default)]
pub struct Watch {
    seen: Mutex<BTreeMap<Id, Members>>,
}

/// Members of one rollout.
#[derive(Debug, Default)]
struct Members {
    /// How many of each shard are known.
    known: BTreeMap<u32, u64>,
    handoffs: BTreeMap<HandoffId, Member>,
}

/// One handoff that a rollout compares.
#[derive(Debug, Default)]
struct Member {
    trail: Trail,
    course: Course,
    assignment: Option<Assignment>,
    shadow: Shadow,
    observation: Option<Observation>,
}

/// What the members of a rollout show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// Handoffs that have gone far enough to say how they went.
    pub observations: Vec<Observation>,
    /// What the new version did in shadow.
    pub shadow: Shadow,
    /// Handoffs under the stable version that have not gone far enough.
    pub waiting_stable: u64,
    /// The same, under the new version.
    pub waiting_canary: u64,
    /// A handoff whose posture the new version alone took to critical while its work was on its way.
    pub critical: Option<HandoffId>,
    /// How many handoffs of the new version failed in a row, where that is as often as its contract names and never happened to
    /// the stable version.
    pub failures: Option<u32>,
}

impl Watch {
    /// Returns what the members of a rollout show by `now`.
    ///
    /// # Errors
    /// When the store fails or holds what does not fit.
    pub fn shown(
        &self,
        desk: &Desk<'_>,
        (rollout, now): (&Rollout, Instant),
    ) -> Result<Shown, Failure> {
        let plan = &rollout.plan;
        let canary = desk.shelf.kept(desk.store(), plan.versions.canary)?;
        let units = units(&canary, rollout);
        let measure = Measure {
            plan,
            units: &units,
            calendar: canary.verdict_calendar(),
            window: window(canary.contract.contract(), &plan.metrics),
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let members = seen.entry(plan.id.clone()).or_default();
        members.find(desk, &plan.id)?;
        let mut shown = Shown::default();
        let mut endings = Vec::new();
        for (handoff, member) in &mut members.handoffs {
            member.read_on(desk, handoff)?;
            member.add_to(&mut shown, (&measure, now));
            if let Some((at, failed)) = member.course.ending()
                && let Some(assignment) = &member.assignment
            {
                endings.push((at, handoff, assignment.arm, failed));
            }
        }
        endings.sort();
        let in_a_row = |of: Arm| {
            let mut run = 0_u32;
            let mut longest = 0;
            for (_, _, arm, failed) in &endings {
                if *arm == of {
                    run = if *failed { run.saturating_add(1) } else { 0 };
                    longest = longest.max(run);
                }
            }
            longest
        };
        shown.failures = failures_named(&canary)
            .filter(|named| in_a_row(Arm::Canary) >= *named && in_a_row(Arm::Stable) < *named)
            .map(|_| in_a_row(Arm::Canary));
        Ok(shown)
    }
}

impl Members {
    /// Reads which handoffs have taken a place since the last look.
    fn find(&mut self, desk: &Desk<'_>, rollout: &Id) -> Result<(), Failure> {
        for shard in 0..SHARDS {
            let name = members(rollout, shard);
            let known = self.known.entry(shard).or_default();
            while let Some(taken) = desk.store().request(&format!("{name}/{}", *known + 1))? {
                let handoff = String::from_utf8(taken.answer).ok();
                let handoff = handoff.and_then(|text| text.parse::<HandoffId>().ok());
                let handoff = handoff.ok_or_else(|| StoreError::Damaged {
                    why: format!("place {} of `{name}` names no handoff", *known + 1),
                })?;
                self.handoffs.entry(handoff).or_default();
                *known += 1;
            }
        }
        Ok(())
    }
}

impl Member {
    fn read_on(&mut self, desk: &Desk<'_>, handoff: &HandoffId) -> Result<(), Failure> {
        if self.course.is_over() && self.observation.is_some() {
            return Ok(());
        }
        let (mut trail, mut course) = (self.trail, self.course.clone());
        let (mut shadow, mut assignment) = (self.shadow, self.assignment.clone());
        let stream = stream_of(handoff)?;
        trail.read_on::<Failure>(desk.store(), &stream, |found| {
            if let Some(given) = entry::assignment(&found)? {
                assignment = Some(given);
            }
            match entry::read(&found) {
                Some(Read::Event(event)) => course.note(&event),
                Some(Read::Beside(beside)) => {
                    course.note_beside(beside.posture);
                    let is_shadow = assignment.as_ref().is_some_and(|given| given.percent == 0);
                    if is_shadow && shadow == Shadow::default() {
                        shadow = in_shadow(&beside);
                    }
                }
                Some(Read::Decision) | None => {}
            }
            Ok(())
        })?;
        *self = Self {
            trail,
            course,
            assignment,
            shadow,
            observation: self.observation.take(),
        };
        Ok(())
    }

    fn add_to(&mut self, shown: &mut Shown, (measure, now): (&Measure<'_>, Instant)) {
        let Some(assignment) = &self.assignment else {
            return;
        };
        let arm = assignment.arm;
        if self.observation.is_none() {
            self.observation = measure.observation(&self.course, (arm, now));
        }
        shown.shadow.assessed += self.shadow.assessed;
        shown.shadow.failed += self.shadow.failed;
        match (&self.observation, arm) {
            (Some(observation), _) => shown.observations.push(observation.clone()),
            (None, Arm::Stable) => shown.waiting_stable += 1,
            (None, Arm::Canary) => shown.waiting_canary += 1,
        }
        if arm == Arm::Canary && shown.critical.is_none() && self.course.critical().is_some() {
            shown.critical = self.course.handoff().cloned();
        }
    }
}

fn in_shadow(beside: &Beside) -> Shadow {
    Shadow {
        assessed: u64::from(beside.posture.is_some()),
        failed: u64::from(beside.posture.is_none()),
    }
}

fn units(canary: &Pinned, rollout: &Rollout) -> Vec<Unit> {
    let outcomes = &canary.contract.contract().outcomes;
    let unit = |metric| outcomes.iter().find(|outcome| outcome.metric == metric);
    (rollout.plan.metrics.iter())
        .map(|judged| unit(judged.metric).map_or(Unit::Minutes, |outcome| outcome.unit))
        .collect()
}

fn failures_named(canary: &Pinned) -> Option<u32> {
    let rollback = canary.terms.rollback()?;
    let counts = rollback.on.contains(&RollbackTrigger::RepeatedFailures);
    counts
        .then_some(rollback.failures)
        .filter(|named| *named > 0)
}
