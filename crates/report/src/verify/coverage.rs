//! Sentences that say what a verification covered and what it did not.

use baton_evidence::bundle;
use baton_evidence::trace::{Coverage, Level, Report};

/// Returns what was covered of a trace at a level.
pub(super) fn covered(coverage: &Coverage, level: Level) -> Vec<String> {
    let mut sentences = Vec::new();
    let lines = coverage.lines;
    if coverage.sealed > 0 || (lines == 0 && !coverage.signers.is_empty()) {
        sentences.push(format!(
            "{} of {}: chain, Merkle root and the signature of {}",
            coverage.sealed,
            count(lines, "entry", "entries"),
            coverage.signers.join(", ")
        ));
    } else {
        sentences.push(format!(
            "the chain of {}, under no trusted signature",
            count(lines, "entry", "entries")
        ));
    }
    if level == Level::Audit {
        sentences.push("every line read, and held against the form of an entry".to_owned());
        sentences.push(format!(
            "{} compared with the digests that entries name",
            count(coverage.blobs, "blob", "blobs")
        ));
    }
    if coverage.earlier_checkpoints > 0 {
        sentences.push(format!(
            "{} seen before, which the trace extends",
            count(coverage.earlier_checkpoints, "checkpoint", "checkpoints")
        ));
    }
    sentences
}

/// Returns what was covered of a bundle.
pub(super) fn covered_of_bundle(report: &bundle::Report) -> Vec<String> {
    let coverage = &report.coverage;
    let mut sentences = covered(&coverage.trace, Level::Audit);
    let is_trusted = is_trusted(report);
    if let Some(first) = sentences.first_mut().filter(|_| !is_trusted) {
        *first = format!(
            "{}: chain, Merkle root, and signatures by the keys inside, which prove nothing about who made them",
            count(coverage.trace.lines, "entry", "entries"),
        );
    }
    if coverage.attestations > 0 {
        let keys = if is_trusted {
            "trusted keys"
        } else {
            "the keys inside"
        };
        let all = u64::try_from(coverage.attestations).unwrap_or(u64::MAX);
        sentences.push(format!(
            "{} of {}: signed by {keys}, about bytes that entries name",
            coverage.attestations_verified,
            count(all, "attestation", "attestations")
        ));
    }
    sentences
}

/// Returns whether a bundle was verified with keys other than those inside it.
pub(super) fn is_trusted(report: &bundle::Report) -> bool {
    !report.findings.contains(&bundle::Finding::NoTrustedKeys)
}

/// Returns what was not covered of a trace.
pub(super) fn not_covered_of_trace(report: &Report) -> Vec<String> {
    let mut sentences = report.coverage.not_covered.clone();
    if report.level == Level::Chain {
        sentences.push("the form of the lines, and the blobs they name: give --audit".to_owned());
    }
    if report.coverage.earlier_checkpoints == 0 {
        sentences.push(
            "whether an older state was put back: give --earlier with a checkpoint seen before"
                .to_owned(),
        );
    }
    sentences.push(NOT_REPLAYED.replace("{}", "`baton trace replay`"));
    sentences
}

/// Returns what was not covered of a bundle.
pub(super) fn not_covered_of_bundle(report: &bundle::Report) -> Vec<String> {
    let mut sentences = report.coverage.trace.not_covered.clone();
    if report.coverage.trace.earlier_checkpoints == 0 {
        sentences.push("whether the trace grew after this bundle was made".to_owned());
    }
    sentences
}

/// What a reader must not take a verified seal for.
pub(super) const NOT_REPLAYED: &str =
    "whether each decision follows from its inputs: {} evaluates them again";

pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}
