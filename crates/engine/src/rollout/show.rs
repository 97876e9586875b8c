//! Rollouts as people see them: where each stands, what holds it, how the versions compare, and what was decided.

use baton_mission::rollout::{
    Analysis, Event, Hold, MetricReading, Observation, Phase, RollbackCause, Rollout,
};
use baton_terms::{Digest, Id, Instant};
use serde::Serialize;

use super::flags::withheld;
use super::look::foreseen;
use super::record::{self, ROLLOUTS, stream_of};
use super::watch::Watch;
use crate::handoff::{Desk, Failure};
use crate::port::{Head, Page, StreamId};
use crate::trail::Trail;

/// One rollout, for people and programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct View {
    /// Always `rollout-status/v1`.
    pub baton: &'static str,
    /// The rollout.
    pub rollout: Id,
    /// Its revision: what the next command may be made for.
    pub revision: u64,
    /// The contract.
    pub contract: Id,
    /// The version in force before.
    pub stable: Digest,
    /// The version rolled out.
    pub canary: Digest,
    /// The flag.
    pub flag: Id,
    /// Why the flag exposes nobody now; nothing when it is on.
    pub withheld: Option<String>,
    /// Where it stands.
    pub phase: &'static str,
    /// Why, where somebody or something ended or froze it.
    pub reason: Option<String>,
    /// The stage it is in, from 1.
    pub stage: Option<usize>,
    /// Shares of buckets exposed, by stage.
    pub stages: Vec<u32>,
    /// Share of buckets that the new version judges.
    pub percent: u32,
    /// Since when.
    pub since: Option<Instant>,
    /// Until when handoffs are still looked at, once everybody has the new version.
    pub watched_until: Option<Instant>,
    /// What holds it now.
    pub holds: Vec<String>,
    /// What the next look will record instead, such as `advanced`.
    pub next: Option<&'static str>,
    /// How the metrics stand in this stage; as they stood when it ended.
    pub metrics: Vec<MetricReading>,
    /// Packages that the new version assessed in shadow.
    pub shadow_assessed: u64,
    /// Packages that it could not assess.
    pub shadow_failed: u64,
    /// Handoffs that have not gone far enough to count.
    pub waiting: u64,
    /// What was decided, oldest first.
    pub decisions: Vec<Decision>,
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The revision it led to.
    pub revision: u64,
    /// When.
    pub at: Instant,
    /// What.
    pub what: &'static str,
    /// Why, and by whom where a person decided.
    pub why: Vec<String>,
}

/// Returns a rollout as it stands; looks, and decides nothing.
///
/// # Errors
/// When there is no such rollout, or the store fails.
pub fn status(desk: &Desk<'_>, watch: &Watch, id: &Id) -> Result<View, Failure> {
    let record = desk.rollout(id)?;
    let rollout = record.rollout()?;
    let now = rollout
        .latest
        .map_or(desk.now(), |latest| latest.max(desk.now()));
    let shown = watch.shown(desk, (rollout, now))?;
    let mut decisions = Vec::new();
    let mut ended = Vec::new();
    Trail::default().read_on::<Failure>(desk.store(), &stream_of(id)?, |entry| {
        if let Some(recorded) = record::recorded(&entry) {
            if let Event::Promoted { readings, .. } | Event::RolledBack { readings, .. } =
                &recorded.event
            {
                ended.clone_from(readings);
            }
            decisions.push(Decision {
                revision: recorded.sequence,
                at: recorded.at,
                what: recorded.event.word(),
                why: why(&recorded.event),
            });
        }
        Ok(())
    })?;
    let (holds, next) = match foreseen(desk, watch, (rollout, now))?.as_slice() {
        [Event::Held { holds, .. }] => (holds.iter().map(hold).collect(), None),
        [event, ..] => (Vec::new(), Some(event.word())),
        [] => (Vec::new(), None),
    };
    let plan = &rollout.plan;
    let metrics = match rollout.stay() {
        None => ended,
        Some(stay) => {
            let is_counted = |one: &&Observation| one.at > stay.since && one.at <= now;
            let counted: Vec<Observation> = shown
                .observations
                .iter()
                .filter(is_counted)
                .cloned()
                .collect();
            Analysis::of(plan, stay.entered, &counted).readings()
        }
    };
    Ok(View {
        baton: "rollout-status/v1",
        rollout: plan.id.clone(),
        revision: rollout.revision,
        contract: plan.versions.contract.clone(),
        stable: plan.versions.stable,
        canary: plan.versions.canary,
        flag: plan.flag.clone(),
        withheld: withheld(desk.flags(), &plan.flag),
        phase: rollout.phase.word(),
        reason: reason(rollout),
        stage: rollout.stay().map(|stay| stay.stage.saturating_add(1)),
        stages: plan.stages.iter().map(|stage| stage.percent).collect(),
        percent: rollout.percent(),
        since: rollout.stay().map(|stay| stay.entered),
        watched_until: rollout.watched().map(|(_, until)| until),
        holds,
        next,
        metrics,
        shadow_assessed: shown.shadow.assessed,
        shadow_failed: shown.shadow.failed,
        waiting: shown.waiting_stable.saturating_add(shown.waiting_canary),
        decisions,
    })
}

/// Returns rollouts in the order of their names, `limit` at most, from after a name on.
///
/// # Errors
/// When the store cannot be read.
pub fn list(desk: &Desk<'_>, (after, limit): (Option<&Id>, u32)) -> Result<Vec<Head>, Failure> {
    let after: Option<StreamId> = after.map(stream_of).transpose()?;
    Ok(desk.store().heads(&Page {
        prefix: ROLLOUTS.to_owned(),
        state: None,
        turn: None,
        after,
        limit,
    })?)
}

fn reason(rollout: &Rollout) -> Option<String> {
    match &rollout.phase {
        Phase::Frozen { reason, .. } => Some(reason.clone()),
        Phase::RolledBack { cause } => Some(cause_text(cause)),
        _ => None,
    }
}

fn why(event: &Event) -> Vec<String> {
    match event {
        Event::Started { by, validation } => vec![format!("by {by}, on report {validation}")],
        Event::Held { holds, .. } => holds.iter().map(hold).collect(),
        Event::Advanced { to, shown, .. } => {
            vec![format!(
                "to stage {}, shown at {shown}",
                to.saturating_add(1)
            )]
        }
        Event::Promoted { shown, .. } => vec![format!("shown at {shown}")],
        Event::RolledBack { cause, .. } => vec![cause_text(cause)],
        Event::Frozen { by, reason } | Event::Thawed { by, reason } => {
            vec![format!("{reason} ({by})")]
        }
    }
}

fn cause_text(cause: &RollbackCause) -> String {
    match cause {
        RollbackCause::Harmed { metric, shown } => {
            format!("`{metric}` is harmed, shown at {shown}")
        }
        RollbackCause::NoData => "too few handoffs in time".to_owned(),
        RollbackCause::CriticalPosture { handoff } => {
            format!("the new version alone took `{handoff}` to a critical posture")
        }
        RollbackCause::RepeatedFailures { failures } => {
            format!("{failures} handoffs of the new version failed in a row")
        }
        RollbackCause::Changed { found } => {
            format!("the contract's file is not the validated version any more, but {found}")
        }
        RollbackCause::Asked { by, reason } => format!("{reason} ({by})"),
    }
}

fn hold(hold: &Hold) -> String {
    match hold {
        Hold::Stay { until: Some(until) } => format!("the stage lasts until {until}"),
        Hold::Stay { until: None } => "the stage is not over".to_owned(),
        Hold::TooFew {
            metric: Some(metric),
            stable,
            canary,
            needed,
        } => format!(
            "`{metric}`: {stable} handoffs of the stable version and {canary} of the new one, of {needed} each"
        ),
        Hold::TooFew {
            metric: None,
            canary,
            needed,
            ..
        } => format!("{canary} packages assessed in shadow, of {needed}"),
        Hold::NotShown {
            metric,
            evidence,
            needed,
        } => {
            format!("`{metric}`: evidence {evidence}, of {needed}, that it stays within its bounds")
        }
        Hold::StableNotWell {
            metric,
            share,
            at_most,
        } => format!(
            "`{metric}`: the stable version itself is at {share}, above {at_most}: being like it says nothing"
        ),
        Hold::ShadowFailed { failed } => {
            format!("{failed} packages could not be assessed in shadow")
        }
        Hold::TooMany { limit } => format!("more than {limit} handoffs in one stage"),
        Hold::Frozen { reason } => format!("frozen: {reason}"),
        Hold::Unreadable { reason } => reason.clone(),
    }
}
