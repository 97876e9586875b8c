//! `baton trace replay`: every recorded decision, mining run and comparison, evaluated again.

use std::path::PathBuf;

use baton_evidence::trace::{self, Decision, Reproduction};
use baton_report::verify::{self as report, replay_json, replay_text};
use baton_scoring::decision;
use clap::Args;

use super::Format;
use crate::exit::Exit;
use crate::mining::{self, Logs};
use crate::output::Output;
use crate::trace_folder;

/// Arguments of `baton trace replay`.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// The folder of the trace.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// File that a recorded mining run or comparison read; give it once for each file.
    #[arg(long, value_name = "FILE")]
    log: Vec<PathBuf>,
    /// How to show the outcomes.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Replay {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let contents = trace_folder::read(&self.folder)?;
        let blobs = trace_folder::read_blobs(&self.folder)?;
        let logs = Logs::of(&self.log)?;
        let replayed = trace::replay(&contents.entries, &blobs.borrowed(), |entry| {
            evaluate(entry, &logs)
        });
        logs.refuse_unused()?;
        let replay = report::Replay::new(&replayed, &contents.entries);
        let name = self.folder.display().to_string();
        match self.format {
            Format::Text => {
                let text = replay_text(&name, &replay, output.appearance(), output.width());
                output.answer(&text);
            }
            Format::Json => output.json(&replay_json(&name, &replay)),
        }
        Ok(if replay.is_identical() {
            Exit::Ok
        } else {
            Exit::Refused
        })
    }
}

/// Evaluates what an entry records again, whatever it is.
pub(crate) fn evaluate(entry: &Decision<'_>, logs: &Logs) -> Reproduction {
    match entry.entry.draft().kind.as_str() {
        trace::MINING_RUN => mining::replay(entry, logs),
        trace::COMPARISON => mining::replay_comparison(entry, logs),
        _ => decision::replay(entry),
    }
}
