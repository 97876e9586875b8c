//! A mining run or a comparison as something to keep: the entry it leaves in a trace, and the
//! statement a run signs.
//!
//! A record holds the mapping, the settings and the report, and only the digests of the log: logs are
//! large and full of other people's words, so whoever mines again brings the file, and its digest
//! says whether it is the one.

use std::collections::BTreeMap;

use baton_evidence::attestation::{MINING_RUN, Statement, Subject};
use baton_evidence::canonical::{self, CanonicalError};
use baton_terms::{Digest, Id, Instant};
use serde_json::{Map, Value, json};

use crate::compare::Comparison;
use crate::wire::MiningReport;

/// Name of the report as the subject of a statement.
const SUBJECT: &str = "mining-report.json";
/// Bytes of a subject in a trace.
const SUBJECT_BYTES_MAX: usize = 200;

/// What one run or comparison read and produced.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What it is about: the name of the log, or what is compared.
    pub subject: String,
    /// Digests by name, such as mapping, settings and report.
    pub digests: BTreeMap<Id, Digest>,
    /// The bytes behind them.
    pub blobs: BTreeMap<Digest, Vec<u8>>,
    /// Engine, name and digests of the log, and what was found, for readers of the trace.
    pub detail: Map<String, Value>,
}

/// Returns the record of a run whose report is written as `bytes`.
///
/// # Errors
/// When mapping or settings have no canonical form.
pub fn record(report: &MiningReport, bytes: &[u8]) -> Result<Record, CanonicalError> {
    let input = &report.input;
    let parts = [
        ("mapping", canonical::of(&input.mapping)?),
        ("settings", canonical::of(&input.settings)?),
        ("report", bytes.to_vec()),
    ];
    let (digests, blobs) = named(parts);
    let detail = json!({
        "engine": report.engine,
        "name": input.name,
        "log": input.digests,
        "outcome": input.outcome_name,
        "cases": report.overview.cases,
        "failures": report.overview.failures,
        "causes": ids(report),
    });
    Ok(Record {
        subject: subject(&input.name),
        digests,
        blobs,
        detail: into_map(detail),
    })
}

/// Returns the record of a comparison: what it was made from, by name, beside the comparison itself
/// as written in `bytes`. `log` are the digests of the files it has to read again.
pub fn comparison(
    comparison: &Comparison,
    mut parts: Vec<(&'static str, Vec<u8>)>,
    (log, bytes): (&[String], &[u8]),
) -> Record {
    parts.push(("comparison", bytes.to_vec()));
    let (digests, blobs) = named(parts);
    let (before, after) = (&comparison.before.name, &comparison.after.name);
    let detail = json!({
        "engine": comparison.engine,
        "before": before,
        "after": after,
        "log": log,
        "outcome": comparison.outcome_name,
        "change": comparison.change,
    });
    Record {
        subject: subject(&format!("{before} and {after}")),
        digests,
        blobs,
        detail: into_map(detail),
    }
}

/// Digests of named bytes, and the bytes by their digests.
fn named(
    parts: impl IntoIterator<Item = (&'static str, Vec<u8>)>,
) -> (BTreeMap<Id, Digest>, BTreeMap<Digest, Vec<u8>>) {
    let mut digests = BTreeMap::new();
    let mut blobs = BTreeMap::new();
    for (name, bytes) in parts {
        let digest = Digest::of(&bytes);
        // The names are ids; one that were not would be missed by the replay test.
        digests.extend(name.parse::<Id>().map(|name| (name, digest)));
        blobs.insert(digest, bytes);
    }
    (digests, blobs)
}

/// Returns the in-toto statement of a run at `time`; its subject is the report as written in `bytes`.
///
/// # Errors
/// When mapping or settings have no canonical form.
pub fn statement(
    report: &MiningReport,
    bytes: &[u8],
    time: Instant,
) -> Result<Statement, CanonicalError> {
    let input = &report.input;
    let digest_of = |value| canonical::of(value).map(|bytes| Digest::of(&bytes));
    let predicate = json!({
        "engine": {"name": "baton", "version": report.engine},
        "minedAt": time,
        "log": {"name": input.name, "digests": input.digests},
        "mapping": {"digest": digest_of(&input.mapping)?},
        "settings": {"digest": digest_of(&input.settings)?},
        "outcome": input.outcome_name,
        "cases": report.overview.cases,
        "failures": report.overview.failures,
        "causes": ids(report),
    });
    Ok(Statement {
        subjects: vec![Subject::new(SUBJECT, Digest::of(bytes))],
        predicate_type: MINING_RUN.to_owned(),
        predicate: into_map(predicate),
    })
}

fn ids(report: &MiningReport) -> Vec<&str> {
    report
        .causes
        .iter()
        .map(|cause| cause.id.as_str())
        .collect()
}

fn into_map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Returns a name as a subject of a trace may hold it.
fn subject(name: &str) -> String {
    let mut subject = String::new();
    for character in name.chars() {
        let is_plain = !character.is_control() && character != '"' && character != '\\';
        let shown = if is_plain { character } else { '_' };
        if subject.len() + shown.len_utf8() > SUBJECT_BYTES_MAX {
            break;
        }
        subject.push(shown);
    }
    if subject.is_empty() {
        subject.push('_');
    }
    subject
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_what_a_trace_takes() {
        assert_eq!(subject("requests.csv"), "requests.csv");
        assert_eq!(subject("a\"b\\c\u{1b}"), "a_b_c_");
        assert_eq!(subject(""), "_");
        assert!(subject(&"é".repeat(300)).len() <= SUBJECT_BYTES_MAX);
    }
}
