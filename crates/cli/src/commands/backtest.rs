//! `baton backtest`: two versions of a contract held against past packages.

use std::path::PathBuf;

use baton_engine::backtest::{Asked, FLIPS_DEFAULT, FLIPS_MAX, backtest};
use baton_report::backtest as report;
use baton_terms::Instant;
use clap::{Args, ValueEnum};

use crate::denial::Denial;
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure};
use crate::output::Output;
use crate::past_work::PastWork;
use crate::{contract_files, gather};

/// Arguments of `baton backtest`.
#[derive(Debug, Args)]
pub(crate) struct Backtest {
    #[command(flatten)]
    past: PastWork,
    /// The version to compare with: a contract file, or a folder that holds one.
    #[arg(long, value_name = "CONTRACT")]
    before: PathBuf,
    /// The version to try.
    #[arg(long, value_name = "CONTRACT")]
    after: PathBuf,
    /// Check all packages as of this time; each as of its own when left out.
    #[arg(long, value_name = "TIME")]
    as_of: Option<Instant>,
    /// Packages listed that are judged otherwise, at most 10000.
    #[arg(long, value_name = "N", default_value_t = FLIPS_DEFAULT)]
    flips: usize,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// File for the answer; standard output when left out.
    #[arg(long, value_name = "FILE", visible_alias = "output")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// `backtest/v1`.
    Json,
    /// For the discussion of the change.
    Markdown,
    /// One page without external requests.
    Html,
}

impl Backtest {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let answer = self.answer()?;
        let text = match self.format {
            Format::Text => report::text(&answer, output.appearance(), output.width()),
            Format::Json => Output::json_text(&report::json(&answer)?),
            Format::Markdown => report::markdown(&answer),
            Format::Html => report::html(&answer),
        };
        output.deliver(&text, self.out.as_deref())?;
        Ok(Exit::Ok)
    }

    /// Holds both versions against the past.
    pub(crate) fn answer(&self) -> anyhow::Result<report::Backtest> {
        if self.flips > FLIPS_MAX {
            return Err(Failure::new(BAD_ARGUMENT, "use --flips")
                .expected(format!("a number up to {FLIPS_MAX}"))
                .found(self.flips.to_string())
                .hint("the report says how many are left out")
                .into());
        }
        let (before, _) = gather::compile(&contract_files::load(&self.before)?)?;
        let (after, _) = gather::compile(&contract_files::load(&self.after)?)?;
        self.past.with([&before, &after], |read| {
            let asked = Asked {
                before: &before,
                after: &after,
                keyring: read.keyring,
                as_of: self.as_of,
                outcome: read.outcome,
                inputs: read.inputs,
                flips: self.flips,
            };
            backtest(read.packages, &asked).map_err(|problems| Denial::of(problems).into())
        })
    }
}
