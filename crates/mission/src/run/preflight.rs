//! Preflight: everything that is missing, all at once, before anything is done.

use std::collections::{BTreeMap, BTreeSet};

use baton_terms::{Diagnostic, Id};
use serde::{Deserialize, Serialize};

use super::plan::{Need, PREFLIGHT_MISSING, Plan, STEPS_MAX};

/// What was found where something is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// It is there.
    Present,
    /// It is not.
    Absent,
    /// It could not be told, which is never taken for there.
    Unknown {
        /// Why not.
        reason: String,
    },
}

/// What a feature flag says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlagPosture {
    /// The mission may run.
    On,
    /// It may not.
    Off,
    /// It could not be told.
    Unknown {
        /// Why not.
        reason: String,
    },
}

/// What was read before a mission starts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Readings {
    /// What was found of each need.
    pub needs: BTreeMap<Need, Presence>,
    /// What each flag says.
    pub flags: BTreeMap<Id, FlagPosture>,
}

/// One thing that is missing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// What.
    pub what: String,
    /// What was found instead.
    pub found: String,
}

impl Missing {
    /// Returns the problem as it is shown.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(PREFLIGHT_MISSING, "something the mission needs is missing")
            .expected(self.what.clone())
            .found(self.found.clone())
            .hint("provide everything that is listed, and start the mission again; nothing was executed")
    }
}

/// Returns everything `plan` needs and `readings` do not show, in a fixed order; empty when it may start.
pub fn preflight(plan: &Plan, readings: &Readings) -> Vec<Missing> {
    let mut missing = of_the_plan(plan);
    if let Some(flag) = &plan.flag {
        let found = match readings.flags.get(flag) {
            Some(FlagPosture::On) => None,
            Some(FlagPosture::Off) => Some("off".to_owned()),
            Some(FlagPosture::Unknown { reason }) => Some(format!("unknown: {reason}")),
            None => Some("not read".to_owned()),
        };
        missing.extend(found.map(|found| Missing {
            what: format!("flag `{flag}` on"),
            found,
        }));
    }
    let needs: BTreeSet<&Need> = plan.needs.iter().collect();
    for need in needs {
        let found = match readings.needs.get(need) {
            Some(Presence::Present) => continue,
            Some(Presence::Absent) => "nothing".to_owned(),
            Some(Presence::Unknown { reason }) => format!("unknown: {reason}"),
            None => "not read".to_owned(),
        };
        missing.push(Missing {
            what: need.to_string(),
            found,
        });
    }
    missing
}

fn of_the_plan(plan: &Plan) -> Vec<Missing> {
    let mut missing = Vec::new();
    let mut report = |what: &str, found: String| {
        missing.push(Missing {
            what: what.to_owned(),
            found,
        });
    };
    if plan.scope.trim().is_empty() {
        report("a scope", "nothing".to_owned());
    }
    if !(1..=STEPS_MAX).contains(&plan.steps.len()) {
        let what = format!("1 to {STEPS_MAX} steps");
        report(&what, format!("{} steps", plan.steps.len()));
    }
    let mut ids = BTreeSet::new();
    for step in plan.steps.iter().filter(|step| !ids.insert(&step.id)) {
        report("each step once", format!("`{}` again", step.id));
    }
    if plan.goals.is_empty() {
        report("an outcome with a target", "nothing".to_owned());
    }
    missing
}
