//! `baton trace verify`: what trusted signers sealed, and what not.

use std::path::PathBuf;

use baton_evidence::keys::Keyring;
use baton_evidence::trace::{self, Level, Material, Trust};
use baton_report::verify::{self as report, Verification};
use baton_terms::{Instant, limits};
use clap::Args;

use super::Format;
use crate::commands::keys::read_keyring;
use crate::exit::Exit;
use crate::output::Output;
use crate::trace_folder::{self, BlobFiles, Contents};
use crate::{clock, files};

/// Arguments of `baton trace verify`.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The folder of the trace.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Keys whose signatures count; without one nobody is trusted.
    #[arg(long, value_name = "FILE")]
    keyring: Option<PathBuf>,
    /// Name the trace must have; any when left out.
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,
    /// A checkpoint seen before, which the trace must extend.
    #[arg(long, value_name = "CHECKPOINT")]
    earlier: Vec<PathBuf>,
    /// Also read every line, and every blob that lines name.
    #[arg(long)]
    audit: bool,
    /// Time of verification; now when left out.
    #[arg(long, value_name = "TIME")]
    as_of: Option<Instant>,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Verify {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let contents = trace_folder::read(&self.folder)?;
        let audited = self.audit.then(|| trace_folder::read_blobs(&self.folder));
        let blobs = audited.transpose()?;
        let verification = self.verify(&contents, blobs.as_ref())?;
        match self.format {
            Format::Text => {
                let text = report::text(&verification, output.appearance(), output.width());
                output.answer(&text);
            }
            Format::Json => output.json(&report::json(&verification)),
        }
        if contents.half_line() > 0 {
            Output::remark(
                "the last line was not written to its end; if nothing else is wrong, `baton trace seal` cuts it off",
            );
        }
        Ok(if verification.is_pass() {
            Exit::Ok
        } else {
            Exit::Refused
        })
    }

    fn verify(
        &self,
        contents: &Contents,
        blobs: Option<&BlobFiles>,
    ) -> anyhow::Result<Verification> {
        let keys = match &self.keyring {
            Some(path) => read_keyring(path)?,
            None => Keyring::default(),
        };
        let as_of = clock::or_now(self.as_of);
        let earlier = self.earlier.iter();
        let earlier: Vec<Vec<u8>> = earlier
            .map(|path| files::read(path, limits::CONTRACT_BYTES_MAX))
            .collect::<Result<_, _>>()?;
        let earlier: Vec<&[u8]> = earlier.iter().map(Vec::as_slice).collect();
        let borrowed = blobs.map(BlobFiles::borrowed);
        let material = Material {
            entries: &contents.entries,
            checkpoint: contents.checkpoint.as_deref(),
            earlier: &earlier,
            blobs: borrowed.as_ref(),
        };
        let trust = Trust {
            keys: &keys,
            as_of,
            origin: self.origin.as_deref(),
        };
        let level = match blobs {
            Some(_) => Level::Audit,
            None => Level::Chain,
        };
        let mut found = trace::verify(&material, trust, level);
        for name in blobs.iter().flat_map(|blobs| &blobs.foreign) {
            let note = format!("`blobs/{name}`: not named by a digest");
            found.coverage.not_covered.push(note);
        }
        let name = self.folder.display().to_string();
        Ok(Verification::of_trace(name, as_of, &found))
    }
}
