//! Proposed clauses as data, format `proposals/v1`.

use baton_rootcause::wire::{Condition, Fixed, Interval, Strength};
use serde::Serialize;
use serde_json::Value;

/// The format's name.
pub const FORMAT: &str = "proposals/v1";
/// JSON Schema of the format.
pub const SCHEMA: &str = include_str!("proposals-v1.schema.json");

/// What a mining report asks of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposals {
    /// Always `proposals/v1`; written as `baton`, as in every document of Baton.
    #[serde(rename = "baton")]
    pub format: &'static str,
    /// Name of the outcome, such as `SLA missed`.
    pub outcome: String,
    /// Up to when the cases were looked at.
    pub landmark: String,
    /// Digests of the log the causes were found in.
    pub log: Vec<String>,
    /// Name of the contract.
    pub contract: String,
    /// Version of the contract that the changes are made to.
    pub version: String,
    /// Clauses, those first that catch most failures for each good case they hold up.
    pub candidates: Vec<Candidate>,
    /// Causes and suspects that no clause is made of, in the order of the report.
    pub refused: Vec<Refused>,
}

/// One proposed clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Place in the list, from 1.
    pub rank: u32,
    /// Id of the clause.
    pub clause: String,
    /// Id of the cause it comes from.
    pub cause: String,
    /// What the cases of the cause have in common.
    pub conditions: Vec<Condition>,
    /// Where the clause applies, in CEL; everywhere when absent.
    pub when: Option<String>,
    /// What the clause expects of a package, in CEL.
    pub expect: String,
    /// How much it matters: `major` where the sender can give what is missing, else `minor`.
    pub severity: &'static str,
    /// What speaks for it.
    pub evidence: Evidence,
    /// The change of the contract, as a unified diff.
    pub diff: String,
}

/// What speaks for a clause: counts of cases, up to the landmark of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Cases the clause would have flagged.
    pub cases: u64,
    /// Failures among them.
    pub failures_caught: u64,
    /// Cases among them that did not fail.
    pub good_blocked: u64,
    /// Failures caught for each good case held up; absent when none is.
    pub caught_per_blocked: Option<Fixed>,
    /// Failure rate of the flagged cases with its interval.
    pub rate: Interval,
    /// Failure rate of all other cases.
    pub other_rate: Fixed,
    /// Share of all failures that it catches.
    pub share_of_failures: Fixed,
    /// Risk ratio with its interval.
    pub risk_ratio: Interval,
    /// Risk ratio after adjusting for other drivers, when there are any.
    pub adjusted_risk_ratio: Option<Interval>,
    /// Flagged cases and failures among the later cases, on which the cause was checked.
    pub later: Option<(u64, u64)>,
    /// How strong the evidence is.
    pub strength: Strength,
}

/// A cause or suspect that no clause is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Id of the cause; absent for a suspect.
    pub cause: Option<String>,
    /// What its cases have in common.
    pub conditions: Vec<Condition>,
    /// Code of the reason.
    pub code: String,
    /// The reason.
    pub reason: String,
    /// What would change that.
    pub hint: String,
}

/// Returns the proposals as a `proposals/v1` document.
///
/// # Errors
/// When a part of it has no JSON form, which no proposal has.
pub fn json(proposals: &Proposals) -> serde_json::Result<Value> {
    serde_json::to_value(proposals)
}
