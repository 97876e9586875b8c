//! What a budget is held against that no file tells: the memory the process takes, and the open work of who receives.

use std::collections::BTreeSet;

use baton_terms::{BasisPoints, Id};

use super::inputs::Files;
use super::preflight::contract;

/// Measures the present. Each refusal is a fragment that says what was found.
pub trait Gauges: Sync {
    /// Returns the share of the memory it may take that the process takes.
    ///
    /// # Errors
    /// When the system does not tell.
    fn memory_pressure(&self) -> Result<BasisPoints, String>;

    /// Returns the handoffs that a team was offered or has taken over and not finished.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn open_work(&self, team: &Id) -> Result<u64, String>;
}

/// Returns the open work of the team that has the most, of those that receive under the contract.
pub(super) fn most_open_work(files: &dyn Files, gauges: &dyn Gauges) -> Result<u64, String> {
    let open = receiving_teams(files)?
        .iter()
        .map(|team| gauges.open_work(team))
        .collect::<Result<Vec<u64>, String>>()?;
    Ok(open.into_iter().max().unwrap_or_default())
}

/// Returns the teams that receive under the contract; at least one.
pub(super) fn receiving_teams(files: &dyn Files) -> Result<BTreeSet<Id>, String> {
    let contract = contract(files)?;
    let contract = contract.contract();
    let mut teams: BTreeSet<Id> = contract
        .to
        .iter()
        .flat_map(|party| party.teams.iter().cloned())
        .collect();
    if let Some(routing) = &contract.routing {
        let candidates = routing.candidates.iter();
        teams.extend(candidates.map(|candidate| candidate.team.clone()));
        teams.extend(routing.fallback.clone());
    }
    if teams.is_empty() {
        return Err("the contract names no team that receives".to_owned());
    }
    Ok(teams)
}
