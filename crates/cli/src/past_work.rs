//! Past work to hold contracts against: the handovers of a log, or what a store recorded.

use std::path::{Path, PathBuf};

use baton_engine::backtest::{OUTCOME_OF_HANDOFFS, OfLog, OfStore, Packages};
use baton_engine::past::{self, Past};
use baton_eventlog::cases;
use baton_eventlog::import::Format;
use baton_eventlog::mapping::Mapping;
use baton_evidence::keys::Keyring;
use baton_report::backtest::{Input, Outcome};
use baton_scoring::CheckedContract;
use baton_terms::limits;
use clap::Args;

use crate::event_log_files::LogFiles;
use crate::failure::{BAD_ARGUMENT, Failure};
use crate::files;
use crate::mining::outcome;
use crate::settings::Place;
use crate::store_access::{OpenStore, WhenMissing, of_store};

/// Where past packages come from.
#[derive(Debug, Args)]
pub(crate) struct PastWork {
    /// An export of events, as `baton import` reads it; packages that the store recorded when left out.
    #[arg(value_name = "LOG", requires_all = ["mapping", "fields"])]
    log: Option<PathBuf>,
    /// Mapping file of the log: which column is what.
    #[arg(long, value_name = "FILE", requires = "log")]
    mapping: Option<PathBuf>,
    /// A second table of the log with one row per case.
    #[arg(long, value_name = "FILE", requires = "log")]
    cases: Option<PathBuf>,
    /// Format of the export; seen from its name or content when left out.
    #[arg(long, value_name = "FORMAT", requires = "log", value_parser = crate::event_log_files::parse_format)]
    from: Option<Format>,
    /// Which field of a package comes from where in the log.
    #[arg(long, value_name = "FILE", requires = "log")]
    fields: Option<PathBuf>,
    /// What counts as failed: the id of an outcome of the mapping, or an expression over a case.
    #[arg(long, value_name = "ID|EXPRESSION", requires = "log")]
    outcome: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// Past work that was read.
pub(crate) struct Read<'r> {
    pub(crate) packages: &'r dyn Packages,
    pub(crate) outcome: Option<&'r Outcome>,
    pub(crate) inputs: &'r [Input],
    pub(crate) keyring: &'r Keyring,
}

impl PastWork {
    /// Reads past work, and does with it what is to be done.
    pub(crate) fn with<T>(
        &self,
        contracts: [&CheckedContract; 2],
        work: impl FnOnce(&Read<'_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        match (&self.log, &self.mapping, &self.fields) {
            (Some(log), Some(mapping), Some(fields)) => {
                self.of_log((log, mapping, fields), contracts, work)
            }
            _ => self.of_store(contracts, work),
        }
    }

    fn of_log<T>(
        &self,
        (log, mapping, fields): (&Path, &Path, &Path),
        [contract, _]: [&CheckedContract; 2],
        work: impl FnOnce(&Read<'_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let source = files::read_source(fields, limits::CONTRACT_BYTES_MAX)?;
        let recipe =
            past::read(&source).map_err(|problems| Failure::of_document(fields, &problems))?;
        let name = &contract.contract().name;
        if recipe.contract != *name {
            return Err(
                Failure::new(BAD_ARGUMENT, format!("use `{}`", fields.display()))
                    .expected(format!("fields of packages for `{name}`"))
                    .found(format!("fields for `{}`", recipe.contract))
                    .hint("name the file of fields that was written for this contract")
                    .into(),
            );
        }
        let read = LogFiles {
            file: log.to_owned(),
            mapping: Some(mapping.to_owned()),
            cases: self.cases.clone(),
            from: self.from,
        }
        .read()?;
        let events = &read.imported.log;
        let past = Past::of(events, &read.mapping, &recipe)
            .map_err(|problems| Failure::of_document(fields, &problems))?;
        let asked = self.outcome(&read.mapping)?;
        let declared = asked.as_ref().map(cases::Outcome::of);
        let packages = OfLog::new(&past, (events, &read.mapping), declared.as_ref())
            .map_err(|problems| Failure::of_document(mapping, &problems))?;
        let mut inputs: Vec<Input> = Vec::new();
        for file in &read.imported.report.files {
            inputs.push(Input {
                name: file.holds.clone(),
                digest: file.digest.clone(),
            });
        }
        for (name, path) in [("mapping", mapping), ("fields", fields)] {
            inputs.push(Input {
                name: name.to_owned(),
                digest: files::digest(path)?.to_string(),
            });
        }
        let outcome = asked.map(|outcome| Outcome {
            name: outcome.title.to_string(),
            failed: outcome.failed.to_string(),
        });
        work(&Read {
            packages: &packages,
            outcome: outcome.as_ref(),
            inputs: &inputs,
            keyring: &Keyring::default(),
        })
    }

    fn of_store<T>(
        &self,
        contracts: [&CheckedContract; 2],
        work: impl FnOnce(&Read<'_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let settings = self.place.settings()?;
        let store = OpenStore::open(&settings, WhenMissing::Refuse)?;
        let packages = OfStore::new(store.ports(), contracts)
            .map_err(|error| of_store(&error, "read the recorded packages"))?;
        let outcome = Outcome {
            name: "Sent back".to_owned(),
            failed: OUTCOME_OF_HANDOFFS.to_owned(),
        };
        work(&Read {
            packages: &packages,
            outcome: Some(&outcome),
            inputs: &[],
            keyring: &settings.keys()?,
        })
    }

    /// Returns what counts as failed; nothing where neither the mapping nor anybody else says.
    fn outcome(
        &self,
        mapping: &Mapping,
    ) -> Result<Option<baton_eventlog::mapping::Outcome>, Failure> {
        if self.outcome.is_none() && mapping.outcomes.is_empty() {
            return Ok(None);
        }
        outcome(self.outcome.as_deref(), mapping).map(Some)
    }
}
