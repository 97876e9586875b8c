//! From the files of a log to a report.

use baton_eventlog::cases::{self, CaseTable, Settings};
use baton_eventlog::handover::{self, Map};
use baton_eventlog::import::Imported;
use baton_eventlog::mapping::Mapping;
use baton_rootcause::mine::{Step, mine};
use baton_rootcause::wire::{Input, MiningReport};

use super::question::{Question, failure};
use crate::failure::Failure;
use crate::output::Output;

/// Version of the engine; a report made by another one is not compared.
pub(crate) const ENGINE: &str = env!("CARGO_PKG_VERSION");

/// What was read.
#[derive(Debug)]
pub(crate) struct Files<'a> {
    /// Name of the log, without its folder.
    pub(crate) name: &'a str,
    /// The log with its report.
    pub(crate) imported: &'a Imported,
    /// What it was read by.
    pub(crate) mapping: &'a Mapping,
}

/// What was found.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) report: MiningReport,
    pub(crate) map: Map,
}

/// Mines a log.
pub(crate) fn answer(
    files: &Files<'_>,
    question: &Question,
    progress: &mut dyn FnMut(Step),
) -> anyhow::Result<Answer> {
    let (table, settings) = table(files, question)?;
    question.search.fit(&table).map_err(failure)?;
    let mined = mine(&table, &question.search, progress);
    let report = mined.report(ENGINE, input(files, question)?);
    Ok(Answer {
        report,
        map: map(files, &settings)?,
    })
}

/// Returns the cases of a log as they are known at the landmark, and what they were built by.
pub(crate) fn table(
    files: &Files<'_>,
    question: &Question,
) -> Result<(CaseTable, Settings), Failure> {
    let log = &files.imported.log;
    let settings = Settings::of(files.mapping, log, &question.outcome, question.at.clone());
    let table = cases::build(log, &settings).map_err(failure)?;
    Ok((table, settings))
}

fn input(files: &Files<'_>, question: &Question) -> serde_json::Result<Input> {
    let read = &files.imported.report;
    Ok(Input {
        name: files.name.to_owned(),
        digests: read.files.iter().map(|file| file.digest.clone()).collect(),
        mapping: files.mapping.json.clone(),
        settings: question.to_value()?,
        outcome: question.outcome.failed.to_string(),
        outcome_name: question.outcome.title.to_string(),
        import: serde_json::to_value(read.clone().without_people(&files.imported.log))?,
        landmark: question.at.to_string(),
    })
}

fn map(files: &Files<'_>, settings: &Settings) -> Result<Map, Failure> {
    let log = &files.imported.log;
    let failed = cases::decide(log, &settings.outcome).map_err(failure)?;
    let failures = handover::Failures {
        name: &settings.outcome.name,
        failed: &failed,
    };
    Ok(handover::build(log, settings.people, Some(failures)))
}

/// Returns a report as `baton mine --format json` writes it. These bytes are what is signed, kept
/// and compared.
pub(crate) fn report_bytes(report: &MiningReport) -> serde_json::Result<String> {
    Ok(Output::json_text(&baton_report::mining::json(report)?))
}
