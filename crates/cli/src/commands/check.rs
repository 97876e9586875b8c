//! `baton check`: a package against its contract.

use std::path::PathBuf;

use baton_report::scorecard as report;
use baton_scoring::explain::shortest_path;
use baton_scoring::wire::{Posture, Scorecard};
use clap::{Args, ValueEnum};

use crate::exit::Exit;
use crate::gather::{CheckArguments, Gathered};
use crate::output::Output;
use crate::recording::Recording;
use crate::scorecard_view::view;

/// Arguments of `baton check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    arguments: CheckArguments,
    #[command(flatten)]
    recording: Recording,
    /// How to show the scorecard.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// File for the scorecard; standard output when left out.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// `scorecard/v1`.
    Json,
    /// JUnit XML; unknown is not a pass.
    Junit,
    /// SARIF 2.1.0.
    Sarif,
    /// For a pull request or a page.
    Markdown,
    /// One page without external requests.
    Html,
}

impl Check {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let gathered = self.arguments.gather()?;
        let scorecard = check(&gathered)?;
        // A decision that could not be recorded as asked is not announced either.
        self.recording.keep(&gathered, &scorecard)?;
        let text = self.shown(&gathered, &scorecard, output);
        output.deliver(&text, self.out.as_deref())?;
        Ok(exit(scorecard.posture))
    }

    fn shown(&self, gathered: &Gathered, scorecard: &Scorecard<'_>, output: &Output) -> String {
        let mut model = view(gathered, scorecard);
        model.path = Some(shortest_path(scorecard, &gathered.contract));
        match self.format {
            Format::Text => report::text(&model, output.appearance(), output.width()),
            Format::Json => Output::json_text(&report::json(&model)),
            Format::Junit => report::junit(&model),
            Format::Sarif => Output::json_text(&report::sarif(&model)),
            Format::Markdown => report::markdown(&model),
            Format::Html => report::html(&model),
        }
    }
}

/// Checks what was gathered. The package has been accepted for the contract already.
pub(crate) fn check(gathered: &Gathered) -> anyhow::Result<Scorecard<'_>> {
    let inputs = gathered.inputs();
    gathered
        .contract
        .check(&inputs)
        .map_err(|problems| anyhow::anyhow!("the package is refused: {} problems", problems.len()))
}

/// Returns the exit code that says a posture.
pub(crate) fn exit(posture: Posture) -> Exit {
    match posture {
        Posture::Ready => Exit::Ok,
        Posture::Review => Exit::Review,
        Posture::Critical => Exit::Refused,
    }
}
