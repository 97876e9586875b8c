//! The record of a tour as one file, verified as an outsider would.

use baton_evidence::bundle;
use baton_evidence::trace::Verdict;
use baton_report::tour::Proof;
use baton_terms::limits;

use super::past::Log;
use super::steps::Steps;
use crate::commands::keys::read_keyring;
use crate::{clock, files};

/// The page of the bundle.
const FILE: &str = "bundle.html";
/// The trace that the mining run was recorded in.
pub(super) const TRACE: &str = "trace";
/// The keys that count.
pub(super) const KEYRING: &str = "keys/keyring.json";

/// Exports what was recorded, verifies it, and does the recorded mining run again.
pub(super) fn proof(steps: &mut Steps, log: &Log) -> anyhow::Result<Proof> {
    let (trace, keyring, page) = (steps.shown(TRACE), steps.shown(KEYRING), steps.shown(FILE));
    steps.run(&[
        "bundle",
        "export",
        &trace,
        "--keyring",
        &keyring,
        "--html",
        "--out",
        &page,
    ])?;
    let data = log.file.display().to_string();
    steps.run(&[
        "bundle",
        "verify",
        &page,
        "--keyring",
        &keyring,
        "--replay",
        "--log",
        &data,
    ])?;
    let bytes = files::read(&steps.path(FILE), limits::BUNDLE_BYTES_MAX)?;
    let trusted = read_keyring(&steps.path(KEYRING))?;
    let report = bundle::verify(&bytes, Some(&trusted), clock::now());
    if report.verdict() == Verdict::Refused {
        return Err(steps.stopped().into());
    }
    let covered = &report.coverage.trace;
    Ok(Proof {
        file: FILE.to_owned(),
        lines: vec![
            format!(
                "Entries in the trace: {}. Documents it names: {}. Chain, digests and the signature over them hold.",
                covered.lines, covered.blobs
            ),
            "The recorded mining run was done again from the log, to the same bytes.".to_owned(),
        ],
    })
}
