//! Times the search for patterns on tables with planted causes; `benches/mining/search.py` runs it
//! beside peers. Prints one line of JSON per round.
//!
//! `--cases N` sets the size, `--support N` the fewest cases (a five-hundredth of them if absent),
//! `--rounds N` how often, `--seed N` the table, `--permutations N` how many relabelings for the
//! level of Westfall and Young; `--write FILE` writes the table as CSV and ends.

#![expect(
    clippy::print_stdout,
    reason = "a measuring program prints what it measured"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "a measuring program reads the clock and writes the table its peers read"
)]

use std::time::{Duration, Instant};

use baton_benches::cases::{PLANTED, csv, planted};
use baton_eventlog::cases::CaseTable;
use baton_rootcause::encode::{self, Bitmap, Encoded};
use baton_rootcause::search::{self, Found, Labels, Settings, Shuffles, Support};
use baton_rootcause::statistics::LogProbability;
use baton_rootcause::wire::Condition;
use rustix::time::{ClockId, clock_gettime};
use serde_json::json;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let given = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)
    };
    let number = |name: &str| given(name).and_then(|text| text.parse::<u64>().ok());
    let cases = number("--cases").unwrap_or(100_000);
    let table = planted(
        usize::try_from(cases).unwrap_or_default(),
        number("--seed").unwrap_or(1),
    );
    if let Some(file) = given("--write") {
        if let Err(error) = std::fs::write(file, csv(&table)) {
            println!("failed to write `{file}`: {error}");
        }
        return;
    }
    let settings = Settings {
        support: Support {
            cases: number("--support").unwrap_or(cases / 500),
            failures: 1,
        },
        ..Settings::default()
    };
    for _ in 0..number("--rounds").unwrap_or(5) {
        let permutations = number("--permutations").unwrap_or_default();
        println!(
            "{}",
            round(
                &table,
                &settings,
                u32::try_from(permutations).unwrap_or_default()
            )
        );
    }
}

fn round(table: &CaseTable, settings: &Settings, permutations: u32) -> serde_json::Value {
    let (start, start_wall) = (processor_time(), Instant::now());
    let failed = Bitmap::of(table.failed.iter().copied());
    let rows = u64::try_from(table.ids.len()).unwrap_or_default();
    let shape = encode::Settings {
        floor: search::floor(rows, failed.count(), settings),
        bins: encode::BINS_MAX,
    };
    let Ok(encoded) = Encoded::of(table, None, &shape) else {
        return json!({ "error": "not encoded" });
    };
    let encoding = processor_time().saturating_sub(start);
    let labels = Labels {
        failed: &failed,
        among: None,
    };
    let Ok(found) = search::search(&encoded, &labels, settings) else {
        return json!({ "error": "not searched" });
    };
    let all = processor_time().saturating_sub(start);
    let wall = start_wall.elapsed();
    let ranks = ranks(&encoded, &found);
    let start = processor_time();
    let shuffles = Shuffles {
        permutations,
        strata: None,
        key: 1,
    };
    let relabeled = (permutations > 0)
        .then(|| search::westfall_young(&encoded, &labels, (settings, found.level), &shuffles).ok())
        .flatten();
    let shuffling = processor_time().saturating_sub(start);
    json!({
        "cpu": all.as_secs_f64(),
        "cpu_encode": encoding.as_secs_f64(),
        "cpu_permutations": shuffling.as_secs_f64(),
        "wall": wall.as_secs_f64(),
        "failures": found.failures,
        "hypotheses": found.hypotheses,
        "testable": found.testable,
        "patterns": found.patterns.len(),
        "log10_threshold": found.level.log10(),
        "log10_permutations": relabeled.map(LogProbability::log10),
        "ranks": ranks,
    })
}

/// Returns the places of the planted causes among the patterns.
fn ranks(encoded: &Encoded, found: &Found) -> Vec<Option<usize>> {
    PLANTED
        .iter()
        .map(|(conditions, _)| {
            found.patterns.iter().position(|pattern| {
                let said: Vec<Option<Condition>> = pattern
                    .items
                    .iter()
                    .map(|item| encoded.condition(*item))
                    .collect();
                said.len() == conditions.len()
                    && conditions.iter().all(|(feature, value)| {
                        said.contains(&Some(Condition::Is {
                            feature: format!("a{feature:02}"),
                            value: value.to_string(),
                        }))
                    })
            })
        })
        .map(|place| place.map(|place| place + 1))
        .collect()
}

/// Returns the time all threads of this process have spent on processors so far.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or_default();
    Duration::new(seconds, nanoseconds)
}
