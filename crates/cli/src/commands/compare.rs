//! `baton compare`: what changed from one mining report to another.

use std::path::{Path, PathBuf};

use baton_report::compare as report;
use baton_rootcause::compare::compare_reports;
use baton_rootcause::wire::{Fixed, MiningReport};
use baton_terms::Code;
use clap::{Args, ValueEnum};

use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure};
use crate::files;
use crate::output::Output;

/// A file that should hold a mining report and does not.
const NOT_A_REPORT: Code = Code::new(1210);
/// Bytes in a mining report.
const REPORT_BYTES_MAX: usize = 64 << 20;

/// Arguments of `baton compare`.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The mining report of the window before, as `baton mine --format json` wrote it.
    before: PathBuf,
    /// The mining report of the window after.
    after: PathBuf,
    /// Chance of calling any cause changed where none did.
    #[arg(long, default_value_t = 0.05)]
    alpha: f64,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// `comparison/v1`.
    Json,
    /// For a ticket or a review.
    Markdown,
    /// One self-contained page.
    Html,
}

impl Compare {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let alpha = Fixed::round(self.alpha).filter(|_| self.alpha > 0.0 && self.alpha < 1.0);
        let Some(alpha) = alpha else {
            let failure = Failure::new(BAD_ARGUMENT, "use --alpha")
                .expected("a number between 0 and 1")
                .found(self.alpha.to_string())
                .hint("see `baton compare --help`");
            return Err(failure.into());
        };
        let comparison = compare_reports(&read(&self.before)?, &read(&self.after)?, alpha);
        match self.format {
            Format::Text => {
                let (appearance, width) = (output.appearance(), output.width());
                output.answer(&report::text(&comparison, appearance, width));
            }
            Format::Json => output.json(&report::json(&comparison)?),
            Format::Markdown => output.answer(&report::markdown(&comparison)),
            Format::Html => output.answer(&report::html(&comparison)),
        }
        Ok(Exit::Ok)
    }
}

fn read(path: &Path) -> Result<MiningReport, Failure> {
    let source = files::read_source(path, REPORT_BYTES_MAX)?;
    let refused = |found: String| {
        Failure::new(NOT_A_REPORT, format!("use `{}`", path.display()))
            .expected("a mining report, format mining-report/v1")
            .found(found)
            .hint("write one with `baton mine LOG --format json`")
    };
    let report: MiningReport =
        serde_json::from_str(source.text()).map_err(|error| refused(error.to_string()))?;
    if report.format != "mining-report/v1" {
        return Err(refused(format!("format `{}`", report.format)));
    }
    Ok(report)
}
