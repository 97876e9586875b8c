//! `baton propose`: clauses that would have flagged the failing work of a mining report.

use std::path::{Path, PathBuf};

use baton_contract::document::Document;
use baton_engine::past;
use baton_engine::propose::{Asked, apply, propose};
use baton_report::proposals as report;
use baton_terms::limits;
use clap::{Args, ValueEnum};

use super::compare;
use crate::contract_files;
use crate::denial::Denial;
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure};
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
    /// File for the contract with the clauses in it, to be tried with `baton backtest`; never the contract itself.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Clause to write into it, by id; may be repeated. All of them when left out.
    #[arg(long, value_name = "CLAUSE", requires = "out")]
    clause: Vec<String>,
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
        let (document, proposals) = self.proposals()?;
        if let Some(path) = &self.out {
            self.write(path, &document, &proposals)?;
        }
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

    /// Makes clauses; returns them with the contract they are for.
    pub(crate) fn proposals(&self) -> anyhow::Result<(Document, report::Proposals)> {
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
        Ok((document, proposals))
    }

    /// Writes the contract with the clauses in it beside the one it is made of.
    fn write(
        &self,
        path: &Path,
        document: &Document,
        proposals: &report::Proposals,
    ) -> anyhow::Result<()> {
        let contract = contract_files::locate(&self.contract)?;
        let whole = |path: &Path| path.canonicalize().ok();
        let is_beside = whole(files::folder_of(path)) == whole(files::folder_of(&contract));
        if whole(path).is_some_and(|path| Some(path) == whole(&contract)) {
            return Err(
                Failure::new(BAD_ARGUMENT, format!("write `{}`", path.display()))
                    .expected("another file than the contract")
                    .found("the contract itself")
                    .hint("name a new file; who agrees to it puts it in the contract's place")
                    .into(),
            );
        }
        if !is_beside && !document.files.is_empty() {
            return Err(
                Failure::new(BAD_ARGUMENT, format!("write `{}`", path.display()))
                    .expected("a file beside the contract, which names files beside it")
                    .found("another folder")
                    .hint("write it into the folder of the contract")
                    .into(),
            );
        }
        let text = apply(document, proposals, &self.clause).map_err(Denial::of)?;
        files::write(path, text.as_bytes())?;
        Ok(())
    }
}
