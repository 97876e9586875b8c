//! What a mining run leaves behind when asked to: an entry in a trace, and a signed attestation.

use std::path::PathBuf;

use baton_evidence::attestation;
use baton_evidence::trace::{Draft, MINING_RUN};
use baton_report::plain;
use baton_rootcause::record;
use baton_rootcause::wire::MiningReport;
use baton_terms::Id;
use clap::{ArgGroup, Args};

use super::run::report_bytes;
use crate::commands::keys::read_signing_key;
use crate::output::Output;
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
        let draft = Draft {
            time: now,
            kind: MINING_RUN.parse::<Id>()?,
            subject: record.subject,
            actor: self.actor.clone(),
            digests: record.digests,
            detail: record.detail,
        };
        let appended = trace_folder::append_decision(folder, draft, &record.blobs, signing)?;
        Output::remark(&format!(
            "recorded as entry {} of {}",
            appended.size.saturating_sub(1),
            plain(&appended.origin)
        ));
        Ok(())
    }
}
