//! A backtest as data, format `backtest/v1`. Counts of packages say how much work it makes; counts
//! of cases carry the outcomes, for the packages of one case share theirs.

use baton_rootcause::wire::Interval;
use baton_scoring::wire::Posture;
use baton_terms::{Digest, Instant};
use serde::Serialize;
use serde_json::Value;

use crate::mission::ClauseCounts;

/// The format's name.
pub const FORMAT: &str = "backtest/v1";
/// JSON Schema of the format.
pub const SCHEMA: &str = include_str!("backtest-v1.schema.json");

/// What another version of a contract would have said of past packages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backtest {
    /// Always `backtest/v1`; written as `baton`, as in every document of Baton.
    #[serde(rename = "baton")]
    pub format: &'static str,
    /// Name of the contract.
    pub contract: String,
    /// The version that is compared with.
    pub before: Version,
    /// The version that is tried.
    pub after: Version,
    /// Where the packages come from.
    pub source: Source,
    /// Everything that was read, by name.
    pub inputs: Vec<Input>,
    /// The instant at which all packages were checked; absent when each was checked at its own.
    pub as_of: Option<Instant>,
    /// What counts as failed later; absent when nothing is known of it.
    pub outcome: Option<Outcome>,
    /// Packages that were held against both versions.
    pub packages: u64,
    /// Of these, packages that could not be read; they count as critical under both.
    pub unreadable: u64,
    /// Why, the first few.
    pub unreadable_because: Vec<String>,
    /// Packages that were not held against anything, or whose outcome does not count, by reason.
    pub left_out: Vec<LeftOut>,
    /// All cases.
    pub cases: Tally,
    /// Packages by verdict under both versions, those that have any.
    pub verdicts: Vec<VerdictCell>,
    /// The decision table.
    pub decisions: Vec<Decision>,
    /// Clauses of both versions: those of the new one in its order, then those it has no more.
    pub clauses: Vec<ClauseLine>,
    /// Sending teams by name; small ones under one name.
    pub teams: Vec<TeamLine>,
    /// What mending takes.
    pub effort: Effort,
    /// Packages whose verdict or unmet clauses differ, to be looked at one by one.
    pub flips: Vec<Flip>,
    /// How many more there are.
    pub flips_left_out: u64,
    /// Digest over every check of both versions.
    pub checks: Digest,
}

/// One version of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// Its number.
    pub version: String,
    /// Digest of its normal form.
    pub digest: Digest,
}

/// Where packages come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Handovers of an event log, each as the package it would have been.
    Log,
    /// Packages that a store recorded.
    Store,
}

/// One thing that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Input {
    /// What it is.
    pub name: String,
    /// Its digest.
    pub digest: String,
}

/// What counts as failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Name for readers.
    pub name: String,
    /// How it is told.
    pub failed: String,
}

/// Packages left out, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The reason.
    pub reason: String,
    /// How many.
    pub packages: u64,
}

/// Packages, and their cases by outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Packages.
    pub packages: u64,
    /// Cases that failed later.
    pub failed: u64,
    /// Cases that did not.
    pub fine: u64,
    /// Cases without an outcome that counts.
    pub unknown: u64,
}

/// What a version says of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing stands in the way.
    Ready,
    /// A person has to look.
    Review,
    /// It must not go on.
    Critical,
    /// It could not be read, which counts as critical.
    Unreadable,
}

impl Verdict {
    /// Returns the word people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Review => "review",
            Self::Critical => "critical",
            Self::Unreadable => "unreadable",
        }
    }

    /// Returns whether work would stop here until somebody acts.
    pub const fn holds_up(self) -> bool {
        !matches!(self, Self::Ready)
    }
}

impl From<Posture> for Verdict {
    fn from(posture: Posture) -> Self {
        match posture {
            Posture::Ready => Self::Ready,
            Posture::Review => Self::Review,
            Posture::Critical => Self::Critical,
        }
    }
}

/// Packages with one pair of verdicts, by the outcome of their cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct VerdictCell {
    /// Under the old version.
    pub before: Verdict,
    /// Under the new version.
    pub after: Verdict,
    /// Packages.
    pub packages: u64,
    /// Of these, packages of cases that failed later.
    pub failed: u64,
    /// Of these, packages of cases that did not.
    pub fine: u64,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// A clause is not met.
    Flagged,
    /// The verdict is not `ready`.
    HeldUp,
    /// The verdict is `critical`.
    Critical,
}

/// Whether what a version adds tells failing cases from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Cases it adds fail more often than the rest.
    Catches,
    /// They do not clearly fail more or less often.
    Unclear,
    /// They fail less often than the rest.
    HitsGoodWork,
    /// Too few cases to say anything.
    TooFew,
    /// No outcome is known.
    Unknown,
    /// It adds nothing.
    Nothing,
}

/// One row of the decision table: what follows from each choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// What is compared.
    pub measure: Measure,
    /// Under the old version.
    pub before: Tally,
    /// Under the new version.
    pub after: Tally,
    /// What the new version adds: for `flagged`, packages with a clause that is not met any more.
    pub gained: Tally,
    /// What the new version lets go and adds nowhere.
    pub lost: Tally,
    /// Share of all failed cases that are gained.
    pub caught: Interval,
    /// Share of all fine cases that are gained.
    pub blocked: Interval,
    /// Failure rate of the gained cases.
    pub rate: Interval,
    /// Failure rate of all other cases.
    pub other_rate: Interval,
    /// Risk ratio of the gained cases against all others.
    pub risk_ratio: Interval,
    /// The same among cases with as many packages, which had as many chances to be gained.
    pub adjusted_risk_ratio: Interval,
    /// What follows.
    pub answer: Answer,
}

/// What became of a clause from one version to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Removed,
    /// Both have it, and not alike.
    Changed,
    /// Both have it alike.
    Kept,
}

impl Change {
    /// Returns the word people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Kept => "kept",
        }
    }
}

/// One clause under both versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseLine {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its severity, of the new version where it has it.
    pub severity: String,
    /// What became of it.
    pub change: Change,
    /// Findings of the old version, by package.
    pub before: ClauseCounts,
    /// Findings of the new version, by package.
    pub after: ClauseCounts,
    /// Packages that a waiver excuses under the new version.
    pub waived: u64,
    /// Where the version that has it last does not find it met.
    pub flagged: Tally,
    /// Where only the new version does not find it met.
    pub gained: Tally,
    /// Where only the old version does not find it met.
    pub lost: Tally,
    /// Failure rate of the flagged cases.
    pub rate: Interval,
    /// Failure rate of all other cases.
    pub other_rate: Interval,
    /// Risk ratio of the flagged cases against all others, among cases with as many packages.
    pub adjusted_risk_ratio: Interval,
    /// Whether it tells failing cases from others.
    pub answer: Answer,
}

/// What changes for one sending team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TeamLine {
    /// The team, or what stands for all that are too small to be named.
    pub team: String,
    /// Its packages.
    pub packages: u64,
    /// Of these, packages whose verdict gets worse.
    pub worse: u64,
    /// Of these, packages whose verdict gets better.
    pub better: u64,
    /// Packages that are asked for more, and their cases by outcome.
    pub asked_more: Tally,
    /// Effort that is added, less what is saved.
    pub effort: i64,
}

/// What it takes to mend every clause that is not met, in the effort that the clauses declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Effort {
    /// Under the old version.
    pub before: u64,
    /// Under the new version.
    pub after: u64,
    /// Packages that take more under the new version.
    pub packages_with_more: u64,
}

/// One package whose verdict or unmet clauses differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flip {
    /// The work item and number of the handoff.
    pub work_item: String,
    /// When.
    pub at: Instant,
    /// The sending team, or what stands for all that are too small to be named.
    pub team: String,
    /// Verdict of the old version.
    pub before: Verdict,
    /// Verdict of the new version.
    pub after: Verdict,
    /// Clauses that are not met any more.
    pub newly_unmet: Vec<String>,
    /// Clauses that no longer stand in the way.
    pub no_longer_unmet: Vec<String>,
    /// Whether its case failed later, where that is known.
    pub failed: Option<bool>,
}

/// Returns the backtest as a `backtest/v1` document.
///
/// # Errors
/// When a part of it has no JSON form, which no backtest has.
pub fn json(backtest: &Backtest) -> serde_json::Result<Value> {
    serde_json::to_value(backtest)
}
