//! A run of a mission: its name is taken from everything it reads, so that the same work has one
//! record however often it is asked for.

use std::collections::BTreeMap;

use baton_evidence::canonical;
use baton_mission::run::{Footprint, Goal, Need, Plan, Step};
use baton_terms::{Digest, Id};
use serde_json::json;

use super::file::{InputName, MissionFile};
use crate::port::{NameError, StreamId};

/// Version of the engine; another one makes another run.
pub const ENGINE: &str = env!("CARGO_PKG_VERSION");
/// What a mission depends on beside its inputs.
pub(super) const STORE: &str = "store";
/// The key its record is sealed with.
pub(super) const KEY: &str = "signing-key";
/// What tells how much of its memory the process takes.
pub(super) const MEMORY_GAUGE: &str = "memory-gauge";
/// The teams whose open work is counted.
pub(super) const RECEIVING_TEAMS: &str = "receiving-teams";

/// A mission on exactly these inputs.
#[derive(Debug, Clone)]
pub struct Run {
    /// What is to be done.
    pub file: MissionFile,
    /// Digest of the mission file's canonical form.
    pub digest: Digest,
    /// Digest of each input that is there.
    pub inputs: BTreeMap<InputName, Digest>,
    /// Digest of the contract, when there is one that can be read.
    pub contract: Option<Digest>,
    /// Its name: the mission's id and the beginning of the digest of all it reads.
    pub id: Id,
    /// The digest of all it reads, which approvals are about.
    pub identity: Digest,
}

impl Run {
    /// Returns the run of a mission on these inputs.
    pub fn new(
        file: MissionFile,
        inputs: BTreeMap<InputName, Digest>,
        contract: Option<Digest>,
    ) -> Self {
        let digest = canonical::digest(&file.json);
        // What only lets a run begin is no part of what it does.
        let is_read = |name: &InputName| {
            !matches!(
                name,
                InputName::Flags | InputName::Validation | InputName::Keyring
            )
        };
        let read: BTreeMap<&str, Digest> = inputs
            .iter()
            .filter(|(name, _)| is_read(name))
            .map(|(name, digest)| (name.word(), *digest))
            .collect();
        let identity = canonical::digest(&json!({
            "engine": ENGINE,
            "mission": digest,
            "inputs": read,
            "contract": contract,
        }));
        let hex = identity.hex();
        let short: String = hex.chars().take(12).collect();
        let id = format!("{}-{short}", file.id);
        Self {
            // The id of a mission has at most 40 characters, so that this one has at most 53.
            id: id.parse().unwrap_or_else(|_| file.id.clone()),
            digest,
            inputs,
            contract,
            identity,
            file,
        }
    }

    /// Returns the stream that holds its trace.
    ///
    /// # Errors
    /// Never for an id that is one.
    pub fn stream(&self) -> Result<StreamId, NameError> {
        StreamId::new(format!("{}{}", self.streams(), self.id))
    }

    /// Returns how the names of all runs of the mission begin.
    pub(super) fn streams(&self) -> String {
        format!("mission/{}/", self.file.id)
    }

    /// Returns the id under which telemetry speaks of it (W3C Trace Context: 32 hexadecimal digits).
    pub fn trace_id(&self) -> String {
        self.identity.hex().chars().take(32).collect()
    }

    /// Returns what it is to do, landing on `baseline` when it is rolled back.
    pub fn plan(&self, baseline: Option<Digest>) -> Plan {
        let file = &self.file;
        let step = |name: &str| {
            Some(Step {
                id: name.parse().ok()?,
                footprint: Footprint::Reads,
                cost: file.charges.steps.get(name).copied().unwrap_or_default(),
            })
        };
        let goal = |line: &super::file::GoalLine| Goal {
            id: line.id.clone(),
            direction: line.direction,
            baseline: line.baseline,
            target: line.target,
            minimum_sample: line.minimum_sample,
        };
        let link = |(name, template): (&String, &String)| {
            (
                name.clone(),
                template.replace("{trace_id}", &self.trace_id()),
            )
        };
        Plan {
            id: self.id.clone(),
            capability: file.capability,
            scope: file.scope.clone(),
            autonomy: file.autonomy,
            flag: file.flag.as_ref().map(|flag| flag.key.clone()),
            needs: self.needs(),
            steps: file.steps().into_iter().filter_map(step).collect(),
            budget: file.budget.clone(),
            retries: file.retries,
            roll_back_on: file.roll_back_on.clone(),
            failures: file.failures,
            baseline,
            goals: file.goals.iter().map(goal).collect(),
            oversight: file.oversight.clone(),
            links: file.links.iter().map(link).collect(),
        }
    }

    fn needs(&self) -> Vec<Need> {
        let file = &self.file;
        let id = |text: &str| text.parse::<Id>().ok();
        let inputs = file.required_inputs();
        let inputs = inputs
            .into_iter()
            // A flag that cannot be read is told of as the flag, a validation report as the report.
            .filter(|name| !matches!(name, InputName::Flags | InputName::Validation))
            .filter_map(|name| id(name.word()).map(Need::Field));
        let mut needs: Vec<Need> = inputs.collect();
        needs.extend(id(STORE).map(Need::Dependency));
        if file.needs_key {
            needs.extend(id(KEY).map(Need::Dependency));
        }
        // A cap that nothing can be held against would be kept by chance.
        for (is_capped, gauge) in [
            (file.budget.resource_pressure_cap.is_some(), MEMORY_GAUGE),
            (file.budget.open_work.is_some(), RECEIVING_TEAMS),
        ] {
            needs.extend(id(gauge).filter(|_| is_capped).map(Need::Dependency));
        }
        let approvals = file.approvals.iter();
        needs.extend(approvals.map(|approval| Need::Approval(approval.role.clone())));
        if file.needs_validation
            && let Some(contract) = self.contract
        {
            needs.push(Need::Validation(contract));
        }
        let is_of_packages = file.inputs.contains_key(&InputName::Packages);
        if is_of_packages {
            needs.extend(id("as-of").map(Need::Field));
        }
        needs
    }
}
