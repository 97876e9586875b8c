//! `baton propose`: clauses that would have flagged the failing work of a mining report.

use std::path::PathBuf;

use baton_engine::past;
use baton_engine::propose::{Asked, propose};
use baton_report::proposals as report;
use baton_terms::limits;
use clap::{Args, ValueEnum};

use super::compare;
use crate::contract_files;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use crate::refusal::Refusal;

/// Arguments of `baton propose`.
#[derive(Debug, Args)]
pub(crate) struct Propose {
    /// The mining report, as `baton mine --format json` wrote it.
    report: PathBuf,
    /// The contract to change: a file, or a folder that holds one.
    #[arg(long, value_name = "CONTRACT")]
    contract: PathBuf,
    /// Which field of its packages comes from where in the log.
    #[arg(long, value_name = "FILE")]
    fields: PathBuf,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// `proposals/v1`.
    Json,
    /// For a pull request.
    Markdown,
}

impl Propose {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let (mined, _) = compare::read(&self.report)?;
        let source = files::read_source(&self.fields, limits::CONTRACT_BYTES_MAX)?;
        let recipe = past::read(&source)
            .map_err(|problems| Failure::of_document(&self.fields, &problems))?;
        let document = contract_files::load(&self.contract)?;
        let asked = Asked {
            report: &mined,
            recipe: &recipe,
            document: &document,
        };
        let proposals =
            propose(&asked).map_err(|problems| Refusal::of_contract(&document, problems))?;
        match self.format {
            Format::Text => {
                let (appearance, width) = (output.appearance(), output.width());
                output.answer(&report::text(&proposals, appearance, width));
            }
            Format::Json => output.json(&report::json(&proposals)?),
            Format::Markdown => output.answer(&report::markdown(&proposals)),
        }
        Ok(Exit::Ok)
    }
}
