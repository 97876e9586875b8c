//! `baton compare`: what changed from one mining report to another, or between two stretches of time
//! of one log.

use std::path::{Path, PathBuf};

use baton_report::compare as report;
use baton_rootcause::compare::{Comparison, Range, compare_reports, compare_windows};
use baton_rootcause::mine::RawSettings;
use baton_rootcause::wire::{Fixed, MiningReport};
use baton_terms::Code;
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::event_log_files::LogFiles;
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure};
use crate::files;
use crate::mining::{Asked, Files, Question, table};
use crate::output::Output;

/// A file that should hold a mining report and does not.
const NOT_A_REPORT: Code = Code::new(1210);
/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
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
        value_parser = range,
        requires_all = ["after", "mapping"],
        conflicts_with = "second"
    )]
    before: Option<Range>,
    /// Days after.
    #[arg(long, value_name = "DAY..DAY", value_parser = range, requires = "before")]
    after: Option<Range>,
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
        let comparison = match (&self.second, self.windows.before.zip(self.windows.after)) {
            (Some(second), _) => compare_reports(&read(&self.first)?, &read(second)?, alpha),
            (None, Some(windows)) => self.windows.compare(&self.first, windows, alpha)?,
            (None, None) => return Err(Failure::new(BAD_ARGUMENT, "compare one report").into()),
        };
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
        (before, after): (Range, Range),
        alpha: Fixed,
    ) -> anyhow::Result<Comparison> {
        if after.start < before.end {
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
        let (table, _) = table(&files, &question)?;
        let mut comparison = compare_windows(&table, before, after, alpha);
        comparison.outcome_name = question.outcome.title.to_string();
        let read = &read.imported.report.files;
        for window in [&mut comparison.before, &mut comparison.after] {
            window.digests = read.iter().map(|file| file.digest.clone()).collect();
        }
        Ok(comparison)
    }
}

/// Reads `2025-01-01..2025-03-31`, both days included.
fn range(text: &str) -> Result<Range, String> {
    let expected = || "expected two days such as 2025-01-01..2025-03-31".to_owned();
    let (first, last) = text.split_once("..").ok_or_else(expected)?;
    let midnight = |day: &str| {
        let date: Date = day.parse().map_err(|_| expected())?;
        let start = date.to_zoned(TimeZone::UTC).map_err(|_| expected())?;
        Ok::<_, String>(start.timestamp().as_microsecond())
    };
    let (start, last) = (midnight(first)?, midnight(last)?);
    if last < start {
        return Err("the last day comes before the first".to_owned());
    }
    Ok(Range {
        start,
        end: last.saturating_add(DAY),
    })
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
