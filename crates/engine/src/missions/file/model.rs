//! What a mission file says, once it is checked.

use std::collections::BTreeMap;

use baton_contract::model::{Budget, Direction, Retries, RollbackTrigger};
use baton_mission::run::{Autonomy, Capability};
use baton_terms::{Digest, Id, Instant};
use serde_json::Value;

/// Step that reads the inputs.
pub(crate) const GATHER: &str = "gather";
/// Step that holds handoffs against a contract.
pub(crate) const CHECK: &str = "check";
/// Step that mines causes.
pub(crate) const MINE: &str = "mine";
/// Step that judges what was found.
pub(crate) const JUDGE: &str = "judge";

/// A mission as its file says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissionFile {
    /// Its id.
    pub id: Id,
    /// Its name for people.
    pub title: String,
    /// What it runs.
    pub capability: Capability,
    /// What it is about, in words.
    pub scope: String,
    /// How far it goes by itself.
    pub autonomy: Autonomy,
    /// Role that oversees it.
    pub oversight: Id,
    /// The flag that must be on.
    pub flag: Option<FlagNeed>,
    /// Files it reads, by name, relative to the file of the mission.
    pub inputs: BTreeMap<InputName, String>,
    /// What a mining mission asks.
    pub question: Option<Question>,
    /// Work handed over from then on is measured, work before it is the baseline.
    pub compare_from: Option<Instant>,
    /// At what time packages are checked.
    pub as_of: Option<Instant>,
    /// Whether a key must be there that the record is sealed with.
    pub needs_key: bool,
    /// Whether a report of all suites for the exact contract must be there.
    pub needs_validation: bool,
    /// Approvals it needs.
    pub approvals: Vec<ApprovalNeed>,
    /// What it may cost.
    pub budget: Budget,
    /// What it costs.
    pub charges: Charges,
    /// How its steps are retried.
    pub retries: Retries,
    /// What rolls it back.
    pub roll_back_on: Vec<RollbackTrigger>,
    /// Failed rounds that count as repeated.
    pub failures: u32,
    /// What a rollback lands on; the last completed run of the mission when left out.
    pub baseline: Option<Digest>,
    /// What it is judged by.
    pub goals: Vec<GoalLine>,
    /// URL templates for telemetry, by name.
    pub links: BTreeMap<String, String>,
    /// The file as it was read, for records.
    pub json: Value,
}

baton_document::shape::choices! {
    /// A file a mission reads.
    InputName {
        Log = "log", "An event log.";
        Mapping = "mapping", "How the event log is read (`mapping/v1`).";
        Cases = "cases", "A second table of the log with one row per case.";
        Contract = "contract", "The contract, a file or a folder.";
        Fields = "fields", "How handovers of the log become packages (`package-fields/v1`).";
        Packages = "packages", "A folder of packages.";
        Keyring = "keyring", "Keys whose signatures count.";
        Validation = "validation", "What `baton test --format json` wrote about the contract.";
        Flags = "flags", "Feature flags in flagd's file format.";
    }
}

/// The flag a mission is behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlagNeed {
    /// Its key.
    pub key: Id,
}

/// What a mining mission asks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Question {
    /// What counts as failed: the id of an outcome of the mapping, or an expression over a case.
    pub outcome: Option<String>,
    /// Up to when a case is looked at.
    pub at: Option<String>,
    /// Most conditions of a cause.
    pub depth: Option<u32>,
    /// Most causes.
    pub causes: Option<u32>,
}

/// A decision that must be there before the mission starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalNeed {
    /// Role that decides.
    pub role: Id,
    /// Identity of the key it signs with; each `*` stands for any characters.
    pub signer: String,
}

/// What a run costs, in the smallest unit of the currency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Charges {
    /// For the run as a whole, counted when its inputs have been read.
    pub money_units: Option<u64>,
    /// For each attempt at a step, by the step's name.
    pub steps: BTreeMap<String, u64>,
}

/// One outcome a mission is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoalLine {
    /// Its id.
    pub id: Id,
    /// Its name for people.
    pub title: String,
    /// What is measured.
    pub measure: Measured,
    /// The clause it is about.
    pub clause: Option<Id>,
    /// Which way is better.
    pub direction: Direction,
    /// Where it stood; nothing when it is measured.
    pub baseline: Option<i64>,
    /// Where it is to get.
    pub target: i64,
    /// Fewest cases that say anything.
    pub minimum_sample: u64,
}

baton_document::shape::choices! {
    /// What an outcome of a mission measures.
    Measured {
        ShareMet = "share-met", "Share of handoffs of which every clause that applies is met, in basis points.";
        ShareReady = "share-ready", "Share of handoffs whose posture would have been `ready`, in basis points.";
        ClauseMet = "clause-met", "Share of handoffs that meet one clause, of those it applies to, in basis points.";
        FailureRate = "failure-rate", "Share of cases that failed, in basis points.";
        ExplainedShare = "explained-share", "Share of failures that the causes found cover, in basis points.";
        SoundCauses = "sound-causes", "Causes that were seen again in later cases.";
    }
}

impl Measured {
    /// Returns the capability that measures it.
    pub fn capability(self) -> Capability {
        match self {
            Self::ShareMet | Self::ShareReady | Self::ClauseMet => Capability::HandoffContracting,
            Self::FailureRate | Self::ExplainedShare | Self::SoundCauses => {
                Capability::FailureRootCauseMining
            }
        }
    }

    /// Returns what it is counted in.
    pub fn unit(self) -> &'static str {
        match self {
            Self::SoundCauses => "count",
            _ => "basis-points",
        }
    }
}

impl MissionFile {
    /// Returns the names of its steps in order.
    pub(crate) fn steps(&self) -> [&'static str; 3] {
        match self.capability {
            Capability::HandoffContracting => [GATHER, CHECK, JUDGE],
            Capability::FailureRootCauseMining => [GATHER, MINE, JUDGE],
        }
    }

    /// Returns the inputs without which the mission does not start.
    pub fn required_inputs(&self) -> Vec<InputName> {
        let mut names = match self.capability {
            Capability::FailureRootCauseMining => vec![InputName::Log, InputName::Mapping],
            Capability::HandoffContracting if self.inputs.contains_key(&InputName::Packages) => {
                vec![InputName::Contract, InputName::Packages]
            }
            Capability::HandoffContracting => vec![
                InputName::Log,
                InputName::Mapping,
                InputName::Contract,
                InputName::Fields,
            ],
        };
        if self.flag.is_some() {
            names.push(InputName::Flags);
        }
        if self.needs_validation {
            names.push(InputName::Validation);
        }
        if !self.approvals.is_empty() {
            names.push(InputName::Keyring);
        }
        names
    }
}
