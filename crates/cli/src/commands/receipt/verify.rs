//! `baton receipt verify`: a receipt, the bundle of its handoff's trace, and a keyring; no store and no account.

use std::path::PathBuf;

use baton_engine::handoff::verify_receipt;
use baton_evidence::bundle;
use baton_report::plain;
use baton_report::verify::{self as report, Verification};
use baton_terms::{Instant, limits};
use clap::Args;

use crate::commands::keys::read_keyring;
use crate::exit::Exit;
use crate::output::Output;
use crate::{clock, files};

/// Arguments of `baton receipt verify`.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The signed receipt.
    #[arg(value_name = "FILE")]
    receipt: PathBuf,
    /// The bundle of the handoff's trace; it is verified first.
    #[arg(long, value_name = "FILE")]
    bundle: PathBuf,
    /// Keys whose signatures count.
    #[arg(long, value_name = "FILE")]
    keyring: PathBuf,
    /// Time of verification; now when left out.
    #[arg(long, value_name = "TIME")]
    as_of: Option<Instant>,
}

impl Verify {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let envelope = files::read(&self.receipt, limits::CONTRACT_BYTES_MAX)?;
        let bytes = files::read(&self.bundle, limits::BUNDLE_BYTES_MAX)?;
        let keyring = read_keyring(&self.keyring)?;
        let as_of = clock::or_now(self.as_of);
        let found = bundle::verify(&bytes, Some(&keyring), as_of);
        let verification =
            Verification::of_bundle(self.bundle.display().to_string(), as_of, &found);
        if !verification.is_pass() {
            // A receipt proves nothing beside a trace that nobody vouches for.
            output.answer(&report::text(
                &verification,
                output.appearance(),
                output.width(),
            ));
            return Ok(Exit::Refused);
        }
        let entries = bundle::entries(&bytes);
        let verified = match verify_receipt(&envelope, (&keyring, as_of), &entries) {
            Ok(verified) => verified,
            Err(problems) => {
                let lines = problems.iter().map(|problem| {
                    let found = plain(&problem.found);
                    format!("  - {} ({}): {found}\n", problem.message, problem.code)
                });
                let lines: String = lines.collect();
                output.answer(&format!(
                    "REFUSED: this is no receipt of the trace\n{lines}"
                ));
                return Ok(Exit::Refused);
            }
        };
        let receipt = &verified.receipt;
        output.answer(&format!(
            "VERIFIED: signed by {}, held by entry {} of the trace\n{} was answered with `{}` by {} at {}\n",
            plain(&verified.signers.join(", ")),
            verified.entry,
            receipt.handoff,
            receipt.verdict.word(),
            plain(&receipt.by.principal.to_string()),
            receipt.at
        ));
        Ok(Exit::Ok)
    }
}
