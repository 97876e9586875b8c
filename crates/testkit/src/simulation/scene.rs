//! Under what a run takes place: the usual, or one of the named conditions with what it promises.

use std::collections::BTreeSet;

use baton_contract::model::Condition;
use baton_engine::handoff::{ContractForm, Roster, Team};
use baton_simulation::conditions::Conditions;
use baton_terms::{Id, Instant};

use super::run::Severity;
use crate::organization::{CONTRACT, START, form};

/// The teams that receive under the contract, in its order.
const TEAMS: [&str; 2] = ["payments", "search"];

/// What must hold of a run beside I1 to I10, which always must.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// No team is given more open handoffs than the contract lets it have.
    NobodyOverLimit,
    /// Baton offers nothing outside working hours.
    NobodyOutsideHours,
    /// No team is offered work while another one with room has less of it for its size.
    LoadSpreadFairly,
    /// Nobody approves what they sent, or what was sent for them.
    NoSelfApproval,
    /// Nothing is accepted that no person of another team approved for safety.
    HighRiskReviewedByOthers,
    /// Every recorded check is made again to the same bytes.
    ChecksRepeat,
    /// The sealed record verifies.
    RecordIsSound,
    /// No entry is older than the one before it.
    RecordNeverGoesBack,
}

impl Invariant {
    /// Every invariant with the name that condition files give it.
    pub const NAMES: [(&'static str, Self); 8] = [
        ("nobody-over-limit", Self::NobodyOverLimit),
        ("nobody-outside-hours", Self::NobodyOutsideHours),
        ("load-spread-fairly", Self::LoadSpreadFairly),
        ("no-self-approval", Self::NoSelfApproval),
        (
            "high-risk-reviewed-by-others",
            Self::HighRiskReviewedByOthers,
        ),
        ("checks-repeat", Self::ChecksRepeat),
        ("record-is-sound", Self::RecordIsSound),
        ("record-never-goes-back", Self::RecordNeverGoesBack),
    ];
}

/// Under what a run takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    pub(super) start: Instant,
    pub(super) open_max: u64,
    pub(super) capacities: Vec<u32>,
    pub(super) harmful_per_mille: u64,
    pub(super) clock_back_per_mille: u64,
    /// Texts that try to be something else.
    pub(super) texts: Vec<String>,
    /// How often the store fails, where the condition says so.
    faults_per_mille: Option<u64>,
    invariants: BTreeSet<Invariant>,
}

impl Scene {
    /// Returns the usual: a Monday morning, and everything must hold.
    pub fn usual() -> Self {
        let epoch = Instant::from_timestamp(jiff::Timestamp::UNIX_EPOCH);
        Self {
            start: START.parse().unwrap_or(epoch),
            open_max: 2,
            capacities: vec![1, 1],
            harmful_per_mille: 125,
            clock_back_per_mille: 20,
            texts: Vec::new(),
            faults_per_mille: None,
            invariants: Invariant::NAMES.into_iter().map(|(_, one)| one).collect(),
        }
    }

    /// Returns what a condition's file says.
    ///
    /// # Errors
    /// When the file is not sound, or names an invariant that is not known, in words.
    pub fn of(condition: Condition) -> Result<Self, String> {
        let conditions = Conditions::of(condition)?;
        let said = conditions.simulated_run();
        let invariants = said.invariants.iter().map(|name| {
            let known = Invariant::NAMES
                .into_iter()
                .find(|(known, _)| known == name);
            let known = known.ok_or_else(|| format!("invariant {name} is not known"));
            known.map(|(_, one)| one)
        });
        Ok(Self {
            start: said.start,
            open_max: said.open_max,
            capacities: said.capacities.clone(),
            harmful_per_mille: said.harmful_per_mille,
            clock_back_per_mille: said.clock_back_per_mille,
            texts: conditions.parameters().hostile_texts.clone(),
            faults_per_mille: Some(said.faults_per_mille),
            invariants: invariants.collect::<Result<_, String>>()?,
        })
    }

    /// Returns the scene of a seed where none is asked for: the usual and each condition in turn.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn of_seed(seed: u64) -> Result<Self, String> {
        match seed % 3 {
            0 => Ok(Self::usual()),
            1 => Self::of(Condition::ProHumanityImpact),
            _ => Self::of(Condition::ProfessionalMastery),
        }
    }

    pub(super) fn promises(&self, invariant: Invariant) -> bool {
        self.invariants.contains(&invariant)
    }

    pub(super) fn severity(&self, severity: Severity) -> Severity {
        Severity {
            faults: self.faults_per_mille.unwrap_or(severity.faults),
            ..severity
        }
    }

    /// The contract of the lifecycle's tests, with limits and hours that its receivers have.
    pub(super) fn contract(&self) -> ContractForm {
        let limit = format!("wip_limit: {}\n  calendar: office", self.open_max);
        form(&CONTRACT.replace("wip_limit: 5", &limit))
    }

    /// Returns each team with how much it can hold.
    pub(super) fn teams(&self) -> impl Iterator<Item = (&'static str, u32)> {
        TEAMS.into_iter().zip(self.capacities.iter().copied())
    }

    pub(super) fn roster(&self) -> Roster {
        let team = |(name, capacity): (&str, u32)| {
            let role: Id = "engineer".parse().ok()?;
            let team = Team {
                roles: [role].into(),
                capabilities: BTreeSet::new(),
                capacity,
                limit: None,
                hours: None,
            };
            Some((name.parse().ok()?, team))
        };
        Roster::of(self.teams().filter_map(team))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_conditions_name_every_invariant_and_no_other() {
        let promised = |condition| Scene::of(condition).unwrap().invariants;
        let mut all = promised(Condition::ProHumanityImpact);
        all.extend(promised(Condition::ProfessionalMastery));
        assert_eq!(all, Scene::usual().invariants);
    }
}
