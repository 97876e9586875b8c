//! The arguments of `baton run`, what it writes, and its exit code.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use baton_engine::missions::file::{self, InputName, MissionFile};
use baton_engine::missions::{
    APPROVAL, Files as _, Given, Keeper, Means, Run, Task, Work, drive, readings,
};
use baton_engine::port::Store;
use baton_evidence::attestation::{Statement, Subject, sign};
use baton_evidence::keys::SigningKey;
use baton_mission::names::Principal;
use baton_mission::run::{Command, Phase, Presence};
use baton_report::mission::{self as report, OutcomeReport};
use baton_terms::{Digest, Id, limits};
use clap::{ArgGroup, Args, ValueEnum};
use serde_json::{Map, Value};

use super::found::{Found, exit, json_text};
use super::record::{NamedStore, Record};
use crate::commands::keys::read_signing_key;
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure, MISSION_FAILED, NOT_QUEUED};
use crate::files;
use crate::missions::{MachineGauges, MissionFiles, WallTime, threads};
use crate::output::Output;
use crate::refusal::Refusal;
use crate::settings::Place;

/// Bytes of a signed approval.
const APPROVAL_BYTES_MAX: usize = 1 << 20;

/// Arguments of `baton run`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("decision").args(["confirm", "resume", "roll_back", "withdraw"])))]
pub(crate) struct RunMission {
    /// The mission (`mission/v1`).
    mission: PathBuf,
    /// An input in place of the one the mission names, such as `log=events.csv`; may be repeated.
    #[arg(long, value_name = "NAME=PATH", value_parser = parse_input)]
    input: Vec<(InputName, PathBuf)>,
    /// Folder for the reports; `baton-runs/ID` when left out.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The store that keeps the record, a file or the URL of a PostgreSQL database; `missions.db` in the folder of the reports when left out.
    /// With --queue, `BATON_STORE`, then `baton.toml`, then `.baton/baton.db` when left out.
    #[arg(long, value_name = "PATH|URL")]
    store: Option<String>,
    /// The file of settings, read with --store or --queue. `BATON_CONFIG`, then `./baton.toml` where it is there, when left out.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Leave the steps to the nodes of the store (`baton work`). Run again, it tells where they are, and writes the reports once the mission waits or has ended.
    #[arg(long, conflicts_with = "sign_approval")]
    queue: bool,
    /// Secret key in PEM that seals the record.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// A signed approval of this very mission on these very inputs; may be repeated.
    #[arg(long, value_name = "FILE")]
    approval: Vec<PathBuf>,
    /// Sign an approval of this very mission on these very inputs with --key, and run nothing.
    #[arg(long, value_name = "FILE", requires_all = ["key", "role"], conflicts_with = "decision")]
    sign_approval: Option<PathBuf>,
    /// Role that --sign-approval decides as.
    #[arg(long, value_name = "ID", requires = "sign_approval")]
    role: Option<Id>,
    #[command(flatten)]
    decision: Decision,
    /// Threads that steps are done on first; they are done again on another number.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// How to show the outcome report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What a person decides about a mission that waits.
#[derive(Debug, Args)]
struct Decision {
    /// Let the next step of a guided mission begin.
    #[arg(long, requires = "principal")]
    confirm: bool,
    /// Have a blocked mission go on, for this reason.
    #[arg(long, value_name = "REASON", requires = "principal")]
    resume: Option<String>,
    /// Roll it back, for this reason.
    #[arg(long, value_name = "REASON", requires = "principal")]
    roll_back: Option<String>,
    /// Take it back, for this reason.
    #[arg(long, value_name = "REASON", requires = "principal")]
    withdraw: Option<String>,
    /// Who decides.
    #[arg(long, value_name = "ID", requires = "decision")]
    principal: Option<Principal>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// `outcome-report/v1`.
    Json,
    /// For an issue or a wiki.
    Markdown,
    /// One page without external requests.
    Html,
}

fn parse_input(text: &str) -> Result<(InputName, PathBuf), String> {
    let (name, path) = text
        .split_once('=')
        .ok_or_else(|| "expected NAME=PATH".to_owned())?;
    let name = InputName::from_word(name).ok_or_else(|| {
        let words: Vec<&str> = InputName::WORDS.iter().map(|(word, _)| *word).collect();
        format!("expected one of {}", words.join(", "))
    })?;
    Ok((name, PathBuf::from(path)))
}

impl RunMission {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let source = files::read_source(&self.mission, limits::CONTRACT_BYTES_MAX)?;
        let mut file =
            file::read(&source).map_err(|problems| Refusal::of_source(source.clone(), problems))?;
        let mission_files = MissionFiles::new(&mut file, &self.mission, &self.input);
        let run = prepared(file, &mission_files);
        if let Some(path) = &self.sign_approval {
            return self.approve(path, &run);
        }
        let out = self
            .out
            .clone()
            .unwrap_or_else(|| Path::new("baton-runs").join(run.file.id.as_str()));
        files::make_folder(&out)?;
        let record = Record::open(&self.named_store(), &out)?;
        let keeper = Keeper::open(record.store(), &WallTime, &run);
        let mut keeper = keeper.map_err(|error| failed(&error))?;
        if self.queue {
            let task = Task::of(&run, &mission_files.places()?);
            keeper = keeper.leaving_it_to_nodes(task.to_bytes());
        }
        self.advance(&mut keeper, (&mission_files, record.store()))?;
        record.seal(self.key.as_deref())?;
        let found = Found::of(&keeper)?;
        if keeper.mission().phase().is_parked() {
            found.write(&out)?;
        } else {
            Output::remark(&format!(
                "{} is left to the nodes of the store: `baton work`",
                run.id
            ));
        }
        output.answer(&self.shown(&found.report, output));
        Ok(exit(&found.report))
    }

    /// Starts the mission, or takes what a person decided, and drives it as far as it goes.
    fn advance(
        &self,
        keeper: &mut Keeper<'_>,
        (files, store): (&MissionFiles, &dyn Store),
    ) -> anyhow::Result<()> {
        let gauges = MachineGauges { store };
        let command = match self.decision.command()? {
            Some(command) => Some(command),
            None => match keeper.mission().phase() {
                Phase::Drafted | Phase::Missing { .. } => {
                    let given = self.given(keeper, &gauges)?;
                    Some(Command::Start(readings(keeper.run(), files, &given)))
                }
                _ => None,
            },
        };
        if let Some(command) = command {
            keeper
                .commit(&command, &[])
                .map_err(|error| failed(&error))?;
        }
        if self.queue {
            return Ok(left_to_nodes(keeper)?);
        }
        let run = keeper.run().clone();
        let means = Means {
            files,
            gauges: &gauges,
            threads: self.threads.unwrap_or_else(threads),
        };
        drive(keeper, &mut Work::new(&run, means)).map_err(|error| failed(&error))?;
        Ok(())
    }

    fn named_store(&self) -> NamedStore {
        match (&self.store, self.queue) {
            (None, false) => NamedStore::BesideReports,
            (store, _) => NamedStore::Of(Place::new(store.clone(), self.config.clone())),
        }
    }

    fn given<'g>(
        &self,
        keeper: &Keeper<'_>,
        gauges: &'g MachineGauges<'_>,
    ) -> anyhow::Result<Given<'g>> {
        let key = match &self.key {
            None => Presence::Absent,
            Some(path) => match read_signing_key(path) {
                Ok(_) => Presence::Present,
                Err(failure) => Presence::Unknown {
                    reason: failure.to_string(),
                },
            },
        };
        let mut approvals = Vec::new();
        for path in &self.approval {
            approvals.push(files::read(path, APPROVAL_BYTES_MAX)?);
        }
        Ok(Given {
            key,
            approvals,
            now: keeper.time().now(),
            gauges,
        })
    }

    fn approve(&self, path: &Path, run: &Run) -> anyhow::Result<Exit> {
        let (Some(key), Some(role)) = (&self.key, &self.role) else {
            return Ok(Exit::Usage);
        };
        let key: SigningKey = read_signing_key(key)?;
        let mut predicate = Map::new();
        predicate.insert("role".to_owned(), Value::from(role.as_str()));
        predicate.insert("run".to_owned(), Value::from(run.id.as_str()));
        predicate.insert("title".to_owned(), Value::from(run.file.title.as_str()));
        let statement = Statement {
            subjects: vec![Subject::new(run.id.as_str(), run.identity)],
            predicate_type: APPROVAL.to_owned(),
            predicate,
        };
        let mut envelope = sign(&statement, &key);
        envelope.push(b'\n');
        files::write(path, &envelope)?;
        Output::remark(&format!("approved {} as {role}", run.id));
        Ok(Exit::Ok)
    }

    fn shown(&self, found: &OutcomeReport, output: &Output) -> String {
        match self.format {
            Format::Text => report::text(found, output.appearance(), output.width()),
            Format::Json => json_text(found),
            Format::Markdown => report::markdown(found),
            Format::Html => report::html(found),
        }
    }
}

impl Decision {
    fn command(&self) -> Result<Option<Command>, Failure> {
        let Some(principal) = self.principal.clone() else {
            return Ok(None);
        };
        let command = match self {
            Self { confirm: true, .. } => Command::Confirm { principal },
            Self {
                resume: Some(reason),
                ..
            } => Command::Resume {
                principal,
                reason: reason.clone(),
            },
            Self {
                roll_back: Some(reason),
                ..
            } => Command::RollBack {
                principal,
                reason: reason.clone(),
            },
            Self {
                withdraw: Some(reason),
                ..
            } => Command::Withdraw {
                principal,
                reason: reason.clone(),
            },
            _ => {
                return Err(Failure::new(BAD_ARGUMENT, "know what was decided")
                    .expected("`--confirm`, `--resume`, `--roll-back` or `--withdraw`")
                    .found("`--principal` alone"));
            }
        };
        Ok(Some(command))
    }
}

/// Returns the run of a mission on the inputs that are there; what is not is for preflight to tell.
fn prepared(file: MissionFile, files: &MissionFiles) -> Run {
    let inputs: BTreeMap<InputName, Digest> = file
        .inputs
        .keys()
        .filter_map(|name| Some((*name, files.digest(*name).ok()??)))
        .collect();
    let contract = files
        .contract()
        .ok()
        .and_then(|document| document.read().digest());
    Run::new(file, inputs, contract)
}

/// Fails for a mission that is under way and that no node will look at.
fn left_to_nodes(keeper: &Keeper<'_>) -> Result<(), Failure> {
    if keeper.mission().phase().is_parked() || keeper.is_left_to_nodes() {
        return Ok(());
    }
    Err(Failure::new(NOT_QUEUED, "leave the mission to nodes")
        .expected("a mission that waits for its start or for a person")
        .found("one that `baton run` began to drive by itself and has not finished")
        .hint("run it again without --queue: it goes on where it stands"))
}

pub(super) fn failed(error: &impl std::fmt::Display) -> Failure {
    Failure::new(MISSION_FAILED, "run the mission")
        .expected("a mission that takes what is asked, and a store that keeps it")
        .found(error.to_string())
        .hint("what was recorded is kept: run it again, and it goes on where it stands")
}
