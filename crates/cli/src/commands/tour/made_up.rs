//! A made-up organization: its past, and two versions of its contract rolled out in simulated time.

use std::path::{Path, PathBuf};

use baton_report::tour::Trial;
use baton_simulation::sample::HANDOFF;
use baton_terms::limits;

use super::past::{Learned, Log};
use super::proof::{KEYRING, TRACE};
use super::steps::Steps;
use super::trial::{Behavior, Staged, rolled_out};
use crate::arguments::Command;
use crate::failure::Failure;
use crate::files;

/// What the second version asks for: an idea that no data speaks for.
const HASTE: (&str, &str) = (
    "package.minutes_held <= 7200",
    "package.minutes_held <= 1440",
);

/// Makes up the organization, with a key that seals what is recorded.
pub(super) fn sample(steps: &mut Steps, seed: u64) -> anyhow::Result<Log> {
    let folder = steps.shown("sample");
    steps.run(&["sample", &folder, "--seed", &seed.to_string()])?;
    files::make_folder(&steps.path("keys"))?;
    let (keys, keyring) = (steps.shown("keys"), steps.shown(KEYRING));
    steps.run(&[
        "keys",
        "generate",
        "--name",
        "tour",
        "--out",
        &keys,
        "--keyring",
        &keyring,
    ])?;
    let contract = steps.path("sample").join(HANDOFF);
    Ok(Log {
        file: steps.path("sample/events.csv"),
        mapping: steps.path("sample/events.yaml"),
        fields: contract.join("fields.yaml"),
        contract,
        outcome: Some("reopened".to_owned()),
        question: ("start", "3"),
        recording: vec![
            "--trace".to_owned(),
            steps.shown(TRACE),
            "--key".to_owned(),
            steps.shown("keys/tour.secret.pem"),
        ],
    })
}

/// Rolls out the version with the mined clause, and one with an idea from elsewhere.
pub(super) fn trials(
    steps: &mut Steps,
    (seed, log): (u64, &Log),
    learned: &Learned,
) -> anyhow::Result<Vec<Trial>> {
    let overview = &learned.mined.overview;
    let bounced = (overview.failures * 10_000)
        .checked_div(overview.cases)
        .unwrap_or(0);
    let bounced = i64::try_from(bounced)?;
    let mut trials = Vec::new();
    if let Some((clause, proposed)) = learned.proposed() {
        let source = files::read_source(proposed, limits::CONTRACT_BYTES_MAX)?;
        let staged = Staged {
            name: "mined-clause",
            title: clause.to_owned(),
            idea: "The clause comes from the causes above.".to_owned(),
            behavior: Behavior::WriteCriteria,
            seed,
            bounced,
        };
        trials.push(one(steps, log, (source.text(), staged))?);
    }
    let stable = log.contract.join("contract.yaml");
    let stable = files::read_source(&stable, limits::CONTRACT_BYTES_MAX)?;
    let hasty = (stable.text())
        .replace(HASTE.0, HASTE.1)
        .replace("within five days", "within one day")
        .replace("version: 1.0.0", "version: 2.0.0");
    let staged = Staged {
        name: "handed-on-in-a-day",
        title: "handed on within one day".to_owned(),
        idea: "The idea comes from a meeting, and no cause speaks for it.".to_owned(),
        behavior: Behavior::Hurry,
        seed,
        bounced,
    };
    trials.push(one(steps, log, (&hasty, staged))?);
    Ok(trials)
}

/// Puts a version with its tests into a folder of its own, runs its suites, and rolls it out.
fn one(steps: &mut Steps, log: &Log, (text, staged): (&str, Staged)) -> anyhow::Result<Trial> {
    let name = format!("versions/{}", staged.name);
    let folder = steps.path(&name);
    for path in [
        "package.schema.json",
        "examples/complete.json",
        "examples/half-told.json",
        "examples/urgent-harm.json",
        "tests/contract-tests.yaml",
    ] {
        copied(&log.contract, (path, &folder))?;
    }
    files::write_new(&folder.join("contract.yaml"), text.as_bytes())?;
    let shown = steps.shown(&name);
    // The golden scorecards name the contract's digest, so a new version has new ones.
    steps.run(&["test", "--bless", &shown])?;
    let Command::Test(command) = steps.command(&["test", &shown])? else {
        return Err(steps.stopped().into());
    };
    let reports = command.reports()?;
    if !reports.iter().all(|report| report.is_passed) {
        return Err(steps.stopped().into());
    }
    let validation = baton_report::tests::json(&reports).to_string();
    let store = steps.path(&format!("{}.db", staged.name));
    rolled_out(
        (&log.contract, &folder),
        (&store, validation.as_bytes()),
        &staged,
    )
}

fn copied(from: &Path, (path, to): (&str, &PathBuf)) -> Result<(), Failure> {
    let read = files::read(&from.join(path), limits::CONTRACT_BYTES_MAX)?;
    files::write_new(&to.join(path), &read)
}
