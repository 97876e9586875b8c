//! `baton tune`: what past outcomes say of a contract's thresholds, weights and clauses.

use std::path::PathBuf;

use baton_engine::tune::{Asked, WORTH_MAX, tune};
use baton_report::tuning as report;
use clap::{Args, ValueEnum};

use crate::denial::Denial;
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure};
use crate::output::Output;
use crate::past_work::PastWork;
use crate::{contract_files, gather};

/// Arguments of `baton tune`.
#[derive(Debug, Args)]
pub(crate) struct Tune {
    #[command(flatten)]
    past: PastWork,
    /// The contract: a file, or a folder that holds one. It is never changed.
    #[arg(long, value_name = "CONTRACT")]
    contract: PathBuf,
    /// Good cases that may be held up for one failure that is caught, 1 to 1000.
    #[arg(long, value_name = "CASES", default_value_t = 1)]
    worth: u64,
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
    /// `tuning/v1`.
    Json,
    /// For the discussion of the change.
    Markdown,
    /// One page without external requests.
    Html,
}

impl Tune {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        if self.worth == 0 || self.worth > WORTH_MAX {
            return Err(Failure::new(BAD_ARGUMENT, "use --worth")
                .expected(format!("a number from 1 to {WORTH_MAX}"))
                .found(self.worth.to_string())
                .hint("say how many good cases may be held up for one failure that is caught")
                .into());
        }
        let (contract, _) = gather::compile(&contract_files::load(&self.contract)?)?;
        let answer = self.past.with([&contract, &contract], |read| {
            let asked = Asked {
                contract: &contract,
                keyring: read.keyring,
                outcome: read.outcome,
                inputs: read.inputs,
                worth: self.worth,
            };
            tune(read.packages, &asked).map_err(|problems| Denial::of(problems).into())
        })?;
        let text = match self.format {
            Format::Text => report::text(&answer, output.appearance(), output.width()),
            Format::Json => Output::json_text(&report::json(&answer)?),
            Format::Markdown => report::markdown(&answer),
            Format::Html => report::html(&answer),
        };
        output.deliver(&text, self.out.as_deref())?;
        Ok(Exit::Ok)
    }
}
