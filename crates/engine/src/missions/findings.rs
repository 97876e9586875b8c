//! What steps make: documents in canonical form, kept in the store and read by the steps after them.

use baton_report::mission::{Dimension, HandoffFindings, MiningFindings};
use baton_terms::Digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gathered {
    /// Rows or packages read.
    pub rows: u64,
    /// Of these, taken.
    pub taken: u64,
    /// Mebibytes of memory the log takes, rounded up.
    pub memory_mib: u64,
    /// The import report of a log, or the names and digests of packages.
    pub detail: Value,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) enum Found {
    /// Handoffs against a contract.
    Handoffs(HandoffFindings),
    /// Causes.
    Causes(Mined),
}

/// Causes, and what the judgement needs beside them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mined {
    /// What is reported.
    pub findings: MiningFindings,
    /// Cases and failures of whole periods before `compare_from`, and from it on.
    pub before: (u64, u64),
    /// The same from it on, or of all cases.
    pub now: (u64, u64),
    /// Whether cases are looked at to their end, when everything that failed shows.
    pub is_hindsight: bool,
    /// Least share of resamples that select a cause again, in basis points.
    pub stability: Option<u64>,
}

/// How it was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Judged {
    /// What the posture is made of.
    pub scorecard: Vec<Dimension>,
    /// Baselines that were measured, by goal; in the order of the goals.
    pub baselines: Vec<(String, i64)>,
}

/// Returns the bytes under which a document is kept, with their digest.
///
/// # Errors
/// When a number has no canonical form.
pub(super) fn canonical<T: Serialize>(document: &T) -> Result<(Vec<u8>, Digest), String> {
    let bytes = baton_evidence::canonical::of(document).map_err(|error| error.to_string())?;
    let digest = Digest::of(&bytes);
    Ok((bytes, digest))
}

/// Reads a document that an earlier step made.
///
/// # Errors
/// When it is another one.
pub(super) fn read<'d, T: Deserialize<'d>>(bytes: &'d [u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}
