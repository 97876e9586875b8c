//! A look at a rollout: what its handoffs show is judged, and what follows is applied.

use baton_mission::authority::Actor;
use baton_mission::rollout::{
    Command, Evaluated, Event, Phase, RollbackCause, Rollout, bucket, decide,
};
use baton_terms::{Digest, Id, Instant};

use super::commit::{Call, Gathered, commit};
use super::flags::withheld;
use super::line::Line;
use super::record::Outcome;
use super::watch::Watch;
use crate::handoff::{Desk, Failure};

/// Looks at a rollout, and applies what its handoffs have shown: it advances, is rolled back, or holds with every reason. Looking
/// again, or from several nodes at once, applies nothing twice. `found` is the version that the contract's file holds now, where
/// somebody looked.
///
/// # Errors
/// When there is no such rollout, the actor may not, or the store fails.
pub fn look(
    desk: &Desk<'_>,
    watch: &Watch,
    (actor, rollout, found): (&Actor, &Id, Option<Digest>),
) -> Result<Outcome, Failure> {
    let call = Call {
        actor,
        rollout: rollout.clone(),
        key: actor_key()?,
        expects: None,
    };
    commit(desk, (&call, None), |record, now| {
        let rollout = record.rollout()?;
        Glance { desk, watch, found }.gather(rollout, now)
    })
}

/// Returns what a look at a rollout would record at `now`, as if nothing had held it before.
pub(super) fn foreseen(
    desk: &Desk<'_>,
    watch: &Watch,
    (rollout, now): (&Rollout, Instant),
) -> Result<Vec<Event>, Failure> {
    let fresh = Rollout {
        held: Vec::new(),
        ..rollout.clone()
    };
    let glance = Glance {
        desk,
        watch,
        found: None,
    };
    Ok(glance.gather(&fresh, now)?.events)
}

/// A look is no request: nothing is answered from its key.
fn actor_key() -> Result<baton_mission::names::Key, Failure> {
    "look".parse().map_err(|_| Failure::Unrecordable {
        why: "`look` is no key".to_owned(),
    })
}

struct Glance<'g, 'd> {
    desk: &'g Desk<'d>,
    watch: &'g Watch,
    found: Option<Digest>,
}

impl Glance<'_, '_> {
    fn gather(&self, rollout: &Rollout, now: Instant) -> Result<Gathered, Failure> {
        let idle = |rollout: &Rollout| Gathered {
            rollout: rollout.clone(),
            events: Vec::new(),
            documents: std::collections::BTreeMap::new(),
        };
        if !self.is_exposed(rollout)? {
            return Ok(idle(rollout));
        }
        let changed = self
            .found
            .filter(|found| *found != rollout.plan.versions.canary);
        if let Some(found) = changed {
            return roll_back(rollout, RollbackCause::Changed { found }, now);
        }
        let shown = match self.watch.shown(self.desk, (rollout, now)) {
            Ok(shown) => shown,
            Err(failure) if failure.is_transient() => return Err(failure),
            Err(failure) => {
                let reason = format!("failed to {failure}");
                return judge(rollout, Evaluated::Unreadable { reason }, now);
            }
        };
        if let Some(handoff) = shown.critical {
            return roll_back(rollout, RollbackCause::CriticalPosture { handoff }, now);
        }
        if let Some(failures) = shown.failures {
            return roll_back(rollout, RollbackCause::RepeatedFailures { failures }, now);
        }
        let found = Evaluated::Found {
            observations: shown.observations,
            shadow: shown.shadow,
        };
        if rollout.stay().is_none() {
            return judge(rollout, found, now);
        }
        let events = decide(rollout, &Command::Evaluate(found.clone()), now)?;
        // Harm counts whatever else is missing; nothing else does.
        let is_rolled_back = matches!(events.as_slice(), [Event::RolledBack { .. }]);
        match self.unusable(rollout) {
            Some(reason) if !is_rolled_back => {
                judge(rollout, Evaluated::Unreadable { reason }, now)
            }
            _ => judge(rollout, found, now),
        }
    }

    /// Returns whether handoffs get the new version from this rollout, and no later one has taken its place.
    fn is_exposed(&self, rollout: &Rollout) -> Result<bool, Failure> {
        if rollout.phase != Phase::Promoted {
            return Ok(rollout.stay().is_some());
        }
        let plan = &rollout.plan;
        let line = Line::read(self.desk, &plan.versions.contract)?;
        Ok(line.tip().is_some_and(|tip| tip.rollout == plan.id))
    }

    /// Returns why nobody can be exposed now, if that is so.
    fn unusable(&self, rollout: &Rollout) -> Option<String> {
        let plan = &rollout.plan;
        match bucket(&plan.algorithm, &plan.flag, "") {
            Err(unknown) => Some(format!("failed to {unknown}")),
            Ok(_) => withheld(self.desk.flags(), &plan.flag),
        }
    }
}

fn judge(rollout: &Rollout, evaluated: Evaluated, now: Instant) -> Result<Gathered, Failure> {
    Gathered::of(rollout, &Command::Evaluate(evaluated), now)
}

fn roll_back(rollout: &Rollout, cause: RollbackCause, now: Instant) -> Result<Gathered, Failure> {
    Gathered::of(rollout, &Command::RollBack { cause }, now)
}
