//! `baton diff`: what changed between two versions of a contract, and whether the version says so.

use std::path::PathBuf;

use baton_contract::diff::Comparison;
use baton_report::diff as report;
use clap::{Args, ValueEnum};

use crate::contract_files;
use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `baton diff`.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The old version: a contract file, or a folder that holds one.
    old: PathBuf,
    /// The new version.
    new: PathBuf,
    /// How to show the changes.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, grouped by whom the changes touch.
    Text,
    /// `diff/v1`.
    Json,
    /// For a pull request.
    Markdown,
}

impl Diff {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let old = contract_files::read(&self.old)?;
        let new = contract_files::read(&self.new)?;
        // Both are soundly written, so there is a comparison.
        let Some(comparison) = Comparison::of(&old, &new) else {
            anyhow::bail!("failed to compare the two versions");
        };
        match self.format {
            Format::Text => {
                let (appearance, width) = (output.appearance(), output.width());
                output.answer(&report::text(&comparison, appearance, width));
            }
            Format::Json => output.json(&report::json(&comparison)),
            Format::Markdown => output.answer(&report::markdown(&comparison)),
        }
        Ok(match comparison.problem {
            None => Exit::Ok,
            Some(_) => Exit::Refused,
        })
    }
}
