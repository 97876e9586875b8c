//! `baton outcomes`: where the outcomes of contracts stand, week by week.

use std::path::PathBuf;

use baton_engine::outcomes::limits::OUTCOME_WEEKS_MAX;
use baton_engine::outcomes::{Asked, OutcomesFailure, outcomes};
use baton_report::outcomes as report;
use baton_terms::{Id, Instant};
use clap::{Args, ValueEnum};

use crate::clock;
use crate::commands::handoff::Office;
use crate::denial::{Denial, of_handoff};
use crate::exit::Exit;
use crate::output::Output;
use crate::settings::Place;

/// Weeks told when nothing is said.
const WEEKS_DEFAULT: u32 = 12;

/// Arguments of `baton outcomes`.
#[derive(Debug, Args)]
pub(crate) struct OutcomesOf {
    #[command(flatten)]
    place: Place,
    /// Only this contract; all of them when left out.
    #[arg(long, value_name = "NAME")]
    contract: Option<Id>,
    /// How many weeks to tell one by one, the last one up to now.
    #[arg(long, default_value_t = WEEKS_DEFAULT, value_parser = clap::value_parser!(u32).range(1..=i64::from(OUTCOME_WEEKS_MAX)))]
    weeks: u32,
    /// Only what happened by then counts; now when left out.
    #[arg(long, value_name = "INSTANT")]
    as_of: Option<Instant>,
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
    /// `outcomes/v1`.
    Json,
    /// For wherever the week is discussed.
    #[value(alias = "md")]
    Markdown,
    /// For a spreadsheet.
    Csv,
    /// One page with everything in it.
    Html,
}

impl OutcomesOf {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let office = Office::open(&self.place)?;
        let desk = office.desk()?;
        let asked = Asked {
            as_of: clock::or_now(self.as_of),
            weeks: self.weeks,
            contract: self.contract.as_ref(),
        };
        let answer = outcomes(&desk, &asked).map_err(|failure| match failure {
            OutcomesFailure::Store(failure) => of_handoff(failure),
            refused => Denial::of(vec![refused.to_diagnostic()]).into(),
        })?;
        let text = match self.format {
            Format::Text => report::text(&answer, output.appearance(), output.width()),
            Format::Json => Output::json_text(&report::json(&answer)?),
            Format::Markdown => report::markdown(&answer),
            Format::Csv => report::csv(&answer),
            Format::Html => report::html(&answer),
        };
        output.deliver(&text, self.out.as_deref())?;
        Ok(Exit::Ok)
    }
}
