//! Levels at given moments: waivers in force, and how evenly open work is spread.

use std::collections::{BTreeMap, BTreeSet};

use baton_mission::routing::{Load, jain_index};
use baton_report::outcomes::Reading;
use baton_terms::{Id, Instant};

use super::followed::{Followed, Given};
use crate::handoff::{Pinned, Roster};

/// Open work of each team, of all contracts together, at each moment.
#[derive(Debug, Default)]
pub(super) struct OpenWork(BTreeMap<Id, Vec<u32>>);

impl OpenWork {
    /// Adds what a handoff was at each moment.
    pub(super) fn take(&mut self, followed: &Followed) {
        let moments = followed.open_at.len();
        for (moment, team) in followed.open_at.iter().enumerate() {
            let Some(team) = team else { continue };
            let counts = (self.0.entry(team.clone())).or_insert_with(|| vec![0; moments]);
            if let Some(count) = counts.get_mut(moment) {
                *count = count.saturating_add(1);
            }
        }
    }

    /// Returns how evenly the receivers of a contract are loaded at a moment; nothing where none of them has any work.
    pub(super) fn fairness(&self, pinned: &Pinned, (roster, moment): (&Roster, usize)) -> Reading {
        let role = &pinned.terms.to().role;
        let mut named = receivers(pinned);
        if named.is_empty() {
            named.extend(self.0.keys());
        }
        let load = |team: &&Id| {
            let open = self.0.get(*team).and_then(|counts| counts.get(moment));
            Some(Load {
                open: open.copied().unwrap_or(0),
                capacity: roster.get(team, role)?.capacity,
            })
        };
        let loads: Vec<Load> = named.iter().filter_map(load).collect();
        let sample: u64 = loads.iter().map(|load| u64::from(load.open)).sum();
        Reading {
            value: (sample > 0).then(|| i64::from(jain_index(loads))),
            sample,
            ..Reading::default()
        }
    }
}

fn receivers(pinned: &Pinned) -> BTreeSet<&Id> {
    let contract = pinned.contract.contract();
    let routing = contract.routing.iter();
    let routed = routing.flat_map(|routing| {
        let candidates = routing.candidates.iter().map(|candidate| &candidate.team);
        candidates.chain(&routing.fallback)
    });
    let named = contract.to.iter().flat_map(|to| &to.teams);
    named.chain(routed).collect()
}

/// Returns whether a waiver of a handoff is in force at a moment.
pub(super) fn is_in_force(followed: &Followed, (given, moment): (&Given, Instant)) -> bool {
    let is_undone = followed.undone.is_some_and(|undone| undone <= moment);
    given.at <= moment && moment < given.waiver.expires && !is_undone
}
