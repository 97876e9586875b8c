//! Whether mined causes can be trusted: `honesty` shuffles the outcomes of three real logs and counts
//! the runs that report any cause, `accuracy FOLDER` mines tables with planted truth and writes them
//! for the peers of `benches/mining/accuracy.py`, `causes` lists what the real logs give.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measuring program reads its files and prints what it measured"
)]

use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use baton_benches::planted::{Force, Planted, Shape, planted};
use baton_eventlog::cases::{self, CaseTable, Unit, Values};
use baton_eventlog::import::{Format, import, join_cases};
use baton_eventlog::mapping;
use baton_eventlog::model::MISSING;
use baton_rootcause::mine::{RawSettings, Settings, mine};
use baton_rootcause::statistics::{Confidence, clopper_pearson, shuffle_within};
use baton_terms::Source;
use rayon::prelude::*;

type Failure = Box<dyn std::error::Error>;

/// Shuffles per log, unless told otherwise.
const SHUFFLES: u32 = 400;
/// Key of the shuffles.
const KEY: u64 = 20_261_120;
/// Seeds of the tables of each thing planted at each strength.
const SEEDS: RangeInclusive<u64> = 1..=4;
/// Cases of a planted table.
const PLANTED_CASES: usize = 20_000;

/// One real log: its files, mapping, outcome and landmark.
struct Log {
    name: &'static str,
    events: &'static str,
    cases: Option<&'static str>,
    outcome: &'static str,
    /// Landmarks: the start, and one by which most handovers and edits have happened.
    landmarks: [&'static str; 2],
}

const LOGS: [Log; 3] = [
    Log {
        name: "incidents",
        events: "incident_event_log.csv.gz",
        cases: None,
        outcome: "sla-missed",
        landmarks: ["start", "age=1d"],
    },
    Log {
        name: "proposals",
        events: "kep_events.csv",
        cases: Some("kep_cases.csv"),
        outcome: "slipped",
        landmarks: ["start", "age=90d"],
    },
    Log {
        name: "pull-requests",
        events: "pull_request_events.csv",
        cases: Some("pull_request_cases.csv"),
        outcome: "reverted",
        landmarks: ["start", "age=1d"],
    },
];

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let number = words.get(1).and_then(|word| word.parse().ok());
    match words.first().map(String::as_str) {
        Some("honesty") => honesty(
            number.unwrap_or(SHUFFLES),
            words.get(2..).unwrap_or_default(),
        ),
        Some("causes") => causes(),
        Some("accuracy") => {
            let seed = |at: usize| words.get(at).and_then(|word| word.parse().ok());
            let first = seed(2).unwrap_or(*SEEDS.start());
            accuracy(
                Path::new(words.get(1).map_or("target/accuracy", String::as_str)),
                first..=seed(3).unwrap_or(*SEEDS.end()),
            )
        }
        _ => Err("expected `honesty [SHUFFLES [LOG, LANDMARK, all or same-time]...]`, `accuracy [FOLDER [FIRST-SEED LAST-SEED]]` or `causes`".into()),
    }
}

/// The case tables of a log, one for each landmark; the log is read once.
fn tables(log: &Log) -> Result<Vec<(&'static str, CaseTable)>, Failure> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("BATON_SHARED_DATA")
        .map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let place = root
        .join("examples/mappings")
        .join(format!("{}.yaml", log.name));
    let text = std::fs::read_to_string(place)?;
    let mapping = mapping::read(&Source::new(log.name, text))
        .into_mapping()
        .map_err(told)?;
    let file = std::fs::File::open(folder.join(log.events))?;
    let mut imported = import(file, Format::Csv, &mapping, &mut |_| ()).map_err(told)?;
    if let Some(name) = log.cases {
        let file = std::fs::File::open(folder.join(name))?;
        imported =
            join_cases(imported, (file, Format::Csv), &mapping, &mut |_| ()).map_err(told)?;
    }
    let outcome = mapping
        .outcome(log.outcome)
        .ok_or("the mapping has no such outcome")?;
    let built = log.landmarks.into_iter().map(|name| {
        let landmark = name.parse().map_err(|_| "not a landmark")?;
        let settings = cases::Settings::of(&mapping, &imported.log, outcome, landmark);
        Ok((name, cases::build(&imported.log, &settings).map_err(told)?))
    });
    built.collect()
}

/// Problems as one failure of this program.
fn told(problems: impl std::fmt::Debug) -> Failure {
    format!("{problems:?}").into()
}

fn settings(resamples: u32) -> Result<Settings, Failure> {
    let raw = RawSettings {
        resamples,
        ..RawSettings::default()
    };
    Settings::check(raw).map_err(told)
}

/// Among which cases outcomes are exchanged.
#[derive(Debug, Clone, Copy)]
enum Among {
    /// All: nothing causes anything, and nothing changes over time.
    All,
    /// Those of one of [`BLOCKS`] blocks of time: the failure rate changes as it does in truth, and
    /// nothing else causes anything.
    SameTime,
}

/// Blocks of time for [`Among::SameTime`], finer than those the miner compares within.
const BLOCKS: usize = 24;

impl Among {
    fn name(self) -> &'static str {
        match self {
            Self::All => "all cases",
            Self::SameTime => "cases of the same time",
        }
    }

    /// How it is asked for.
    fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::SameTime => "same-time",
        }
    }

    fn strata(self, table: &CaseTable) -> Vec<u32> {
        let mut sorted = table.start.clone();
        sorted.sort_unstable();
        let stratum = |start: &i64| match self {
            Self::All => 0,
            Self::SameTime => {
                let before = sorted.partition_point(|other| other < start);
                u32::try_from(before * BLOCKS / sorted.len().max(1)).unwrap_or_default()
            }
        };
        table.start.iter().map(stratum).collect()
    }
}

/// Prints a line for each log, landmark and kind of exchange that `only` does not leave out: it names
/// some of any of the three, and none of one means all of it.
fn honesty(shuffles: u32, only: &[String]) -> Result<(), Failure> {
    let wanted = |names: &[&str], name: &str| {
        let mut named = only.iter().filter(|word| names.contains(&word.as_str()));
        let first = named.next();
        first.is_none_or(|first| first == name) || named.any(|word| word == name)
    };
    let logs = LOGS.map(|log| log.name);
    let landmarks = LOGS.map(|log| log.landmarks).concat();
    let kinds = [Among::All, Among::SameTime];
    println!(
        "| log | looked at up to | cases | failures | features | hypotheses | exchanged among | runs | with any cause | share | 95% interval | at most 5% plus its error |"
    );
    println!("|---|---|---:|---:|---:|---:|---|---:|---:|---:|---|---|");
    for log in LOGS.iter().filter(|log| wanted(&logs, log.name)) {
        let read = tables(log)?.into_iter();
        for (landmark, table) in read.filter(|(landmark, _)| wanted(&landmarks, landmark)) {
            let words = kinds.map(Among::word);
            for among in kinds
                .into_iter()
                .filter(|among| wanted(&words, among.word()))
            {
                let answers = answers(&table, among, shuffles)?;
                println!(
                    "| {} | `{landmark}` | {} | {} | {} | {} | {} | {} |",
                    log.name,
                    table.ids.len(),
                    table.failed.iter().filter(|failed| **failed).count(),
                    table.features.len(),
                    answers.iter().map(|one| one.1).max().unwrap_or_default(),
                    among.name(),
                    counted(&answers)?,
                );
            }
        }
    }
    Ok(())
}

/// Mines the table with its outcomes exchanged, each time as a user would: whether any cause is
/// reported, and how many hypotheses were searched.
fn answers(table: &CaseTable, among: Among, shuffles: u32) -> Result<Vec<(bool, u64)>, Failure> {
    let settings = settings(0)?;
    let strata = among.strata(table);
    let answer = |shuffle| {
        let mut chance = table.clone();
        shuffle_within(&mut chance.failed, &strata, (KEY, shuffle));
        let mined = mine(&chance, &settings, &mut |_| ());
        (!mined.causes.is_empty(), mined.search.hypotheses)
    };
    Ok((0..shuffles).into_par_iter().map(answer).collect())
}

/// The cells of a line that say how many runs report a cause.
fn counted(answers: &[(bool, u64)]) -> Result<String, Failure> {
    let runs = u64::try_from(answers.len())?;
    let reporting = u64::try_from(answers.iter().filter(|(any, _)| *any).count())?;
    let interval = clopper_pearson(runs, reporting, Confidence::P95).unwrap_or_default();
    let percent = |share: Option<f64>| share.unwrap_or_default() * 100.0;
    let honest = interval.low.unwrap_or_default() <= 0.05;
    Ok(format!(
        "{runs} | {reporting} | {:.1}% | {:.1}% to {:.1}% | {}",
        percent(interval.value),
        percent(interval.low),
        percent(interval.high),
        if honest { "yes" } else { "no" },
    ))
}

fn causes() -> Result<(), Failure> {
    let settings = settings(20)?;
    let mut all = Vec::new();
    for log in &LOGS {
        all.extend(tables(log)?.into_iter().map(|table| (log.name, table)));
    }
    for (name, (landmark, table)) in all {
        let mined = mine(&table, &settings, &mut |_| ());
        println!(
            "{name} {landmark}: {}",
            serde_json::to_string(&mined.search)?
        );
        for cause in &mined.causes {
            println!("  {}", serde_json::to_string(&cause.conditions)?);
            println!(
                "    {}",
                serde_json::to_string(&(
                    &cause.effect,
                    cause.strength,
                    cause.confirmation,
                    cause.explains,
                    &cause.stability
                ))?
            );
            println!(
                "    {}",
                serde_json::to_string(&(&cause.aliases, &cause.near_aliases))?
            );
            if let Some(adjustment) = &cause.adjustment {
                println!(
                    "    {:?} {} simpson {} confounded {} heterogeneous {}",
                    adjustment.drivers,
                    serde_json::to_string(&adjustment.risk_ratio)?,
                    adjustment.simpson,
                    adjustment.confounded,
                    adjustment.heterogeneous
                );
            }
        }
        for caution in &mined.cautions {
            println!("  {}: {}", caution.kind, caution.text);
        }
    }
    Ok(())
}

fn accuracy(folder: &Path, seeds: RangeInclusive<u64>) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    let settings = settings(0)?;
    let mut index = Vec::new();
    for shape in Shape::ALL {
        for force in Force::ALL {
            for seed in seeds.clone() {
                let Planted { table, truth } = planted(seed, PLANTED_CASES, shape, force);
                let mined = mine(&table, &settings, &mut |_| ());
                let file = format!("{}.csv", index.len());
                std::fs::write(folder.join(&file), csv(&table)?)?;
                let suspects = mined.suspects.iter().map(|one| &one.conditions);
                let suspects: Vec<_> = suspects.collect();
                let found: Vec<_> = mined.causes.iter().map(|cause| &cause.conditions).collect();
                index.push(serde_json::json!({
                    "file": file, "shape": shape.name(), "force": force.name(), "seed": seed,
                    "truth": truth, "baton": found, "suspects": suspects,
                }));
            }
        }
    }
    std::fs::write(folder.join("index.json"), serde_json::to_vec(&index)?)?;
    println!("{} tables in {}", index.len(), folder.display());
    Ok(())
}

fn csv(table: &CaseTable) -> Result<String, Failure> {
    let mut text = String::from("failed");
    for feature in &table.features {
        write!(text, ",{}", feature.name)?;
    }
    text.push('\n');
    for (row, failed) in table.failed.iter().enumerate() {
        write!(text, "{}", u8::from(*failed))?;
        for feature in &table.features {
            match &feature.values {
                Values::Category { codes, dictionary } => {
                    let code = codes.get(row).copied().unwrap_or(MISSING);
                    write!(text, ",{}", dictionary.text(code).unwrap_or_default())?;
                }
                Values::Number { values, unit } => {
                    // Planted tables hold whole numbers.
                    debug_assert!(!matches!(unit, Unit::Decimal(_)));
                    let value = values.get(row).copied().flatten();
                    write!(
                        text,
                        ",{}",
                        value.map_or(String::new(), |value| value.to_string())
                    )?;
                }
                Values::Flag(flags) => {
                    let flag = flags.get(row).copied().unwrap_or_default();
                    write!(text, ",{}", if flag { "present" } else { "absent" })?;
                }
            }
        }
        text.push('\n');
    }
    Ok(text)
}
