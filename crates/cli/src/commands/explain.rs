//! `baton explain`: why this posture, the shortest path to ready, and what changed since the last check.

use std::path::PathBuf;

use baton_evidence::json::{self, Limits};
use baton_report::scorecard::{self as report, Since};
use baton_scoring::explain::{changes, shortest_path};
use baton_scoring::wire::Scorecard;
use baton_terms::limits;
use clap::{Args, ValueEnum};
use serde::Deserialize as _;

use super::check::{check, exit};
use crate::exit::Exit;
use crate::failure::{Failure, NOT_A_SCORECARD};
use crate::files;
use crate::gather::CheckArguments;
use crate::output::Output;
use crate::refusal::Refusal;
use crate::scorecard_view::view;

/// Arguments of `baton explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    arguments: CheckArguments,
    /// A scorecard from before (`baton check --format json`), to say what changed since.
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// How to show the explanation.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// `explanation/v1`.
    Json,
    /// For a pull request or a page.
    Markdown,
}

impl Explain {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let previous = match &self.previous {
            Some(path) => Some(read_scorecard(path)?),
            None => None,
        };
        let gathered = self.arguments.gather()?;
        let scorecard = check(&gathered)?;
        let mut model = view(&gathered, &scorecard);
        model.path = Some(shortest_path(&scorecard, &gathered.contract));
        model.since = previous.as_ref().map(|previous| Since {
            previous,
            changes: changes(previous, &scorecard),
        });
        let text = match self.format {
            Format::Text => report::explanation_text(&model, output.appearance(), output.width()),
            Format::Json => Output::json_text(&report::explanation(&model)?),
            Format::Markdown => report::markdown(&model),
        };
        output.answer(&text);
        Ok(exit(scorecard.posture))
    }
}

/// Reads a scorecard that `baton check --format json` wrote.
fn read_scorecard(path: &std::path::Path) -> anyhow::Result<Scorecard<'static>> {
    let source = files::read_source(path, limits::PACKAGE_BYTES_MAX)?;
    let document = json::read(source.text().as_bytes(), Limits::PACKAGE)
        .map_err(|problems| Refusal::of_source(source, problems))?;
    Scorecard::deserialize(document).map_err(|error| {
        Failure::new(
            NOT_A_SCORECARD,
            format!("read the scorecard `{}`", path.display()),
        )
        .expected("a scorecard/v1 document")
        .found(error.to_string())
        .hint("make one with `baton check --format json --out FILE`")
        .into()
    })
}
