//! Facts about the incident log of the shared data, measured apart from Baton; skipped, saying so,
//! where that data is absent.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests read the files they are about and stop at the first surprise"
)]

use std::path::{Path, PathBuf};

use baton_eventlog::blameless::People;
use baton_eventlog::cases::{self, CaseTable, Settings, Values, Why};
use baton_eventlog::handover::{self, Count, Failures};
use baton_eventlog::import::{Format, import};
use baton_eventlog::mapping::{self, Mapping};
use baton_eventlog::model::Log;
use baton_terms::Source;

fn data(name: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("BATON_SHARED_DATA").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let file = folder.unwrap_or(beside).join(name);
    if !file.is_file() {
        eprintln!("skipped: {} is absent", file.display());
        return None;
    }
    Some(file)
}

fn incidents() -> Option<(Mapping, Log)> {
    let file = std::fs::File::open(data("incident_event_log.csv.gz")?).unwrap();
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/mappings");
    let text = std::fs::read_to_string(beside.join("incidents.yaml")).unwrap();
    let mapping = mapping::read(&Source::new("incidents.yaml", &text));
    let mapping = mapping.into_mapping().unwrap();
    let imported = import(file, Format::Csv, &mapping, &mut |_| ()).unwrap();
    Some((mapping, imported.log))
}

fn table(mapping: &Mapping, log: &Log, landmark: &str) -> CaseTable {
    let outcome = mapping.outcome("sla-missed").unwrap();
    let settings = Settings::of(mapping, log, outcome, landmark.parse().unwrap());
    cases::build(log, &settings).unwrap()
}

/// Returns the failure rate with a feature against that without it, in hundredths.
fn risk_ratio(table: &CaseTable, name: &str) -> u64 {
    let feature = table.features.iter().find(|feature| &*feature.name == name);
    let Values::Flag(flags) = &feature.unwrap().values else {
        unreachable!("{name} is a flag")
    };
    let (mut with, mut without) = (Count::default(), Count::default());
    for (&flag, &failed) in flags.iter().zip(&table.failed) {
        let count = if flag { &mut with } else { &mut without };
        count.cases += 1;
        count.failures += u64::from(failed);
    }
    (with.failures * without.cases * 100 + with.cases * without.failures / 2)
        / (with.cases * without.failures)
}

// One import serves all facts: it is the slow part in a debug build.
#[test]
fn the_incident_log_has_the_facts_measured_elsewhere() {
    let Some((mapping, log)) = incidents() else {
        return;
    };
    assert_eq!((log.cases(), log.events()), (24_918, 141_712));
    the_map(&mapping, &log);
    leakage(&mapping, &log);
    immortal_time(&mapping, &log);
}

fn the_map(mapping: &Mapping, log: &Log) {
    let outcome = cases::Outcome::of(mapping.outcome("sla-missed").unwrap());
    let failed = cases::decide(log, &outcome).unwrap();
    let failures = Failures {
        name: "SLA missed",
        failed: &failed,
    };
    let map = handover::build(log, People::Counted, Some(failures));
    let count = |cases, failures| Count { cases, failures };
    let outcome = map.outcome.unwrap();
    assert_eq!(outcome.all, count(24_918, 9_115));
    assert_eq!(map.totals.handovers, 17_915);
    assert_eq!(map.totals.handed_over_cases, 9_224);
    // 8.9% of cases, and no person at 40% of handovers.
    assert_eq!(map.totals.ping_pong_cases, 2_217);
    assert_eq!(map.totals.without_person, Some(7_162));
    // 63.4% against 47.1%.
    let split = outcome.without_person.unwrap();
    assert_eq!(split.with, count(3_520, 2_231));
    assert_eq!(split.without, count(5_704, 2_685));
    let of_edges: u64 = map.edges.iter().map(|edge| edge.handovers).sum();
    assert_eq!(of_edges, 17_915);
}

fn leakage(mapping: &Mapping, log: &Log) {
    let table = table(mapping, log, "first-handoff");
    for (name, expected) in [
        ("closed_at", Why::KnownLater),
        ("resolved_at", Why::KnownLater),
        ("closed_code", Why::KnownLater),
        ("resolved_by", Why::Person),
        ("made_sla", Why::InOutcome),
        ("person", Why::Person),
    ] {
        let found = table.excluded.iter().find(|column| &*column.name == name);
        assert_eq!(found.map(|column| &column.why), Some(&expected), "{name}");
    }
    let left_out: u64 = table.left_out.iter().map(|(_, cases)| cases).sum();
    assert_eq!(table.ids.len() + usize::try_from(left_out).unwrap(), 24_918);
    let names = table.features.iter().map(|feature| &*feature.name);
    assert!(names.filter(|name| name.starts_with("handover: ")).count() > 10);
}

/// Whole cases make ping-pong look twice as bad as it is, for a late case had more time for it; and so do
/// cases that were resolved within the day, for they had none.
fn immortal_time(mapping: &Mapping, log: &Log) {
    assert_eq!(risk_ratio(&table(mapping, log, "end"), "ping-pong"), 209);
    assert_eq!(risk_ratio(&table(mapping, log, "age=1d"), "ping-pong"), 90);
    let never_closed = Mapping {
        closing: Vec::new(),
        ..mapping.clone()
    };
    let table = table(&never_closed, log, "age=1d");
    assert_eq!(risk_ratio(&table, "ping-pong"), 137);
}
