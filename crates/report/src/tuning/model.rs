//! What past outcomes say of a contract's thresholds, weights and clauses, format `tuning/v1`.

use baton_rootcause::wire::Interval;
use baton_terms::{Digest, Instant};
use serde::Serialize;
use serde_json::Value;

use crate::backtest::{Answer, Input, Outcome, Source, Tally};

/// The format's name.
pub const FORMAT: &str = "tuning/v1";
/// JSON Schema of the format.
pub const SCHEMA: &str = include_str!("tuning-v1.schema.json");

/// What past outcomes say of a contract. Nothing of it is applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tuning {
    /// Always `tuning/v1`; written as `baton`, as in every document of Baton.
    #[serde(rename = "baton")]
    pub format: &'static str,
    /// Name of the contract.
    pub contract: String,
    /// Its version.
    pub version: String,
    /// Digest of its normal form.
    pub digest: Digest,
    /// Where the packages come from.
    pub source: Source,
    /// Everything that was read, by name.
    pub inputs: Vec<Input>,
    /// What counts as failed later.
    pub outcome: Outcome,
    /// Good cases that may be held up for one failure that is caught.
    pub worth: u64,
    /// The instant from which cases confirm what earlier ones suggest.
    pub later_from: Instant,
    /// Cases before it.
    pub earlier: Tally,
    /// Cases from it on.
    pub later: Tally,
    /// How each clause does, in canonical order.
    pub clauses: Vec<Quality>,
    /// Changes that later cases confirm, those that gain most first.
    pub recommended: Vec<Proposed>,
    /// Changes that earlier cases suggest and later ones do not confirm.
    pub unconfirmed: Vec<Proposed>,
    /// Clauses that may go.
    pub retire: Vec<Retirement>,
    /// Confidence of every limit that confirms a change, in basis points.
    pub confidence: u16,
}

/// How one clause does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quality {
    /// Its id.
    pub clause: String,
    /// Its severity.
    pub severity: String,
    /// Packages it applied to.
    pub applied: u64,
    /// Of these, packages that did not meet it, or of which it could not be found out.
    pub unmet: u64,
    /// Of these, packages that were excused by a waiver.
    pub waived: u64,
    /// Share of packages that did not meet it, with its exact interval.
    pub unmet_share: Interval,
    /// Where it was not met.
    pub flagged: Tally,
    /// Failure rate of these cases.
    pub rate: Interval,
    /// Failure rate of all other cases.
    pub other_rate: Interval,
    /// Risk ratio among cases with as many packages.
    pub adjusted_risk_ratio: Interval,
    /// Whether not meeting it goes with failing later.
    pub answer: Answer,
}

/// One change of a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposed {
    /// JSON Pointer of the number; a clause stands by its id.
    pub at: String,
    /// What it is.
    pub from: u64,
    /// What it would be.
    pub to: u64,
    /// What changes among the earlier cases.
    pub earlier: Moved,
    /// What changes among the later ones.
    pub later: Moved,
    /// Failure rate of the later cases that are held up anew.
    pub held_rate: Interval,
    /// Failure rate of the later cases that are let go.
    pub freed_rate: Interval,
    /// Why it is not recommended; empty where it is.
    pub because: String,
}

/// Cases that a change holds up, and those it lets go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Moved {
    /// Failed cases that are held up anew.
    pub held_failed: u64,
    /// Good cases that are held up anew.
    pub held_fine: u64,
    /// Failed cases that are let go.
    pub freed_failed: u64,
    /// Good cases that are let go.
    pub freed_fine: u64,
}

/// A clause that may go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Retirement {
    /// The clause.
    pub clause: String,
    /// Why.
    pub because: String,
}

/// Returns the tuning as a `tuning/v1` document.
///
/// # Errors
/// When a part of it has no JSON form, which none has.
pub fn json(tuning: &Tuning) -> serde_json::Result<Value> {
    serde_json::to_value(tuning)
}
