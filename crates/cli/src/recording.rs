//! What a check leaves behind when asked to: an entry in a trace, and signed attestations.

use std::path::PathBuf;

use baton_evidence::attestation::{self, Statement};
use baton_evidence::canonical;
use baton_evidence::keys::SigningKey;
use baton_report::plain;
use baton_scoring::wire::Scorecard;
use baton_scoring::{attest, decision};
use clap::{ArgGroup, Args};

use crate::commands::keys::read_signing_key;
use crate::gather::Gathered;
use crate::output::Output;
use crate::trace_folder::{self, Appended, Signing};
use crate::{clock, files};

/// Who verified, in a Simple Verification Result.
const VERIFIER: &str = "https://baton.dev/check";

/// Where a check is recorded.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("kept").args(["trace", "attest", "attest_svr"]).multiple(true)))]
pub(crate) struct Recording {
    /// Trace to record the decision in; a folder that is not there becomes one.
    #[arg(long, value_name = "DIR", requires = "key")]
    trace: Option<PathBuf>,
    /// Secret key in PEM that seals the trace and signs attestations.
    #[arg(long, value_name = "FILE", requires = "kept")]
    key: Option<PathBuf>,
    /// Name of the trace; a new trace without one is called after its folder.
    #[arg(long, value_name = "NAME", requires = "trace")]
    origin: Option<String>,
    /// Who decided, in the trace.
    #[arg(long, value_name = "ID", requires = "trace")]
    actor: Option<String>,
    /// File for the decision as a signed in-toto statement about the package.
    #[arg(long, value_name = "FILE", requires = "key")]
    attest: Option<PathBuf>,
    /// File for a signed Simple Verification Result (in-toto SVR) about the package.
    #[arg(long, value_name = "FILE", requires = "key")]
    attest_svr: Option<PathBuf>,
}

impl Recording {
    /// Records and attests what was asked for. The keyring of the check holds further keys that may
    /// have sealed the trace.
    pub(crate) fn keep(
        &self,
        gathered: &Gathered,
        scorecard: &Scorecard<'_>,
    ) -> anyhow::Result<()> {
        let Some(path) = &self.key else {
            return Ok(());
        };
        let key = read_signing_key(path)?;
        if let Some(path) = &self.attest {
            files::write(path, &signed(&attest::decision(scorecard)?, &key))?;
        }
        if let Some(path) = &self.attest_svr {
            let statement = attest::verification_result(scorecard, VERIFIER);
            files::write(path, &signed(&statement, &key))?;
        }
        if self.trace.is_some() {
            let signing = Signing {
                key: &key,
                keyring: Some(&gathered.keyring),
                origin: self.origin.as_deref(),
                now: clock::now(),
            };
            self.append(gathered, scorecard, signing)?;
        }
        Ok(())
    }

    fn append(
        &self,
        gathered: &Gathered,
        scorecard: &Scorecard<'_>,
        signing: Signing<'_>,
    ) -> anyhow::Result<()> {
        let Some(folder) = &self.trace else {
            return Ok(());
        };
        let record = decision::record(
            &canonical::to_bytes(&gathered.contract_form),
            &gathered.inputs(),
            scorecard,
        )?;
        let subject = scorecard.package.work_item.to_string();
        let draft = record.to_draft(scorecard.as_of, &subject, self.actor.as_deref());
        let appended = trace_folder::append_decision(folder, draft, &record.blobs, signing)?;
        say_recorded(&appended);
        Ok(())
    }
}

/// Says which entry was added to a trace, and what else had to be done to it.
pub(crate) fn say_recorded(appended: &Appended) {
    if appended.cut_off > 0 {
        Output::remark(&format!(
            "cut off {} bytes of a line in the trace that was not written to its end",
            appended.cut_off
        ));
    }
    if appended.sealed_late > 0 {
        Output::remark(&format!(
            "sealed {} entries too that were in the trace and not sealed",
            appended.sealed_late
        ));
    }
    Output::remark(&format!(
        "recorded as entry {} of {}",
        appended.size.saturating_sub(1),
        plain(&appended.origin)
    ));
}

/// Returns the envelope of a statement in one line of JSON.
fn signed(statement: &Statement, key: &SigningKey) -> Vec<u8> {
    let mut envelope = attestation::sign(statement, key);
    envelope.push(b'\n');
    envelope
}
