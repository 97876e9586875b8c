//! `baton compare`: what changed from one mining report to another, or between two stretches of time
//! of one log.

use std::path::{Path, PathBuf};

use baton_report::compare as report;
use baton_rootcause::compare::Comparison;
use baton_rootcause::mine::RawSettings;
use baton_rootcause::wire::{Fixed, MiningReport};
use baton_terms::Code;
use clap::{Args, ValueEnum};

use crate::event_log_files::LogFiles;
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure};
use crate::files;
use crate::mining::{
    Asked, ComparisonRecording, Days, Files, MadeFrom, Question, REPORT_FORMAT, of_log, of_reports,
    read_report,
};
use crate::output::Output;

/// A file that should hold a mining report and does not.
const NOT_A_REPORT: Code = Code::new(1210);
/// Bytes in a mining report.
const REPORT_BYTES_MAX: usize = 64 << 20;

/// Arguments of `baton compare`.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The mining report of the window before, as `baton mine --format json` wrote it; with --before
    /// and --after an event log.
    #[arg(value_name = "REPORT|LOG")]
    first: PathBuf,
    /// The mining report of the window after.
    #[arg(value_name = "REPORT", required_unless_present = "before")]
    second: Option<PathBuf>,
    #[command(flatten)]
    windows: Windows,
    #[command(flatten)]
    recording: ComparisonRecording,
    /// Chance of calling any cause changed where none did.
    #[arg(long, default_value_t = 0.05)]
    alpha: f64,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Two stretches of time of one log.
#[derive(Debug, Args)]
struct Windows {
    /// Days before, in UTC and both included: cases that start on them.
    #[arg(
        long,
        value_name = "DAY..DAY",
        requires_all = ["after", "mapping"],
        conflicts_with = "second"
    )]
    before: Option<Days>,
    /// Days after.
    #[arg(long, value_name = "DAY..DAY", requires = "before")]
    after: Option<Days>,
    /// Mapping file of the log: which column is what.
    #[arg(long, value_name = "FILE", requires = "before")]
    mapping: Option<PathBuf>,
    /// A second table with one row per case.
    #[arg(long, value_name = "FILE", requires = "before")]
    cases: Option<PathBuf>,
    /// What counts as failed: the id of an outcome of the mapping, or an expression over a case.
    #[arg(long, value_name = "ID|EXPRESSION", requires = "before")]
    outcome: Option<String>,
    /// Up to when a case is looked at: `start`, `first-handoff`, `event=ACTIVITY`, `age=2d` or `end`.
    #[arg(long, value_name = "WHEN", default_value = "start")]
    at: String,
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
        let windows = self
            .windows
            .before
            .as_ref()
            .zip(self.windows.after.as_ref());
        let (comparison, made_from) = match (&self.second, windows) {
            (Some(second), _) => of_reports((read(&self.first)?, read(second)?), alpha)?,
            (None, Some(windows)) => self.windows.compare(&self.first, windows, alpha)?,
            (None, None) => return Err(Failure::new(BAD_ARGUMENT, "compare one report").into()),
        };
        self.recording.keep(&comparison, made_from)?;
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

impl Windows {
    /// Compares two stretches of time of the log at `file`.
    fn compare(
        &self,
        file: &Path,
        (before, after): (&Days, &Days),
        alpha: Fixed,
    ) -> anyhow::Result<(Comparison, MadeFrom)> {
        if after.range.start < before.range.end {
            let failure = Failure::new(BAD_ARGUMENT, "compare the two windows")
                .expected("a window after that begins when the one before is over")
                .found("windows that overlap, or that are the wrong way round")
                .hint("such as --before 2025-01-01..2025-03-31 --after 2025-04-01..2025-06-30");
            return Err(failure.into());
        }
        let log = LogFiles {
            file: file.to_owned(),
            mapping: self.mapping.clone(),
            cases: self.cases.clone(),
            from: None,
        };
        let formats = (log.format()?, log.cases_format()?);
        let read = log.read()?;
        let asked = Asked {
            outcome: self.outcome.as_deref(),
            at: &self.at,
            formats,
            search: RawSettings::default(),
        };
        let question = Question::of(&asked, &read.mapping)?;
        let files = Files {
            name: &read.name,
            imported: &read.imported,
            mapping: &read.mapping,
        };
        of_log(&files, &question, (before, after), alpha)
    }
}

/// Reads a mining report; returns it with its bytes.
pub(crate) fn read(path: &Path) -> Result<(MiningReport, Vec<u8>), Failure> {
    let source = files::read_source(path, REPORT_BYTES_MAX)?;
    let refused = |found: String| {
        Failure::new(NOT_A_REPORT, format!("use `{}`", path.display()))
            .expected(format!("a mining report, format {REPORT_FORMAT}"))
            .found(found)
            .hint("write one with `baton mine LOG --format json`")
    };
    let bytes = source.text().as_bytes();
    let report = read_report(bytes).map_err(refused)?;
    Ok((report, bytes.to_vec()))
}
