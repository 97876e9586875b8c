//! The importer against facts that were measured on real logs by other means. The logs are not part
//! of the repository: where they are absent each test says so and passes.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test reads its files, stops at the first surprise and says why it is skipped"
)]

use std::path::PathBuf;

use baton_eventlog::import::{Format, Imported, import, join_cases};
use baton_eventlog::mapping::{self, Mapping};
use baton_eventlog::model::Log;
use baton_terms::Source;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the bytes of a file of the shared data, or says why a test is skipped.
fn data(name: &str) -> Option<Vec<u8>> {
    let folder = std::env::var("BATON_SHARED_DATA")
        .map_or_else(|_| root().join("../shared/data"), PathBuf::from);
    match std::fs::read(folder.join(name)) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            println!("skipped: {name}: {error}");
            None
        }
    }
}

fn example(name: &str) -> Mapping {
    let path = root().join("examples/mappings").join(name);
    let text = std::fs::read_to_string(path).unwrap();
    mapping::read(&Source::new(name, text))
        .into_mapping()
        .unwrap()
}

fn events(bytes: &[u8], mapping: &Mapping) -> Imported {
    import(bytes, Format::Csv, mapping, &mut |_| ()).unwrap()
}

fn cases(imported: Imported, bytes: &[u8], mapping: &Mapping) -> Imported {
    join_cases(imported, (bytes, Format::Csv), mapping, &mut |_| ()).unwrap()
}

/// Returns how many cases fit.
fn count(log: &Log, fits: impl Fn(usize) -> bool) -> usize {
    (0..log.cases()).filter(|&case| fits(case)).count()
}

/// Returns the value of the last event of a case in a column.
fn last(log: &Log, case: usize, column: &str) -> Option<i64> {
    let event = log.events_of(case).last().unwrap();
    log.column(column).unwrap().number(event)
}

/// Returns the value of a case in a column of the table of cases.
fn of_case(log: &Log, case: usize, column: &str) -> Option<i64> {
    log.case_column(column).unwrap().number(case)
}

/// Returns the first events of two in a row that name two different teams.
fn handovers(log: &Log, case: usize) -> Vec<usize> {
    let party = log.party();
    let is_handover = |event: usize| {
        let (from, to) = (party.code(event - 1), party.code(event));
        from.is_some() && to.is_some() && from != to
    };
    log.events_of(case)
        .skip(1)
        .filter(|&event| is_handover(event))
        .collect()
}

#[test]
fn incidents() {
    let Some(bytes) = data("incident_event_log.csv.gz") else {
        return;
    };
    let Imported { log, report } = events(&bytes, &example("incidents.yaml"));
    assert_eq!((log.cases(), log.events()), (24_918, 141_712));
    assert_eq!((report.rows_refused(), report.columns.len()), (0, 33));
    assert_eq!(report.files[0].compression, "gzip");
    assert_eq!(log.party().dictionary.len(), 78);
    assert_eq!(log.person().dictionary.len(), 234);
    let is_late = |case| last(&log, case, "made_sla") == Some(0);
    assert_eq!(count(&log, is_late), 9_115);
    assert_eq!(
        count(&log, |case| last(&log, case, "reopen_count") > Some(0)),
        275
    );
    let reassigned = |case| {
        let count = log.column("reassignment_count").unwrap();
        log.events_of(case)
            .filter_map(|event| count.number(event))
            .max()
            >= Some(3)
    };
    assert_eq!(count(&log, reassigned), 2_848);
    let states = log.activity();
    let odd = (0..log.events()).filter(|&event| states.text(event) == Some("-100"));
    assert_eq!(odd.count(), 5);
    let handovers: Vec<_> = (0..log.cases()).map(|case| handovers(&log, case)).collect();
    assert_eq!(handovers.iter().map(Vec::len).sum::<usize>(), 17_915);
    let returns = |case| {
        let teams = log
            .events_of(case)
            .filter_map(|event| log.party().code(event));
        let mut teams: Vec<_> = teams.collect();
        teams.dedup();
        teams.windows(3).any(|three| three[0] == three[2])
    };
    assert_eq!(count(&log, returns), 2_217);
    let has_gap = |case: &Vec<usize>| case.iter().any(|&event| log.person().code(event).is_none());
    let late = |fits: &dyn Fn(&Vec<usize>) -> bool| {
        let fitting =
            (0..log.cases()).filter(|&case| !handovers[case].is_empty() && fits(&handovers[case]));
        let fitting: Vec<_> = fitting.collect();
        (
            fitting.len(),
            fitting.iter().filter(|&&case| is_late(case)).count(),
        )
    };
    let (with_gap, with_gap_late) = late(&has_gap);
    let (without_gap, without_gap_late) = late(&|case| !has_gap(case));
    assert_eq!((with_gap, without_gap), (3_520, 5_704));
    let per_mille = |part: usize, whole: usize| (part * 1000 + whole / 2) / whole;
    assert_eq!(per_mille(with_gap_late, with_gap), 634);
    assert_eq!(per_mille(without_gap_late, without_gap), 471);
}

#[test]
fn proposals() {
    let (Some(table), Some(of_cases)) = (data("kep_events.csv"), data("kep_cases.csv")) else {
        return;
    };
    let mapping = example("proposals.yaml");
    let Imported { log, report } = cases(events(&table, &mapping), &of_cases, &mapping);
    assert_eq!((log.cases(), log.events()), (660, 5_340));
    assert_eq!(
        (
            report.files[1].rows,
            report.files[1].taken,
            report.rows_refused()
        ),
        (658, 658, 0)
    );
    let without_row = report
        .warnings
        .iter()
        .find(|warning| warning.code == "E1025")
        .unwrap();
    assert_eq!(without_row.count, 2);
    let slipped = |case| of_case(&log, case, "slipped") == Some(1);
    assert_eq!(count(&log, slipped), 209);
    let changed = |case| of_case(&log, case, "n_approver_changes") > Some(0);
    assert_eq!(count(&log, changed), 109);
    assert_eq!(count(&log, |case| changed(case) && slipped(case)), 67);
    let text = |case, column: &str| log.case_column(column).unwrap().text(case).is_some();
    let is_staged = |case| {
        let stage = log.case_column("stage").unwrap().text(case);
        matches!(stage, Some("alpha" | "beta" | "stable"))
    };
    assert_eq!(count(&log, is_staged), 597);
    let has_review = |case| {
        ["prr_alpha", "prr_beta", "prr_stable"]
            .iter()
            .any(|column| text(case, column))
    };
    assert_eq!(
        count(&log, |case| is_staged(case) && !has_review(case)),
        157
    );
}

#[test]
fn pull_requests() {
    let files = (
        data("pull_request_events.csv"),
        data("pull_request_cases.csv"),
    );
    let (Some(table), Some(of_cases)) = files else {
        return;
    };
    let mapping = example("pull-requests.yaml");
    let Imported { log, report } = cases(events(&table, &mapping), &of_cases, &mapping);
    // One pull request was merged twice under one number.
    assert_eq!(
        (log.cases(), report.files[1].rows, report.rows_refused()),
        (8_299, 8_300, 1)
    );
    assert_eq!(report.refused[0].code, "E1027");
    assert_eq!(
        count(&log, |case| of_case(&log, case, "reverted") == Some(1)),
        59
    );
    assert_eq!(
        count(&log, |case| of_case(&log, case, "self_review") == Some(1)),
        1_592
    );
    assert!(
        report
            .warnings
            .iter()
            .all(|warning| warning.code != "E1025")
    );
}
