//! The settings that a mapping gives.

use super::landmark::Landmark;
use super::settings::{Known, Outcome, Role, Rule, Settings};
use crate::mapping::{self, ColumnRule, Mapping, Zone};
use crate::model::Log;

impl Outcome {
    /// Returns the outcome as the mapping declares it.
    pub fn of(declared: &mapping::Outcome) -> Self {
        Self {
            name: declared.title.clone(),
            failed: declared.failed.clone(),
            decided: declared.decided.clone(),
            cost: declared.cost.clone(),
            cost_unit: declared.cost_unit.clone(),
            at: declared.at.clone(),
        }
    }
}

impl Settings {
    /// Returns the settings of a log that was read by `mapping`, for one of its outcomes.
    pub fn of(
        mapping: &Mapping,
        log: &Log,
        declared: &mapping::Outcome,
        landmark: Landmark,
    ) -> Self {
        let of_cases = mapping.cases.iter().flat_map(|cases| &cases.columns);
        let all = || mapping.columns.iter().chain(of_cases.clone());
        let named = |rule: &ColumnRule| (rule.name.clone(), rule_of(rule));
        let is_kept = |name: &str| log.column(name).or(log.case_column(name)).is_some();
        let set_aside = all()
            .filter(|rule| rule.exclude.is_some() && !is_kept(&rule.name))
            .map(|rule| rule.name.clone());
        let set_aside = set_aside.collect();
        Self {
            outcome: Outcome::of(declared),
            landmark,
            closing: mapping.closing.clone(),
            rules: mapping.columns.iter().map(named).collect(),
            case_rules: of_cases.clone().map(named).collect(),
            set_aside,
            cluster: mapping.cluster.clone(),
            people: mapping.people,
            zone: match &mapping.time.zone {
                Some(Zone::Named(zone)) => Some(zone.clone()),
                Some(Zone::Utc) | None => None,
            },
        }
    }
}

fn rule_of(declared: &ColumnRule) -> Rule {
    let role = if declared.person {
        Role::Person
    } else if declared.exclude.is_some() {
        Role::SetAside
    } else if declared.group {
        Role::Group
    } else {
        Role::Property
    };
    let known = match &declared.known {
        mapping::Known::Start => Known::Start,
        mapping::Known::Event => Known::Event,
        mapping::Known::End => Known::End,
        mapping::Known::Activity(activity) => Known::Activity(activity.clone()),
        mapping::Known::Column(column) => Known::Column(column.clone()),
    };
    Rule {
        known,
        role,
        modifiable: declared.modifiable,
    }
}
