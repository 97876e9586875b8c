//! What the past of a log teaches: who hands over, why work fails, what could be asked for, and what that
//! would have done.

use std::path::PathBuf;

use baton_eventlog::handover::Map;
use baton_report::backtest::Backtest;
use baton_report::proposals::Proposals;
use baton_report::tour::{File, Idea};
use baton_rootcause::wire::MiningReport;

use super::steps::Steps;
use crate::arguments::Command;
use crate::mining::Answer;
use crate::output::Output;

/// The log of a tour, with the contract its handovers are held against.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) file: PathBuf,
    pub(super) mapping: PathBuf,
    pub(super) contract: PathBuf,
    pub(super) fields: PathBuf,
    pub(super) outcome: Option<String>,
    /// Up to when cases are looked at, and the most conditions of a cause.
    pub(super) question: (&'static str, &'static str),
    /// Arguments that have the mining run recorded.
    pub(super) recording: Vec<String>,
}

impl Log {
    /// Returns the name of the log, without its folder.
    pub(super) fn name(&self) -> String {
        let name = self.file.file_name().unwrap_or(self.file.as_os_str());
        name.to_string_lossy().into_owned()
    }

    fn words(&self) -> [String; 3] {
        let shown = |path: &PathBuf| path.display().to_string();
        [
            shown(&self.file),
            "--mapping".to_owned(),
            shown(&self.mapping),
        ]
    }

    fn outcome(&self) -> Vec<String> {
        let outcome = self.outcome.iter();
        outcome
            .flat_map(|id| ["--outcome".to_owned(), id.clone()])
            .collect()
    }
}

/// What was learned.
#[derive(Debug)]
pub(super) struct Learned {
    pub(super) map: Map,
    pub(super) mined: MiningReport,
    pub(super) proposals: Proposals,
    tried: Option<Tried>,
}

/// A clause that was tried on the past.
#[derive(Debug)]
struct Tried {
    clause: String,
    /// The contract with it.
    contract: PathBuf,
    backtest: Backtest,
}

impl Learned {
    /// Goes through the past of a log.
    pub(super) fn of(steps: &mut Steps, log: &Log) -> anyhow::Result<Self> {
        let why = steps.shown("why.json");
        let page = steps.shown("why.html");
        let (at, depth) = log.question;
        let (words, outcome) = (log.words(), log.outcome());
        let mut mine = vec!["mine"];
        mine.extend(words.iter().chain(&outcome).map(String::as_str));
        mine.extend([
            "--at", at, "--depth", depth, "--format", "json", "--out", &why,
        ]);
        mine.extend(["--report-html", &page]);
        mine.extend(log.recording.iter().map(String::as_str));
        let Command::Mine(command) = steps.command(&mine)? else {
            return Err(steps.stopped().into());
        };
        let Answer { report: mined, map } = command.mined(&mut Output::silent())?;
        let contract = log.contract.display().to_string();
        let fields = log.fields.display().to_string();
        let propose = [
            "propose",
            &why,
            "--contract",
            &contract,
            "--fields",
            &fields,
        ];
        let Command::Propose(command) = steps.command(&propose)? else {
            return Err(steps.stopped().into());
        };
        let (_, proposals) = command.proposals()?;
        let tried = match proposals.candidates.first() {
            None => None,
            Some(first) => Some(Tried::new(steps, log, &first.clause)?),
        };
        Ok(Self {
            map,
            mined,
            proposals,
            tried,
        })
    }

    /// Returns the clause that was tried.
    pub(super) fn idea(&self) -> Option<Idea<'_>> {
        self.tried.as_ref().map(|tried| Idea {
            clause: &tried.clause,
            backtest: &tried.backtest,
        })
    }

    /// Returns the contract with the clause that was tried.
    pub(super) fn proposed(&self) -> Option<(&str, &PathBuf)> {
        let tried = self.tried.as_ref()?;
        Some((&tried.clause, &tried.contract))
    }

    /// Returns what was written beside the page.
    pub(super) fn files(&self) -> Vec<File> {
        let file = |path: &str, what: &str| File {
            path: path.to_owned(),
            what: what.to_owned(),
        };
        let mut written = vec![
            file("why.html", "why work fails: the mining report as a page"),
            file("why.json", "the same for programs"),
        ];
        if self.tried.is_some() {
            written.push(file(
                "backtest.html",
                "what the clause would have done, package by package",
            ));
        }
        written
    }
}

impl Tried {
    fn new(steps: &mut Steps, log: &Log, clause: &str) -> anyhow::Result<Self> {
        let folder = crate::contract_files::locate(&log.contract)?;
        let contract = crate::files::folder_of(&folder).join("proposed.yaml");
        let (before, after) = (
            log.contract.display().to_string(),
            contract.display().to_string(),
        );
        let fields = log.fields.display().to_string();
        let why = steps.shown("why.json");
        steps.run(&[
            "propose",
            &why,
            "--contract",
            &before,
            "--fields",
            &fields,
            "--out",
            &after,
            "--clause",
            clause,
        ])?;
        let (words, outcome) = (log.words(), log.outcome());
        let page = steps.shown("backtest.html");
        let mut backtest = vec!["backtest"];
        backtest.extend(words.iter().chain(&outcome).map(String::as_str));
        backtest.extend(["--fields", &fields, "--before", &before, "--after", &after]);
        backtest.extend(["--format", "html", "--out", &page]);
        let Command::Backtest(command) = steps.command(&backtest)? else {
            return Err(steps.stopped().into());
        };
        let backtest = command.answer()?;
        crate::files::write(
            &steps.path("backtest.html"),
            baton_report::backtest::html(&backtest).as_bytes(),
        )?;
        Ok(Self {
            clause: clause.to_owned(),
            contract,
            backtest,
        })
    }
}
