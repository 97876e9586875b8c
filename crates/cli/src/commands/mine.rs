//! `baton mine`: why work fails, from an export of the tracker people use.

use std::path::PathBuf;

use baton_report::mining as report;
use baton_rootcause::mine::{RawSettings, Step};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::event_log_files::LogFiles;
use crate::exit::Exit;
use crate::files;
use crate::mining::{Answer, Asked, Files, MiningRecording, Question, answer, report_bytes};
use crate::output::Output;

/// Arguments of `baton mine`.
#[derive(Debug, Args)]
pub(crate) struct Mine {
    #[command(flatten)]
    log: LogFiles,
    /// What counts as failed: the id of an outcome of the mapping, or an expression over a case.
    #[arg(long, value_name = "ID|EXPRESSION")]
    outcome: Option<String>,
    /// Up to when a case is looked at: `start`, `first-handoff`, `event=ACTIVITY`, `age=2d` or `end`.
    #[arg(long, value_name = "WHEN", default_value = "start")]
    at: String,
    #[command(flatten)]
    thoroughness: Thoroughness,
    /// How to show the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// File for the report; standard output when left out.
    #[arg(long, value_name = "FILE", visible_alias = "output")]
    out: Option<PathBuf>,
    /// File for the report as a page besides, whatever --format says.
    #[arg(long, value_name = "FILE")]
    report_html: Option<PathBuf>,
    #[command(flatten)]
    recording: MiningRecording,
}

/// How thoroughly to mine.
#[derive(Debug, Args)]
struct Thoroughness {
    /// Most conditions of a cause, 1 to 4.
    #[arg(long, value_name = "N", default_value_t = RawSettings::default().depth)]
    depth: u32,
    /// Chance of naming any cause where there is none, in basis points: 500 is 5%.
    #[arg(long, value_name = "BASIS-POINTS", default_value_t = RawSettings::default().alpha)]
    alpha: u32,
    /// Fewest cases of a cause, at least 20.
    #[arg(long, value_name = "CASES", default_value_t = RawSettings::default().cases_min)]
    support: u64,
    /// Most causes, 1 to 50.
    #[arg(long, value_name = "N", default_value_t = RawSettings::default().causes_max)]
    causes: u32,
    /// Resamples that say how stable a cause is, 0 to 1000.
    #[arg(long, value_name = "N", default_value_t = RawSettings::default().resamples)]
    resamples: u32,
    /// Failing cases named for each cause, 0 to 100.
    #[arg(long, value_name = "N", default_value_t = RawSettings::default().examples)]
    examples: u32,
    /// Feature that every cause is adjusted for besides those that the data suggest; may be repeated.
    #[arg(long, value_name = "FEATURE")]
    adjust: Vec<String>,
    /// Take the level of significance from N relabelings of the cases (Westfall and Young): slower,
    /// and it finds somewhat weaker causes at the same error rate. 1000 when N is left out.
    #[arg(
        long,
        value_name = "N",
        num_args = 0..=1,
        require_equals = true,
        default_value_t = RawSettings::default().permutations,
        default_missing_value = "1000",
        hide_default_value = true
    )]
    sharpen: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// `mining-report/v1`.
    Json,
    /// For an issue or a wiki.
    Markdown,
    /// One page without external requests.
    Html,
}

impl Mine {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        self.mined(output)?;
        Ok(Exit::Ok)
    }

    /// Mines, records and writes what was asked for, and returns what was found.
    pub(crate) fn mined(&self, output: &mut Output) -> anyhow::Result<Answer> {
        let cases_format = self.log.cases_format()?;
        let read = self.log.read()?;
        let asked = Asked {
            outcome: self.outcome.as_deref(),
            at: &self.at,
            formats: (self.log.format()?, cases_format),
            search: self.thoroughness.settings(),
        };
        let question = Question::of(&asked, &read.mapping)?;
        let files = Files {
            name: &read.name,
            imported: &read.imported,
            mapping: &read.mapping,
        };
        let steps = Steps::new();
        let answer = answer(&files, &question, &mut |step| steps.show(step));
        steps.end();
        let answer = answer?;
        // A run that could not be recorded as asked is not announced either.
        self.recording.keep(&answer.report)?;
        if let Some(path) = &self.report_html {
            files::write(path, report::html(&model(&answer)).as_bytes())?;
        }
        let text = self.shown(&answer, output)?;
        output.deliver(&text, self.out.as_deref())?;
        Ok(answer)
    }

    fn shown(&self, answer: &Answer, output: &Output) -> anyhow::Result<String> {
        let model = model(answer);
        Ok(match self.format {
            Format::Text => report::text(&model, output.appearance(), output.width()),
            Format::Json => report_bytes(&answer.report)?,
            Format::Markdown => report::markdown(&model),
            Format::Html => report::html(&model),
        })
    }
}

fn model(answer: &Answer) -> report::Model<'_> {
    report::Model {
        report: &answer.report,
        map: Some(&answer.map),
    }
}

impl Thoroughness {
    fn settings(&self) -> RawSettings {
        RawSettings {
            depth: self.depth,
            alpha: self.alpha,
            cases_min: self.support,
            causes_max: self.causes,
            resamples: self.resamples,
            examples: self.examples,
            adjust: self.adjust.clone(),
            permutations: self.sharpen,
            ..RawSettings::default()
        }
    }
}

/// The step a run is at, on the terminal, if there is one.
struct Steps(ProgressBar);

impl Steps {
    fn new() -> Self {
        // Hidden when standard error is no terminal.
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    fn show(&self, step: Step) {
        self.0.set_message(match step {
            Step::Encode => "looking at the columns",
            Step::Search => "searching",
            Step::Cover => "choosing causes",
            Step::Judge => "checking them on later cases and other drivers",
            Step::Resample => "resampling",
        });
        self.0.tick();
    }

    fn end(&self) {
        self.0.finish_and_clear();
    }
}
