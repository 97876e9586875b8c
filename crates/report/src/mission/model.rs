//! What an outcome report and an incident packet say.

use std::collections::BTreeMap;

use baton_scoring::wire::Posture;
use baton_terms::{Digest, Id, Instant};
use serde::{Deserialize, Serialize};

/// The format of outcome reports.
pub const REPORT_FORMAT: &str = "outcome-report/v1";
/// The format of incident packets.
pub const PACKET_FORMAT: &str = "incident-packet/v1";

/// How a mission ended, or where it stands while people are waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeReport {
    /// Always `outcome-report/v1`.
    pub baton: String,
    /// Version of the engine.
    pub engine: String,
    /// The run: the mission's id, and the beginning of the digest of all it reads.
    pub run: String,
    /// What it was.
    pub mission: MissionLine,
    /// Where it stands: `completed`, `escalated`, `missing`, …
    pub ended: String,
    /// Its posture, once a step has led to one.
    pub posture: Option<Posture>,
    /// Files read, by name.
    pub inputs: Vec<Input>,
    /// What is missing, when it could not start.
    pub missing: Vec<String>,
    /// Outcomes, in the order of the mission file.
    pub outcomes: Vec<OutcomeLine>,
    /// What the posture is made of.
    pub scorecard: Vec<Dimension>,
    /// Handoffs held against a contract.
    pub handoffs: Option<HandoffFindings>,
    /// Causes found.
    pub mining: Option<MiningFindings>,
    /// Steps that are done, in order.
    pub steps: Vec<StepLine>,
    /// How many steps there are in all.
    pub steps_in_all: u64,
    /// Rounds of attempts that failed.
    pub failures: u32,
    /// Why it is blocked, when it is.
    pub escalation: Option<Escalation>,
    /// Digest that a rollback landed on, or would.
    pub baseline: Option<Digest>,
    /// Telemetry links by name.
    pub links: BTreeMap<String, String>,
    /// Queued tasks.
    pub follow_ups: Vec<FollowUp>,
}

/// A mission as its file says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissionLine {
    /// Id.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Digest of the file's canonical form.
    pub digest: Digest,
    /// What it runs.
    pub capability: String,
    /// What it is about.
    pub scope: String,
    /// How far it goes by itself.
    pub autonomy: String,
    /// Role that oversees it.
    pub oversight: String,
    /// Flag it is behind.
    pub flag: Option<String>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its name in the mission.
    pub name: String,
    /// Digest of its content.
    pub digest: Digest,
}

/// One outcome against baseline and target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeLine {
    /// Id.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// `basis-points` or `count`.
    pub unit: String,
    /// `higher` or `lower` is better.
    pub direction: String,
    /// Where it stood; nothing when that is not known.
    pub baseline: Option<i64>,
    /// Where it was to get.
    pub target: i64,
    /// Where it is; nothing when it was not measured.
    pub value: Option<i64>,
    /// Cases it was measured on.
    pub sample: u64,
    /// Fewest cases that say anything.
    pub minimum_sample: u64,
    /// Whether the target is met; nothing when that is not known, which is not met.
    pub is_met: Option<bool>,
}

/// One dimension of a mission's scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Id.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// Its value in basis points.
    pub value: u64,
    /// The posture it leads to.
    pub posture: Posture,
    /// Why, in a sentence.
    pub why: String,
}

/// Counts of one stretch of handoffs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Handoffs checked.
    pub checked: u64,
    /// Of which every clause that applies is met.
    pub met: u64,
    /// Whose posture would have been `ready`.
    pub ready: u64,
    /// Whose posture would have been `review`.
    pub review: u64,
    /// Whose posture would have been `critical`.
    pub critical: u64,
}

/// Handoffs held against a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandoffFindings {
    /// Name of the contract.
    pub contract: String,
    /// Its version.
    pub version: String,
    /// Its digest.
    pub digest: Digest,
    /// From when on handoffs count as now.
    pub compare_from: Option<Instant>,
    /// Handoffs that were no packages, with the first reasons.
    pub refused: u64,
    /// Why the first of them were refused.
    pub refused_because: Vec<String>,
    /// Handoffs from `compare_from` on, or all of them.
    pub now: Counts,
    /// Handoffs before `compare_from`.
    pub before: Counts,
    /// Clauses in the order of the contract.
    pub clauses: Vec<ClauseLine>,
    /// Seams with the most handoffs that miss the contract, worst first; small teams are folded.
    pub seams: Vec<SeamLine>,
    /// Digest over the decision about every single handoff.
    pub decisions: Digest,
}

/// One clause over all handoffs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseLine {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Severity.
    pub severity: String,
    /// How to mend it.
    pub fix: String,
    /// Handoffs from `compare_from` on.
    pub now: ClauseCounts,
    /// Handoffs before.
    pub before: ClauseCounts,
}

/// What became of one clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseCounts {
    /// Met, or excused by a waiver.
    pub met: u64,
    /// Not met.
    pub failed: u64,
    /// Could not be found out; never a pass.
    pub unknown: u64,
    /// Did not apply, or only warns for now.
    pub left_out: u64,
}

impl ClauseCounts {
    /// Returns how many handoffs it applies to.
    pub fn applies(&self) -> u64 {
        self.met
            .saturating_add(self.failed)
            .saturating_add(self.unknown)
    }
}

/// One seam between two teams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeamLine {
    /// Who hands over.
    pub from: String,
    /// Who receives.
    pub to: String,
    /// Handoffs checked.
    pub checked: u64,
    /// Of which every clause that applies is met.
    pub met: u64,
}

/// Causes found by a mining mission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MiningFindings {
    /// What counts as failed.
    pub outcome: String,
    /// Cases.
    pub cases: u64,
    /// Failures.
    pub failures: u64,
    /// Failures that the causes cover.
    pub covered: u64,
    /// Digest of the mining report.
    pub report: Digest,
    /// The causes, in the order of the report.
    pub causes: Vec<CauseLine>,
    /// What a reader must know.
    pub cautions: Vec<String>,
}

/// One cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseLine {
    /// Id.
    pub id: String,
    /// Its conditions in words.
    pub title: String,
    /// Cases.
    pub cases: u64,
    /// Failures among them.
    pub failures: u64,
    /// Failures it explains that no cause before it explains.
    pub explains: u64,
    /// `associated`, `replicated` or `adjusted`.
    pub strength: String,
    /// What later cases say: `replicated`, `weaker`, `gone` or `untested`.
    pub later: String,
    /// Whether somebody can change one of its features.
    pub is_modifiable: bool,
}

/// A step that is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepLine {
    /// Id.
    pub id: String,
    /// Digest of what it made, the same both times it was done.
    pub output: Digest,
    /// The posture it led to.
    pub posture: Posture,
}

/// Why a mission is blocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// In a sentence.
    pub why: String,
    /// Role whose turn it is.
    pub owner: Id,
    /// Caps that are reached, by their names in the mission file.
    pub caps: Vec<String>,
    /// Trace entries that led here.
    pub entries: Vec<TraceMark>,
    /// What the owner can do now.
    pub choices: Vec<String>,
}

/// An entry of the mission's trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceMark {
    /// Its place in the trace, from 0.
    pub entry: u64,
    /// What happened.
    pub kind: String,
}

/// What oversight receives when a mission is blocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentPacket {
    /// Always `incident-packet/v1`.
    pub baton: String,
    /// The run.
    pub run: String,
    /// The stream in the store that holds its trace.
    pub trace: String,
    /// Where the mission stands.
    pub phase: String,
    /// Its posture.
    pub posture: Option<Posture>,
    /// Why it is blocked and what can be done.
    pub escalation: Escalation,
    /// Steps that are done, and all steps.
    pub steps: (u64, u64),
    /// What was used of each thing that has a cap; time is left out unless it is what stopped it.
    pub budget: Vec<UsedLine>,
    /// What a rollback would land on.
    pub baseline: Option<Digest>,
    /// Earlier entries that are not named.
    pub entries_left_out: u64,
}

/// What was used of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsedLine {
    /// The cap's name in the mission file.
    pub cap: String,
    /// Its limit.
    pub limit: u64,
    /// What was used.
    pub used: u64,
}

/// A queued task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// `risk`, `approval` or `optimization`.
    pub kind: String,
    /// What is to be done.
    pub task: String,
    /// Role whose turn it is.
    pub owner: Id,
}
