//! What a mining run or a comparison leaves behind when asked to: an entry in a trace, and of a run a
//! signed attestation.

use std::path::{Path, PathBuf};

use baton_evidence::attestation;
use baton_evidence::trace::{COMPARISON, Draft, MINING_RUN};
use baton_rootcause::compare::Comparison;
use baton_rootcause::record::{self, Record};
use baton_rootcause::wire::MiningReport;
use baton_terms::Id;
use clap::{ArgGroup, Args};

use super::comparing::{MadeFrom, comparison_bytes};
use super::run::report_bytes;
use crate::commands::keys::read_signing_key;
use crate::recording::say_recorded;
use crate::trace_folder::{self, Signing};
use crate::{clock, files};

/// Where a mining run is recorded.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("kept").args(["trace", "attest"]).multiple(true)))]
pub(crate) struct MiningRecording {
    /// Trace to record the run in; a folder that is not there becomes one.
    #[arg(long, value_name = "DIR", requires = "key")]
    trace: Option<PathBuf>,
    /// Secret key in PEM that seals the trace and signs the attestation.
    #[arg(long, value_name = "FILE", requires = "kept")]
    key: Option<PathBuf>,
    /// Name of the trace; a new trace without one is called after its folder.
    #[arg(long, value_name = "NAME", requires = "trace")]
    origin: Option<String>,
    /// Who mined, in the trace.
    #[arg(long, value_name = "ID", requires = "trace")]
    actor: Option<String>,
    /// File for the report as a signed in-toto statement.
    #[arg(long, value_name = "FILE", requires = "key")]
    attest: Option<PathBuf>,
}

impl MiningRecording {
    /// Records and attests what was asked for.
    pub(crate) fn keep(&self, report: &MiningReport) -> anyhow::Result<()> {
        let Some(path) = &self.key else {
            return Ok(());
        };
        let key = read_signing_key(path)?;
        let bytes = report_bytes(report)?;
        let now = clock::now();
        if let Some(path) = &self.attest {
            let statement = record::statement(report, bytes.as_bytes(), now)?;
            let mut envelope = attestation::sign(&statement, &key);
            envelope.push(b'\n');
            files::write(path, &envelope)?;
        }
        let Some(folder) = &self.trace else {
            return Ok(());
        };
        let signing = Signing {
            key: &key,
            keyring: None,
            origin: self.origin.as_deref(),
            now,
        };
        let record = record::record(report, bytes.as_bytes())?;
        append(folder, signing, (MINING_RUN, self.actor.clone()), record)
    }
}

/// Where a comparison is recorded.
#[derive(Debug, Args)]
pub(crate) struct ComparisonRecording {
    /// Trace to record the comparison in; a folder that is not there becomes one.
    #[arg(long, value_name = "DIR", requires = "key")]
    trace: Option<PathBuf>,
    /// Secret key in PEM that seals the trace.
    #[arg(long, value_name = "FILE", requires = "trace")]
    key: Option<PathBuf>,
    /// Name of the trace; a new trace without one is called after its folder.
    #[arg(long, value_name = "NAME", requires = "trace")]
    origin: Option<String>,
    /// Who compared, in the trace.
    #[arg(long, value_name = "ID", requires = "trace")]
    actor: Option<String>,
}

impl ComparisonRecording {
    /// Records a comparison and what it was made from, when asked to.
    pub(crate) fn keep(&self, comparison: &Comparison, made_from: MadeFrom) -> anyhow::Result<()> {
        let (Some(folder), Some(path)) = (&self.trace, &self.key) else {
            return Ok(());
        };
        let key = read_signing_key(path)?;
        let signing = Signing {
            key: &key,
            keyring: None,
            origin: self.origin.as_deref(),
            now: clock::now(),
        };
        let bytes = comparison_bytes(comparison)?;
        let MadeFrom { parts, log } = made_from;
        let record = record::comparison(comparison, parts, (&log, bytes.as_bytes()));
        append(folder, signing, (COMPARISON, self.actor.clone()), record)
    }
}

fn append(
    folder: &Path,
    signing: Signing<'_>,
    (kind, actor): (&str, Option<String>),
    record: Record,
) -> anyhow::Result<()> {
    let draft = Draft {
        time: signing.now,
        kind: kind.parse::<Id>()?,
        subject: record.subject,
        actor,
        digests: record.digests,
        detail: record.detail,
    };
    let appended = trace_folder::append_decision(folder, draft, &record.blobs, signing)?;
    say_recorded(&appended);
    Ok(())
}
