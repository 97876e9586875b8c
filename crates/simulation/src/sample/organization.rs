//! The teams of the organization: those the contracts name, with people who have numbers for names.

use std::collections::{BTreeMap, BTreeSet};

use baton_contract::model::Contract;
use serde_json::json;

use super::draw::Draws;
use super::files::{FORMAT, Seed};

/// One made-up team.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Team {
    pub(super) roles: BTreeSet<String>,
    pub(super) capabilities: BTreeSet<String>,
    pub(super) people: Vec<String>,
    pub(super) capacity: u64,
}

/// Teams by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Organization {
    pub(super) teams: BTreeMap<String, Team>,
}

impl Organization {
    /// Returns the organization that the contracts speak of.
    pub(super) fn of(seed: Seed, contracts: &[Contract]) -> Self {
        let mut teams: BTreeMap<String, Team> = BTreeMap::new();
        for contract in contracts {
            for party in [&contract.from, &contract.to].into_iter().flatten() {
                for team in &party.teams {
                    let team = teams.entry(team.to_string()).or_default();
                    team.roles.insert(party.role.to_string());
                }
            }
            let candidates = contract
                .routing
                .iter()
                .flat_map(|routing| &routing.candidates);
            for candidate in candidates {
                let team = teams.entry(candidate.team.to_string()).or_default();
                let capabilities = candidate.capabilities.iter().map(ToString::to_string);
                team.capabilities.extend(capabilities);
            }
        }
        let mut draws = Draws::of(seed.0, "organization");
        let mut number = 0;
        for team in teams.values_mut() {
            // Never fewer than seven: a group that small is not shown by mining.
            let size = 7 + draws.below(4);
            team.capacity = size + draws.below(size);
            team.people = (0..size)
                .map(|_| {
                    number += 1;
                    format!("person-{number:03}")
                })
                .collect();
        }
        Self { teams }
    }

    /// Returns the names of the teams that play `role`.
    pub(super) fn playing(&self, role: &str) -> Vec<&str> {
        let plays = |(_, team): &(&String, &Team)| team.roles.contains(role);
        let found = self.teams.iter().filter(plays);
        found.map(|(name, _)| name.as_str()).collect()
    }

    /// Returns somebody of `team`.
    pub(super) fn somebody(&self, team: &str, draws: &mut Draws) -> &str {
        let people = self.teams.get(team).map(|team| team.people.as_slice());
        people
            .and_then(|people| draws.one_of(people))
            .map_or("nobody", String::as_str)
    }

    pub(super) fn to_json(&self, seed: Seed) -> Vec<u8> {
        let team = |(name, team): (&String, &Team)| {
            json!({
                "id": name,
                "roles": team.roles,
                "capabilities": team.capabilities,
                "capacity": team.capacity,
                "people": team.people,
            })
        };
        let document = json!({
            "baton": FORMAT,
            "made_up": true,
            "seed": seed.0,
            "teams": self.teams.iter().map(team).collect::<Vec<_>>(),
        });
        let mut text = format!("{document:#}");
        text.push('\n');
        text.into_bytes()
    }
}
