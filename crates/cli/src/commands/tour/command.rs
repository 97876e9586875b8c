//! The command: whose work, where to, and what is said at the end.

use std::path::{Path, PathBuf};

use baton_report::tour::{self as report, File, Origin};
use clap::Args;

use super::past::Learned;
use super::steps::Steps;
use super::{given, made_up};
use crate::exit::Exit;
use crate::failure::{EXISTS, Failure};
use crate::files;
use crate::output::Output;

/// Arguments of `baton tour`.
#[derive(Debug, Args)]
pub(crate) struct Tour {
    /// Folder to create; it must not be there yet.
    #[arg(default_value = "baton-tour")]
    folder: PathBuf,
    /// What the made-up organization is drawn from: the same seed gives the same tour on every machine.
    #[arg(long, default_value_t = 1, conflicts_with = "data")]
    seed: u64,
    #[command(flatten)]
    data: Data,
}

/// A log of one's own.
#[derive(Debug, Args)]
pub(super) struct Data {
    /// Event log to go through in place of made-up work, up to the backtest.
    #[arg(long = "data", id = "data", value_name = "LOG")]
    pub(super) log: Option<PathBuf>,
    /// Mapping file of the log; not needed for the logs that Baton has examples of.
    #[arg(long, value_name = "FILE", requires_all = ["data", "contract", "fields"])]
    pub(super) mapping: Option<PathBuf>,
    /// Contract of the handoffs in the log.
    #[arg(long, value_name = "CONTRACT", requires = "mapping")]
    pub(super) contract: Option<PathBuf>,
    /// Which field of its packages comes from where in the log.
    #[arg(long, value_name = "FILE", requires = "mapping")]
    pub(super) fields: Option<PathBuf>,
    /// What counts as failed: the id of an outcome of the mapping, or an expression over a case.
    #[arg(long, value_name = "ID|EXPRESSION", requires = "data")]
    pub(super) outcome: Option<String>,
}

impl Tour {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        if self.folder.exists() {
            return Err(
                Failure::new(EXISTS, format!("create `{}`", self.folder.display()))
                    .expected("a folder that is not there yet")
                    .found("one that is")
                    .hint("name another folder, or move that one away")
                    .into(),
            );
        }
        files::make_folder(&self.folder)?;
        let mut steps = Steps::new(&self.folder);
        match &self.data.log {
            None => self.made_up(&mut steps, output),
            Some(log) => self.given(&mut steps, log, output),
        }
    }

    fn made_up(&self, steps: &mut Steps, output: &mut Output) -> anyhow::Result<Exit> {
        Output::remark("making up an organization, and asking why its work comes back");
        let log = made_up::sample(steps, self.seed)?;
        let learned = Learned::of(steps, &log)?;
        Output::remark("rolling out two versions in simulated time");
        let trials = made_up::trials(steps, (self.seed, &log), &learned)?;
        let proof = super::proof::proof(steps, &log)?;
        let origin = Origin::MadeUp { seed: self.seed };
        let tried = (trials.as_slice(), Some(&proof));
        self.tell((steps, output), (origin, &learned), tried)
    }

    fn given(&self, steps: &mut Steps, log: &Path, output: &mut Output) -> anyhow::Result<Exit> {
        Output::remark("reading the log, and asking why its work fails");
        let log = given::log(steps, (log, &self.data))?;
        let learned = Learned::of(steps, &log)?;
        let origin = Origin::Given { name: log.name() };
        self.tell((steps, output), (origin, &learned), (&[], None))
    }

    /// Writes the page, and tells the terminal.
    fn tell(
        &self,
        (steps, output): (&Steps, &mut Output),
        (origin, learned): (Origin, &Learned),
        (trials, proof): (&[report::Trial], Option<&report::Proof>),
    ) -> anyhow::Result<Exit> {
        let mut written = learned.files();
        written.extend(proof.map(|proof| File {
            path: proof.file.clone(),
            what: "the record of what was mined, for outsiders to verify offline".to_owned(),
        }));
        let tour = report::Tour {
            origin,
            map: &learned.map,
            mined: &learned.mined,
            proposals: &learned.proposals,
            tried: learned.idea(),
            trials,
            proof,
            files: &written,
            commands: steps.commands(),
        };
        let page = self.folder.join("tour.html");
        files::write(&page, report::html(&tour).as_bytes())?;
        output.answer(&report::text(&tour, output.appearance(), output.width()));
        output.answer(&format!("\nThe whole story: {}\n", page.display()));
        Ok(Exit::Ok)
    }
}
