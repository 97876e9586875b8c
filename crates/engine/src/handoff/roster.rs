//! The roster: what is known of the teams that may receive, beside the contract.

use std::collections::{BTreeMap, BTreeSet};

use baton_contract::calendar::Calendar;
use baton_terms::Id;

/// One team.
#[derive(Debug, Clone)]
pub struct Team {
    /// Roles it plays.
    pub roles: BTreeSet<Id>,
    /// What it can do, beside what the contract says of it.
    pub capabilities: BTreeSet<Id>,
    /// How much it can hold, in a unit common to all teams.
    pub capacity: u32,
    /// Most open handoffs it takes, where it has a limit of its own.
    pub limit: Option<u32>,
    /// Its working hours, where they are not those of the contract.
    pub hours: Option<Calendar>,
}

/// What is known of teams.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    teams: Option<BTreeMap<Id, Team>>,
}

impl Roster {
    /// Returns a roster of these teams; no other team receives anything.
    pub fn of(teams: impl IntoIterator<Item = (Id, Team)>) -> Self {
        Self {
            teams: Some(teams.into_iter().collect()),
        }
    }

    /// Returns what is known of a team. Without a roster a team is what the contract says of it: it plays the
    /// receiving role and has room for one unit of work at a time per unit of any other team.
    pub(crate) fn get(&self, team: &Id, role: &Id) -> Option<Team> {
        match &self.teams {
            Some(teams) => teams.get(team).cloned(),
            None => Some(Team {
                roles: BTreeSet::from([role.clone()]),
                capabilities: BTreeSet::new(),
                capacity: 1,
                limit: None,
                hours: None,
            }),
        }
    }
}
