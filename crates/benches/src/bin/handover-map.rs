//! CPU seconds that import, handover map and case table of an event log take:
//! `handover-map LOG MAPPING OUTCOME`, as `name seconds`, a line each. `benches/mining/handover.sh`
//! runs it beside `PM4Py`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a measurement reads the files it is given and prints what it measured"
)]

use std::error::Error;
use std::fs;

use baton_eventlog::cases::{self, Settings};
use baton_eventlog::handover::{Failures, build};
use baton_eventlog::import::{Format, import};
use baton_eventlog::mapping;
use baton_terms::Source;
use rustix::time::{ClockId, clock_gettime};

/// Runs of each step; the least one counts.
const RUNS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, log, mapping, outcome] = arguments.as_slice() else {
        return Err("usage: handover-map LOG MAPPING OUTCOME".into());
    };
    let mapping = Source::new(mapping.clone(), fs::read_to_string(mapping)?);
    let mapping = mapping::read(&mapping)
        .into_mapping()
        .map_err(|problems| format!("{problems:?}"))?;
    let declared = mapping.outcome(outcome).ok_or("no such outcome")?;
    let bytes = fs::read(log)?;
    let read = || import(bytes.as_slice(), Format::Csv, &mapping, &mut |_| ());
    let log = read().map_err(|problems| format!("{problems:?}"))?.log;
    println!("import {:.4}", seconds(|| drop(read())));
    let outcome = cases::Outcome::of(declared);
    println!(
        "outcome {:.4}",
        seconds(|| drop(cases::decide(&log, &outcome)))
    );
    let failed = cases::decide(&log, &outcome).map_err(|problems| format!("{problems:?}"))?;
    let failures = Failures {
        name: &declared.title,
        failed: &failed,
    };
    let map = || build(&log, mapping.people, Some(failures));
    println!("map {:.4}", seconds(|| drop(map())));
    println!("handovers {}", map().totals.handovers);
    for landmark in ["start", "first-handoff", "age=2d"] {
        let at = landmark.parse().map_err(|_| "a landmark is not read")?;
        let settings = Settings::of(&mapping, &log, declared, at);
        let table = cases::build(&log, &settings).map_err(|problems| format!("{problems:?}"))?;
        let taken = seconds(|| drop(cases::build(&log, &settings)));
        let (rows, features) = (table.ids.len(), table.features.len());
        println!("cases-{landmark} {taken:.4} ({rows} rows, {features} features)");
    }
    Ok(())
}

/// Returns the least CPU seconds of a few runs.
fn seconds(mut work: impl FnMut()) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..RUNS {
        let before = cpu();
        work();
        least = least.min(cpu() - before);
    }
    least
}

fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    std::time::Duration::new(
        u64::try_from(time.tv_sec).unwrap_or(0),
        u32::try_from(time.tv_nsec).unwrap_or(0),
    )
    .as_secs_f64()
}
