//! `baton simulate`: what would wait how long if work, capacity, hours or rules were others.

use std::path::PathBuf;

use baton_eventlog::cases::Closing;
use baton_network::history::History;
use baton_network::limits;
use baton_network::scenario::{self, Plan};
use baton_network::simulate::{Ready, Settings, fit};
use baton_network::wire::{Input, Simulation};
use baton_report::simulation as report;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::event_log_files::{LogFiles, ReadLog};
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure};
use crate::files;
use crate::output::Output;
use crate::refusal::Refusal;

/// Version of the engine.
const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// Arguments of `baton simulate`.
#[derive(Debug, Args)]
pub(crate) struct Simulate {
    #[command(flatten)]
    log: LogFiles,
    /// Scenario file: what would be otherwise; may be repeated.
    #[arg(long = "scenario", value_name = "FILE")]
    scenarios: Vec<PathBuf>,
    /// Seed of all chance: the same seed gives the same bytes.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many times the held-out weeks are played, 40 to 10000.
    #[arg(long, value_name = "N", default_value_t = 200,
          value_parser = clap::value_parser!(u32).range(limits::REPLICATIONS_MIN as i64..=limits::REPLICATIONS_MAX as i64))]
    replications: u32,
    /// Last whole weeks of the log to hold out and simulate, 1 to 52.
    #[arg(long, value_name = "WEEKS", default_value_t = 4,
          value_parser = clap::value_parser!(i64).range(1..=limits::HELD_OUT_WEEKS_MAX))]
    held_out: i64,
    /// Weeks before these to fit, at least 4; those from which on waiting is steady when left out.
    #[arg(long, value_name = "WEEKS",
          value_parser = clap::value_parser!(i64).range(limits::FIT_WEEKS_MIN..=520))]
    fit_weeks: Option<i64>,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// File for the answer as a page besides, whatever --format says.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// `simulation/v1`.
    Json,
    /// One page without external requests.
    Html,
}

impl Simulate {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        if self.scenarios.len() > limits::SCENARIOS_MAX {
            let failure = Failure::new(BAD_ARGUMENT, "use --scenario")
                .expected(format!("at most {} scenarios", limits::SCENARIOS_MAX))
                .found(self.scenarios.len().to_string())
                .hint("run them in several calls");
            return Err(failure.into());
        }
        let read = self.log.read()?;
        let log = &read.imported.log;
        let closing = Closing::new(log, &read.mapping.closing)
            .map_err(|problems| self.log.refused_by_mapping(problems))?;
        let history = History::of(log, read.mapping.people, &closing);
        let ready = fit(&history, self.held_out, self.fit_weeks).map_err(Failure)?;
        let plans = self.plans(&ready)?;
        let answer = self.answer(&ready, &plans, &read);
        if let Some(path) = &self.html {
            files::write(path, report::html(&answer).as_bytes())?;
        }
        match self.format {
            Format::Text => {
                let (appearance, width) = (output.appearance(), output.width());
                output.answer(&report::text(&answer, appearance, width));
            }
            Format::Json => output.json(&report::json(&answer)?),
            Format::Html => output.answer(&report::html(&answer)),
        }
        Ok(Exit::Ok)
    }

    fn plans(&self, ready: &Ready<'_>) -> anyhow::Result<Vec<Plan>> {
        let known = ready.known();
        let plan = |path: &PathBuf| -> anyhow::Result<Plan> {
            let source = files::read_source(path, baton_terms::limits::CONTRACT_BYTES_MAX)?;
            let plan = scenario::read(&source, &known);
            Ok(plan.map_err(|problems| Refusal::of_source(source, problems))?)
        };
        self.scenarios.iter().map(plan).collect()
    }

    fn answer(&self, ready: &Ready<'_>, plans: &[Plan], read: &ReadLog) -> Simulation {
        let settings = Settings {
            seed: self.seed,
            replications: self.replications,
        };
        let report = &read.imported.report;
        let input = Input {
            name: read.name.clone(),
            digests: report
                .files
                .iter()
                .map(|file| file.digest.clone())
                .collect(),
        };
        // Hidden when standard error is no terminal.
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        bar.set_message("simulating");
        bar.tick();
        let answer = ready.simulate(plans, settings, (ENGINE, input));
        bar.finish_and_clear();
        answer
    }
}
