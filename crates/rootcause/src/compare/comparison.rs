//! The answer as data, format `comparison/v1`: what `baton compare` writes as JSON and what its pages
//! are drawn from.

use serde::{Deserialize, Serialize};

use crate::wire::{ChangePoint, Condition, Fixed, Interval};

/// What changed from one window to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Always `comparison/v1`.
    pub baton: String,
    /// Version of the engine.
    pub engine: String,
    /// Name of the outcome, such as `SLA missed`.
    pub outcome_name: String,
    /// The window before.
    pub before: Window,
    /// The window after.
    pub after: Window,
    /// Rate after less rate before.
    pub change: Fixed,
    /// log10 of the exact two-sided p-value of the change (Fisher); absent beyond its limits.
    pub log10_p: Option<Fixed>,
    /// The change split into rate and mix, once per attribute or cause, in the order of their names.
    pub splits: Vec<Split>,
    /// Chance of calling any cause changed where none did, at most.
    pub alpha: Fixed,
    /// Tests that this chance is spread over.
    pub tests: u64,
    /// Causes, those that changed most clearly first.
    pub causes: Vec<CauseChange>,
    /// Days on which the failure rate changed.
    pub changes: Vec<ChangePoint>,
    /// What a reader must know before using it.
    pub cautions: Vec<String>,
}

/// One window of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// What it is known by: the name of a log, or its days.
    pub name: String,
    /// Start of its first and its last case, RFC 3339.
    pub span: Option<(String, String)>,
    /// Digests of what was read, `sha256:…`.
    pub digests: Vec<String>,
    /// Cases.
    pub cases: u64,
    /// Failures among them.
    pub failures: u64,
    /// Failure rate with its Wilson interval (1927) of 95%.
    pub rate: Interval,
}

/// The change split over the groups of one attribute (Kitagawa 1955); the parts add up to the change
/// to the last digit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// The attribute, or the cause whose cases are set against all others.
    pub by: String,
    /// What failing more or less often within groups amounts to.
    pub rate: Fixed,
    /// What a shift of cases between groups amounts to.
    pub mix: Fixed,
    /// The groups, in the order of their names.
    pub groups: Vec<SplitGroup>,
}

/// One group of a split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitGroup {
    /// Its name.
    pub name: String,
    /// Cases and failures before.
    pub before: (u64, u64),
    /// Cases and failures after.
    pub after: (u64, u64),
    /// Its part of the change by failing more or less often.
    pub rate: Fixed,
    /// Its part of the change by being a larger or smaller part of all cases.
    pub mix: Fixed,
}

/// What became of a cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Became {
    /// It is a cause after and was none before.
    Appeared,
    /// It sets its cases apart more than before.
    Grew,
    /// It sets its cases apart less than before.
    Shrank,
    /// It was a cause before and is none after.
    Vanished,
    /// No clear change.
    Steady,
}

/// One cause in both windows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseChange {
    /// Conditions that hold together.
    pub conditions: Vec<Condition>,
    /// What became of it.
    pub became: Became,
    /// Its place among the causes before, from 1; absent where it was none.
    pub rank_before: Option<u32>,
    /// Its place among the causes after.
    pub rank_after: Option<u32>,
    /// Its size before; absent when the cases are not known.
    pub before: Option<Size>,
    /// Its size after.
    pub after: Option<Size>,
    /// log10 of the exact p-value of unequal odds ratios (Zelen 1971), corrected for all tests
    /// (Holm 1979); absent when one window is not known.
    pub log10_p: Option<Fixed>,
}

/// Size of a cause in one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Cases its conditions hold for.
    pub cases: u64,
    /// Failures among them.
    pub failures: u64,
    /// Failures above the rate of all other cases.
    pub excess: Fixed,
    /// Failure rate relative to all other cases; absent when those never fail.
    pub risk_ratio: Option<Fixed>,
}
