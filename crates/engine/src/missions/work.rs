//! Performs the steps of a mission: each one twice, the second time on another number of threads.

use std::collections::BTreeMap;

use baton_mission::budget::{Cap, Charge};
use baton_mission::retry::Failure;
use baton_mission::run::Outcome;
use baton_report::mission::{CauseLine, MiningFindings, cause_title};
use baton_rootcause::wire::{MiningReport, Strength};
use baton_scoring::wire::Posture;
use baton_terms::{Digest, Id, Instant};
use serde_json::{Value, json};

use super::contracting::{Bar, check_log, check_packages};
use super::drive::{Performed, Performer, StepFailure};
use super::file::{CHECK, GATHER, InputName, MINE, Question};
use super::findings::{Found, Gathered, Judged, Mined, canonical, read};
use super::gauges::{Gauges, most_open_work};
use super::inputs::{Files, GivenLog, GivenPackage};
use super::judge::{self, judge};
use super::preflight::{contract, recipe};
use super::run::Run;
use crate::past::Past;

const MEBIBYTE: u64 = 1 << 20;

/// What a run is done with.
#[derive(Clone, Copy)]
pub struct Means<'w> {
    /// Its files.
    pub files: &'w dyn Files,
    /// What measures what cannot be counted from its files.
    pub gauges: &'w dyn Gauges,
    /// Threads that steps are done on first.
    pub threads: usize,
}

/// The work of one run.
pub struct Work<'w> {
    run: &'w Run,
    files: &'w dyn Files,
    gauges: &'w dyn Gauges,
    threads: usize,
    /// Kept from one step to the next, and read again by a process that did not gather it.
    log: Option<GivenLog>,
}

/// What doing a step made.
struct Made {
    document: Vec<u8>,
    output: Digest,
    beside: Vec<Vec<u8>>,
    posture: Posture,
    outcome: Brought,
}

/// What a step brings beside its document.
#[derive(Default)]
struct Brought {
    used: Vec<Charge>,
    measured: Vec<baton_mission::run::Measure>,
    open: Vec<baton_mission::run::FollowUp>,
}

impl<'w> Work<'w> {
    /// Returns the work of a run.
    pub fn new(run: &'w Run, means: Means<'w>) -> Self {
        Self {
            run,
            files: means.files,
            gauges: means.gauges,
            threads: means.threads.max(1),
            log: None,
        }
    }

    fn make(&mut self, step: &Id, documents: &[Vec<u8>], threads: usize) -> Result<Made, String> {
        match step.as_str() {
            GATHER => self.gather(),
            CHECK => self.check(threads),
            MINE => self.mine(threads),
            _ => self.judge(documents),
        }
    }

    fn gather(&mut self) -> Result<Made, String> {
        let gathered = if self.is_of_packages() {
            let packages = self.packages()?;
            let digest = |given: &GivenPackage| {
                let package = given.package.as_ref().ok()?;
                Some(package.digest().to_string())
            };
            let listed: BTreeMap<&str, Option<String>> = packages
                .iter()
                .map(|given| (given.name.as_str(), digest(given)))
                .collect();
            Gathered {
                rows: count(packages.len()),
                taken: count(listed.values().flatten().count()),
                memory_mib: 0,
                detail: json!(listed),
            }
        } else {
            let log = self.files.log()?;
            let report = log
                .imported
                .report
                .clone()
                .without_people(&log.imported.log);
            let files = report.files.iter();
            let gathered = Gathered {
                rows: files.clone().map(|file| file.rows).sum(),
                taken: files.map(|file| file.taken).sum(),
                memory_mib: report.memory_bytes.div_ceil(MEBIBYTE),
                detail: serde_json::to_value(&report).map_err(|error| error.to_string())?,
            };
            self.log = Some(log);
            gathered
        };
        let posture = judge::data(&gathered).posture;
        let mut used = vec![
            charge(Cap::Rows, gathered.rows),
            charge(Cap::Memory, gathered.memory_mib),
        ];
        let money = self.run.file.charges.money_units;
        used.extend(money.map(|amount| charge(Cap::MoneyUnits, amount)));
        made(
            &gathered,
            posture,
            Brought {
                used,
                ..Brought::default()
            },
        )
    }

    fn check(&mut self, threads: usize) -> Result<Made, String> {
        let contract = contract(self.files)?;
        let keyring = self.files.keyring()?;
        let bar = Bar {
            contract: &contract,
            keyring: &keyring,
            compare_from: self.run.file.compare_from,
        };
        let findings = if self.is_of_packages() {
            let packages = self.packages()?;
            check_packages(bar, (&packages, self.as_of()?), threads)
        } else {
            let recipe = recipe(self.files)?;
            let log = self.log()?;
            let past = Past::of(&log.imported.log, &log.mapping, &recipe).map_err(|problems| {
                let texts: Vec<String> = problems
                    .iter()
                    .map(|p| {
                        format!(
                            "{}: expected {}, found {}",
                            p.place.pointer, p.expected, p.found
                        )
                    })
                    .collect();
                texts.join("; ")
            })?;
            check_log(bar, (&past, log), threads)
        };
        // Nothing checked is never a pass.
        let posture = if findings.now.checked == 0 {
            Posture::Critical
        } else {
            Posture::Ready
        };
        made(&Found::Handoffs(findings), posture, Brought::default())
    }

    fn mine(&mut self, threads: usize) -> Result<Made, String> {
        let question = self.run.file.question.clone().unwrap_or_default();
        let files = self.files;
        let log = self.log()?;
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|error| error.to_string())?;
        let report = pool.install(|| files.mine(log, &question))?;
        let (bytes, digest) = canonical(&report)?;
        let mined = mined(&report, digest, (self.run.file.compare_from, &question));
        let posture = if report.overview.cases == 0 {
            Posture::Critical
        } else {
            Posture::Ready
        };
        let mut made = made(&Found::Causes(mined), posture, Brought::default())?;
        made.beside.push(bytes);
        Ok(made)
    }

    fn judge(&self, documents: &[Vec<u8>]) -> Result<Made, String> {
        let document = |place: usize| {
            let bytes = documents.get(place);
            bytes.ok_or_else(|| "an earlier step left no document".to_owned())
        };
        let gathered: Gathered = read(document(0)?)?;
        let found: Found = read(document(1)?)?;
        let judgement = judge(&self.run.file, &gathered, &found);
        let brought = Brought {
            used: Vec::new(),
            measured: judgement.measured,
            open: judgement.open,
        };
        let document: Judged = judgement.document;
        made(&document, judgement.posture, brought)
    }

    /// Returns the levels that the budget caps, as they are right after a step.
    fn levels(&self) -> Result<Vec<Charge>, String> {
        let budget = &self.run.file.budget;
        let mut levels = Vec::new();
        if budget.resource_pressure_cap.is_some() {
            let pressure = self.gauges.memory_pressure()?;
            levels.push(charge(Cap::ResourcePressure, pressure.get()));
        }
        if budget.open_work.is_some() {
            let open = most_open_work(self.files, self.gauges)?;
            levels.push(charge(Cap::OpenWork, open));
        }
        Ok(levels)
    }

    fn is_of_packages(&self) -> bool {
        self.run.file.inputs.contains_key(&InputName::Packages)
    }

    fn as_of(&self) -> Result<Instant, String> {
        let as_of = self.run.file.as_of;
        as_of.ok_or_else(|| "the mission does not say at what time packages are checked".to_owned())
    }

    fn packages(&self) -> Result<Vec<GivenPackage>, String> {
        self.files.packages(&contract(self.files)?)
    }

    fn log(&mut self) -> Result<&GivenLog, String> {
        let log = match self.log.take() {
            Some(log) => log,
            None => self.files.log()?,
        };
        Ok(self.log.insert(log))
    }
}

impl Performer for Work<'_> {
    fn perform(&mut self, step: &Id, documents: &[Vec<u8>]) -> Result<Performed, StepFailure> {
        // What is read was there when the mission began: a file that is gone may come back.
        let failed = |reason| StepFailure {
            failure: Failure::Transient,
            reason,
        };
        let again = if self.threads == 1 { 2 } else { 1 };
        let mut first = self.make(step, documents, self.threads).map_err(failed)?;
        first.outcome.used.extend(self.levels().map_err(failed)?);
        let second = self.make(step, documents, again).map_err(failed)?;
        Ok(Performed {
            outcome: Outcome {
                output: first.output,
                posture: first.posture,
                used: first.outcome.used,
                measured: first.outcome.measured,
                open: first.outcome.open,
            },
            document: first.document,
            replayed: second.output,
            beside: first.beside,
        })
    }

    fn compensate(&mut self, effect: &Id, _compensation: &Id) -> Result<(), String> {
        Err(format!(
            "step `{effect}` changes nothing that could be undone"
        ))
    }
}

fn made<T: serde::Serialize>(
    document: &T,
    posture: Posture,
    outcome: Brought,
) -> Result<Made, String> {
    let (document, output) = canonical(document)?;
    Ok(Made {
        document,
        output,
        beside: Vec::new(),
        posture,
        outcome,
    })
}

fn mined(
    report: &MiningReport,
    digest: Digest,
    (compare_from, question): (Option<Instant>, &Question),
) -> Mined {
    let all = (report.overview.cases, report.overview.failures);
    let mut before = (0_u64, 0_u64);
    let mut now = all;
    if let Some(from) = compare_from {
        now = (0, 0);
        let day: String = from.to_string().chars().take(10).collect();
        for period in &report.overview.periods {
            let stretch = if period.start < day {
                &mut before
            } else {
                &mut now
            };
            stretch.0 = stretch.0.saturating_add(period.cases);
            stretch.1 = stretch.1.saturating_add(period.failures);
        }
    }
    let stability = report.causes.iter().filter_map(|cause| {
        let selected = cause.stability.as_ref()?.selected.millionths();
        u64::try_from(selected / 100).ok()
    });
    Mined {
        before,
        now,
        is_hindsight: question.at.as_deref() == Some("end"),
        stability: stability.min(),
        findings: MiningFindings {
            outcome: report.input.outcome_name.clone(),
            cases: all.0,
            failures: all.1,
            covered: report.coverage.last().map_or(0, |last| last.failures),
            report: digest,
            causes: report.causes.iter().map(cause_line).collect(),
            cautions: report.cautions.iter().map(|c| c.text.clone()).collect(),
        },
    }
}

fn cause_line(cause: &baton_rootcause::wire::Cause) -> CauseLine {
    let word = |value: Option<Value>| {
        let text = value.as_ref().and_then(Value::as_str).map(str::to_owned);
        text.unwrap_or_default()
    };
    CauseLine {
        id: cause.id.clone(),
        title: cause_title(cause),
        cases: cause.effect.cases,
        failures: cause.effect.failures,
        explains: cause.explains,
        strength: match cause.strength {
            Strength::Associated => "associated",
            Strength::Replicated => "replicated",
            Strength::Adjusted => "adjusted",
        }
        .to_owned(),
        later: word(serde_json::to_value(cause.confirmation).ok()),
        is_modifiable: cause.modifiable,
    }
}

fn charge(cap: Cap, amount: u64) -> Charge {
    Charge { cap, amount }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
