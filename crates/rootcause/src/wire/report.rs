//! The report around the causes: what was read, what was asked, what was set aside, how it went.

use serde::{Deserialize, Serialize};

use super::cause::{Cause, Condition, Confirmation, Interval, Suspect};
use super::fixed::Fixed;

/// The answer of one mining run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MiningReport {
    /// Always `mining-report/v1`; written as `baton`, as in every document of Baton.
    #[serde(rename = "baton")]
    pub format: String,
    /// Version of the engine.
    pub engine: String,
    /// What was read; its digests and the settings are enough to run it again.
    pub input: Input,
    /// Cases and failures.
    pub overview: Overview,
    /// Features that were mined, in the order of their names.
    pub features: Vec<Feature>,
    /// Columns and features set aside, with the reason, in the order of their names.
    pub excluded: Vec<Column>,
    /// What was searched and what counts as significant.
    pub search: Search,
    /// The causes, in the order of the cover.
    pub causes: Vec<Cause>,
    /// What stands out over all cases, beside the causes, without being shown; never causes.
    pub suspects: Vec<Suspect>,
    /// What covers most cases, told from the side of the few others, which fail less often.
    pub fewer_failures: Vec<FewerFailures>,
    /// Features that only change over time as the failure rate does, those of most failures first.
    pub drift: Vec<Drift>,
    /// How much of the failures the causes explain, one by one.
    pub coverage: Vec<Coverage>,
    /// Changes of the failure rate.
    pub changes: Vec<ChangePoint>,
    /// What a reader must know before using it.
    pub cautions: Vec<Caution>,
}

/// What was read and asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Name of the log as the user gave it, without its folder.
    pub name: String,
    /// SHA-256 of the bytes read, one per file, `sha256:…`.
    pub digests: Vec<String>,
    /// The mapping, as its canonical JSON.
    pub mapping: serde_json::Value,
    /// The settings, as their canonical JSON.
    pub settings: serde_json::Value,
    /// Outcome expression.
    pub outcome: String,
    /// Name of the outcome, such as `SLA missed`.
    pub outcome_name: String,
    /// The import report, as its JSON.
    pub import: serde_json::Value,
    /// Landmark in words, such as `start` or `first handover`.
    pub landmark: String,
}

/// Cases left out, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// Why.
    pub reason: String,
    /// How many.
    pub cases: u64,
}

/// Cases and failures of one stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day, `2016-02-29`, in UTC.
    pub start: String,
    /// Cases that started in it.
    pub cases: u64,
    /// Failures among them.
    pub failures: u64,
}

/// Cases and failures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overview {
    /// Cases in the table.
    pub cases: u64,
    /// Failures among them.
    pub failures: u64,
    /// Start of the first and the last case, RFC 3339.
    pub span: Option<(String, String)>,
    /// Start of the first later case: causes are found before and confirmed from here on.
    pub split: Option<String>,
    /// What cost is counted in.
    pub cost_unit: Option<String>,
    /// Cost of all failures.
    pub cost: Option<Fixed>,
    /// Cases of the log that are not in the table.
    pub left_out: Vec<LeftOut>,
    /// The failure rate over time, whole weeks or months, at most 60.
    pub periods: Vec<Period>,
}

/// A feature that was mined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// Where it comes from: `attribute`, `flow`, `handover`, `workload`, `calendar`, `finding`.
    pub origin: String,
    /// Conditions on it that were searched.
    pub conditions: u64,
    /// Cases without a value.
    pub missing: u64,
}

/// A column or feature set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Why: `known-later`, `restates-outcome`, `person`, `in-outcome`, `constant`, `identifier`, `chosen`.
    pub why: String,
    /// More about it, such as how well it tells the outcomes apart.
    pub detail: String,
}

/// What was searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// Longest conjunction.
    pub depth: u32,
    /// Fewest cases and failures of a cause.
    pub support: (u64, u64),
    /// Hypotheses counted, every interval of every number included.
    pub hypotheses: u64,
    /// Of these, how many could reach significance at all (Tarone 1990).
    pub testable: u64,
    /// Family-wise error rate asked for.
    pub alpha: Fixed,
    /// log10 of the p-value a cause must stay under: that of the strictest kind of hypotheses.
    pub log10_threshold: Fixed,
    /// `tarone` or `westfall-young`.
    pub method: String,
    /// Relabelings that the threshold was taken from; 0 by Tarone's method.
    pub permutations: u32,
    /// Patterns that pass the threshold, before productivity and cover.
    pub significant: u64,
    /// Of these, how many beat each of their parts.
    pub productive: u64,
}

/// Cases for which a condition of most cases does not hold; they fail less often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FewerFailures {
    /// The condition that holds for most cases and not for these.
    pub condition: Condition,
    /// Cases for which it does not hold.
    pub cases: u64,
    /// Failures among them.
    pub failures: u64,
    /// Failure rate with its interval.
    pub rate: Interval,
    /// Failure rate of all others, for which it holds.
    pub other_rate: Fixed,
    /// What the later cases say.
    pub confirmation: Confirmation,
}

/// A feature of which every significant condition loses most of its excess among cases of the same
/// time: it says when, not why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drift {
    /// Name of the feature.
    pub feature: String,
    /// Failures above the rate of the others under its strongest condition, over all times.
    pub over_all: Fixed,
    /// The same among cases of the same time, never under 0.
    pub within: Fixed,
}

/// The cover after one more cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Id of the cause.
    pub cause: String,
    /// Failures covered so far.
    pub failures: u64,
    /// Cases covered so far.
    pub cases: u64,
    /// Excess failures explained so far.
    pub excess: Fixed,
}

/// A change of the failure rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePoint {
    /// First day of the new rate, in UTC.
    pub day: String,
    /// Rate before, with its interval.
    pub before: Interval,
    /// Rate after, with its interval.
    pub after: Interval,
    /// log10 of the exact p-value, corrected for all days looked at.
    pub log10_p: Fixed,
}

/// Something a reader must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caution {
    /// Stable name, such as `no-failures` or `few-failures`.
    pub kind: String,
    /// One sentence.
    pub text: String,
}
