//! The arguments of `baton run`, what it writes, and its exit code.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use baton_engine::missions::file::{self, InputName, MissionFile};
use baton_engine::missions::{
    APPROVAL, Files as _, Given, Keeper, Run, Work, drive, incident_packet, outcome, readings,
};
use baton_engine::port::Store;
use baton_engine::register::Sealer;
use baton_evidence::attestation::{Statement, Subject, sign};
use baton_evidence::checkpoint::NoteSigner;
use baton_evidence::keys::SigningKey;
use baton_mission::names::Principal;
use baton_mission::run::{Command, Phase, Presence};
use baton_report::mining;
use baton_report::mission::{self as report, OutcomeReport};
use baton_scoring::wire::Posture;
use baton_store::SqliteStore;
use baton_terms::{Digest, Id, limits};
use clap::{ArgGroup, Args, ValueEnum};
use serde_json::{Map, Value};

use super::mission_files::MissionFiles;
use super::time::WallTime;
use crate::commands::keys::read_signing_key;
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure, MISSION_FAILED};
use crate::files;
use crate::output::Output;
use crate::refusal::Refusal;

/// Name of the register that seals the store of missions.
const ORIGIN: &str = "baton.dev/missions";
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
    /// File that keeps the record; `missions.db` in the folder of the reports when left out.
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,
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
        let store = self
            .store
            .clone()
            .unwrap_or_else(|| out.join("missions.db"));
        files::make_folder(files::folder_of(&store))?;
        let store = SqliteStore::open(&store).map_err(|error| failed(&error))?;
        let mut keeper = Keeper::open(&store, &WallTime, &run).map_err(|error| failed(&error))?;
        self.advance(&mut keeper, &mission_files)?;
        self.seal(&store)?;
        let found = Found::of(&keeper)?;
        found.write(&out)?;
        output.answer(&self.shown(&found.report, output));
        Ok(exit(&found.report))
    }

    /// Starts the mission, or takes what a person decided, and drives it as far as it goes.
    fn advance(&self, keeper: &mut Keeper<'_>, files: &MissionFiles) -> anyhow::Result<()> {
        let command = match self.decision.command()? {
            Some(command) => Some(command),
            None => match keeper.mission().phase() {
                Phase::Drafted | Phase::Missing { .. } => {
                    let given = self.given(keeper)?;
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
        let run = keeper.run().clone();
        let threads = self.threads.unwrap_or_else(|| {
            std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
        });
        drive(keeper, &mut Work::new(&run, files, threads)).map_err(|error| failed(&error))?;
        Ok(())
    }

    fn given(&self, keeper: &Keeper<'_>) -> anyhow::Result<Given> {
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
        })
    }

    /// Seals what was recorded; another process that seals meanwhile seals this too.
    fn seal(&self, store: &dyn Store) -> anyhow::Result<()> {
        let Some(path) = &self.key else {
            return Ok(());
        };
        let key = read_signing_key(path)?;
        let signer = NoteSigner::new(ORIGIN, &key).map_err(|error| failed(&error))?;
        Sealer::new(ORIGIN)
            .seal(store, &[signer], crate::clock::now())
            .map_err(|error| failed(&error))?;
        Ok(())
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

/// What is written for readers.
struct Found {
    report: OutcomeReport,
    packet: Option<report::IncidentPacket>,
    causes: Option<Vec<u8>>,
}

impl Found {
    fn of(keeper: &Keeper<'_>) -> anyhow::Result<Self> {
        let mission = keeper.mission();
        let document = |digest: &Digest| keeper.document(digest).ok().flatten();
        let report = outcome(keeper.run(), mission, &document);
        let causes = match &report.mining {
            None => None,
            Some(mining) => keeper
                .document(&mining.report)
                .map_err(|error| failed(&error))?,
        };
        let now = mission.latest().unwrap_or_else(crate::clock::now);
        Ok(Self {
            packet: incident_packet(keeper.run(), mission, now),
            report,
            causes,
        })
    }

    /// Writes the reports. What was published by a completed run stays until another one is completed.
    fn write(&self, out: &Path) -> anyhow::Result<()> {
        let is_stable =
            self.report.ended == "completed" && self.report.posture != Some(Posture::Critical);
        let name = if is_stable { "outcome" } else { "attempt" };
        let write = |extension: &str, text: &str| {
            files::write(&out.join(format!("{name}.{extension}")), text.as_bytes())
        };
        write("json", &json_text(&self.report))?;
        write("md", &report::markdown(&self.report))?;
        write("html", &report::html(&self.report))?;
        let packet = out.join("incident.json");
        match &self.packet {
            Some(found) => files::write(&packet, json_text(found).as_bytes())?,
            None => files::remove(&packet),
        }
        if is_stable {
            for extension in ["json", "md", "html"] {
                files::remove(&out.join(format!("attempt.{extension}")));
            }
        }
        let Some(bytes) = self.causes.as_ref().filter(|_| is_stable) else {
            return Ok(());
        };
        let found: baton_rootcause::wire::MiningReport = serde_json::from_slice(bytes)?;
        files::write(
            &out.join("causes.json"),
            crate::mining::report_bytes(&found)?.as_bytes(),
        )?;
        let page = mining::html(&mining::Model {
            report: &found,
            map: None,
        });
        files::write(&out.join("causes.html"), page.as_bytes())?;
        Ok(())
    }
}

fn json_text<T: serde::Serialize>(document: &T) -> String {
    Output::json_text(&serde_json::to_value(document).unwrap_or_default())
}

/// Returns the exit code that says how a mission ended: a person has to look at whatever is not ready.
fn exit(report: &OutcomeReport) -> Exit {
    match (report.ended.as_str(), report.posture) {
        ("completed", Some(Posture::Ready)) => Exit::Ok,
        ("completed", Some(Posture::Review) | None) | ("confirming", _) => Exit::Review,
        _ => Exit::Refused,
    }
}

fn failed(error: &impl std::fmt::Display) -> Failure {
    Failure::new(MISSION_FAILED, "run the mission")
        .expected("a mission that takes what is asked, and a store that keeps it")
        .found(error.to_string())
        .hint("what was recorded is kept: run it again, and it goes on where it stands")
}
