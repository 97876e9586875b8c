//! `baton mine`, on the generated log of `examples/requests`.

use std::path::Path;

use super::{Ran, baton_in, repository};

const LOG: &str = "examples/requests/requests.csv";
const MAPPING: &str = "examples/requests/requests.yaml";

fn mine(folder: &Path, more: &[&str]) -> Ran {
    let (log, mapping) = (repository().join(LOG), repository().join(MAPPING));
    let quick = ["--depth", "1", "--resamples", "0", "--at", "event=built"];
    let mut arguments = vec![
        "mine",
        log.to_str().unwrap(),
        "--mapping",
        mapping.to_str().unwrap(),
    ];
    arguments.extend(quick);
    arguments.extend(more);
    baton_in(folder, &arguments)
}

#[test]
fn a_report_is_written_in_every_form_and_findings_are_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("why.html");
    let ran = mine(
        folder.path(),
        &["--format", "json", "--report-html", page.to_str().unwrap()],
    );
    let report = ran.json(0, "mining-report");
    assert_eq!(report["overview"]["failures"], 85);
    assert_eq!(report["input"]["name"], "requests.csv");
    assert!(!report["causes"].as_array().unwrap().is_empty());
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("Reopened after release: 85 of 420 cases"));
    // No person of the log is in any report; the mapping says which column names people.
    assert!(!ran.answer.contains("\"p4\"") && !page.contains(">p4<"));
}

#[test]
fn what_counts_as_failed_is_never_guessed() {
    let folder = tempfile::tempdir().unwrap();
    mine(folder.path(), &["--outcome", "reopend"]).refuses(1, &["E1180", "`reopened`"]);
    mine(folder.path(), &["--outcome", "count.nothing > 0"]).refuses(1, &["error[E"]);
    mine(folder.path(), &["--alpha", "9999"]).refuses(1, &["E1150"]);
    mine(folder.path(), &["--sharpen=10"]).refuses(1, &["E1150", "40 to 10000"]);
    mine(folder.path(), &["--adjust", "assignee"]).refuses(1, &["E1152", "channel"]);
    let asked = mine(
        folder.path(),
        &["--outcome", "handovers > 4", "--format", "markdown"],
    );
    asked.shows(0, &["## handovers"]);
}

#[test]
fn a_recorded_run_gives_the_same_bytes_and_only_on_the_same_log() {
    let folder = tempfile::tempdir().unwrap();
    let baton = |arguments: &[&str]| baton_in(folder.path(), arguments);
    baton(&["keys", "generate", "--name", "ops", "--out", "keys"]).shows(0, &[]);
    let kept = [
        "--format",
        "json",
        "--out",
        "why.json",
        "--key",
        "keys/ops.secret.pem",
    ];
    let mut arguments = kept.to_vec();
    arguments.extend(["--trace", "runs", "--attest", "why.dsse"]);
    arguments.extend(["--adjust", "channel", "--sharpen=50"]);
    mine(folder.path(), &arguments).shows(0, &[]);
    let log = repository().join(LOG);
    let copy = folder.path().join("renamed.csv");
    std::fs::copy(&log, &copy).unwrap();
    baton(&["trace", "replay", "runs", "--log", "renamed.csv"])
        .shows(0, &["IDENTICAL", "report sha256:"]);
    baton(&["trace", "replay", "runs"]).shows(20, &["NOT IDENTICAL", "not at hand: log"]);
    std::fs::write(&copy, "request,at\n").unwrap();
    baton(&["trace", "replay", "runs", "--log", "renamed.csv"]).refuses(1, &["E1181"]);
    let envelope = std::fs::read_to_string(folder.path().join("why.dsse")).unwrap();
    assert!(envelope.contains("\"payloadType\":\"application/vnd.in-toto+json\""));
}

#[test]
fn a_recorded_comparison_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let baton = |arguments: &[&str]| baton_in(folder.path(), arguments);
    baton(&["keys", "generate", "--name", "ops", "--out", "keys"]).shows(0, &[]);
    let (log, mapping) = (repository().join(LOG), repository().join(MAPPING));
    let (log, mapping) = (log.to_str().unwrap(), mapping.to_str().unwrap());
    let kept = ["--key", "keys/ops.secret.pem", "--trace", "runs"];
    let windows = [
        "compare",
        log,
        "--mapping",
        mapping,
        "--before",
        "2025-01-01..2025-06-30",
        "--after",
        "2025-07-01..2025-12-31",
    ];
    baton(&[&windows[..], &kept].concat()).shows(0, &[]);
    let report = ["--format", "json", "--out", "a.json"];
    mine(folder.path(), &[&report[..], &kept].concat()).shows(0, &[]);
    let fewer = ["--causes", "1", "--format", "json", "--out", "b.json"];
    mine(folder.path(), &fewer).shows(0, &[]);
    baton(&[&["compare", "a.json", "b.json"], &kept[..]].concat()).shows(0, &[]);
    baton(&["trace", "replay", "runs", "--log", log])
        .shows(0, &["IDENTICAL", "3 of 3", "comparison sha256:"]);
    baton(&["trace", "replay", "runs"]).shows(20, &["1 of 3", "not at hand: log"]);
    baton(&["compare", "a.json", "b.json", "--trace", "runs"]).refuses(2, &["--key"]);
    baton(&["bundle", "export", "runs", "--out", "runs.json"]).shows(0, &[]);
    let verify = ["bundle", "verify", "runs.json", "--replay", "--log", log];
    // Signed by a key that nobody vouches for; that is all that is wrong.
    baton(&verify).shows(20, &["NOT TRUSTED", "3 of 3 identical"]);
    baton(&verify[..4]).shows(20, &["1 of 3 identical", "not at hand: log"]);
    baton(&["bundle", "verify", "runs.json", "--log", log]).refuses(2, &["--replay"]);
    let other = [&verify[..5], &["a.json"]].concat();
    baton(&other).refuses(1, &["E1181", "no entry names"]);
}

#[test]
fn two_stretches_of_one_log_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    let log = repository().join(LOG);
    let mapping = repository().join(MAPPING);
    let compare = |before: &str, after: &str| {
        let files = [
            log.to_str().unwrap(),
            "--mapping",
            mapping.to_str().unwrap(),
        ];
        let windows = ["--before", before, "--after", after, "--format", "json"];
        let mut arguments = vec!["compare"];
        arguments.extend(files);
        arguments.extend(windows);
        baton_in(folder.path(), &arguments)
    };
    let (first, second) = ("2025-01-01..2025-06-30", "2025-07-01..2025-12-31");
    let found = compare(first, second).json(0, "comparison");
    assert_eq!(found["before"]["cases"], 220);
    assert_eq!(found["after"]["cases"], 200);
    assert_eq!(found["outcome_name"], "Reopened after release");
    compare(second, first).refuses(1, &["overlap"]);
    compare("2025-01-01", second).refuses(2, &["2025-01-01..2025-03-31"]);
    compare("2025-02-30..2025-03-31", second).refuses(2, &["two days"]);
}
