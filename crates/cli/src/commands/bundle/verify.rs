//! `baton bundle verify`: a bundle and nothing else.

use std::path::PathBuf;

use baton_evidence::bundle;
use baton_report::verify::{self as report, Replay, Verification};
use baton_terms::{Instant, limits};
use clap::Args;

use crate::commands::keys::read_keyring;
use crate::commands::trace::{Format, evaluate};
use crate::exit::Exit;
use crate::mining::Logs;
use crate::output::Output;
use crate::{clock, files};

/// Arguments of `baton bundle verify`.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The bundle, or its page; `-` reads standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Keys whose signatures count; without one nobody is trusted.
    #[arg(long, value_name = "FILE")]
    keyring: Option<PathBuf>,
    /// Time of verification; now when left out.
    #[arg(long, value_name = "TIME")]
    as_of: Option<Instant>,
    /// Also evaluate every decision, mining run and comparison again, and compare the bytes.
    #[arg(long)]
    replay: bool,
    /// File that a recorded mining run or comparison read; give it once for each file.
    #[arg(long, value_name = "FILE", requires = "replay")]
    log: Vec<PathBuf>,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Verify {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let bytes = files::read(&self.file, limits::BUNDLE_BYTES_MAX)?;
        let keyring = self.keyring.as_deref().map(read_keyring).transpose()?;
        let as_of = clock::or_now(self.as_of);
        let found = bundle::verify(&bytes, keyring.as_ref(), as_of);
        let name = self.file.display().to_string();
        let mut verification = Verification::of_bundle(name, as_of, &found);
        if self.replay {
            let logs = Logs::of(&self.log)?;
            let replayed = bundle::replay(&bytes, |entry| evaluate(entry, &logs));
            logs.refuse_unused()?;
            verification.add_replay(Replay::new(&replayed, &bundle::entries(&bytes)));
        } else {
            verification.say_not_replayed();
        }
        match self.format {
            Format::Text => {
                let text = report::text(&verification, output.appearance(), output.width());
                output.answer(&text);
            }
            Format::Json => output.json(&report::json(&verification)),
        }
        Ok(if verification.is_pass() {
            Exit::Ok
        } else {
            Exit::Refused
        })
    }
}
