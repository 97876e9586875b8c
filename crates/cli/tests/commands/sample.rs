//! `baton sample`, and the main jobs on what it makes.

use std::path::Path;

use serde_json::Value;

use super::{Ran, baton_in};

fn sample(folder: &Path, seed: &str) -> Ran {
    baton_in(folder, &["sample", "--seed", seed, "acme"])
}

fn planted(folder: &Path) -> Value {
    let text = std::fs::read_to_string(folder.join("acme/planted.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Digest of the event log of seed 1. The log follows from the seed and the teams of the shipped
/// contracts; when it changes without either, samples are no longer the same everywhere.
const EVENTS: &str = "sha256:47db6aa4862e6f427ae0231d25ce0d4bb7c903c3843b3cf2c31c93565d724640";

// spec: SAMPLE-1
#[test]
fn the_same_seed_gives_the_same_bytes_on_every_machine() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let made = sample(one.path(), "1");
    made.shows(
        0,
        &[
            "9 packages that are ready and 18 that are not",
            "Nothing in it is real",
        ],
    );
    assert_eq!(made.answer, sample(two.path(), "1").answer);
    let events = baton_in(one.path(), &["digest", "acme/events.csv"]);
    events.shows(0, &[EVENTS]);
}

// spec: SAMPLE-4
#[test]
fn nothing_that_is_there_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let theirs = folder.path().join("acme/events.yaml");
    std::fs::create_dir_all(theirs.parent().unwrap()).unwrap();
    std::fs::write(&theirs, "mine").unwrap();
    sample(folder.path(), "1").refuses(1, &["error[E0905]", "acme/events.yaml"]);
    assert_eq!(std::fs::read_to_string(&theirs).unwrap(), "mine");
    let found: Vec<_> = std::fs::read_dir(folder.path().join("acme"))
        .unwrap()
        .collect();
    assert_eq!(found.len(), 1, "nothing else is written either");
    std::fs::remove_file(&theirs).unwrap();
    sample(folder.path(), "1").shows(0, &[]);
    sample(folder.path(), "1").refuses(1, &["error[E0905]"]);
}

// spec: SAMPLE-3
#[test]
fn a_check_finds_what_is_wrong_with_each_package_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    sample(folder.path(), "1").shows(0, &[]);
    let planted = planted(folder.path());
    let as_of = planted["as_of"].as_str().unwrap();
    let packages = planted["packages"].as_array().unwrap();
    assert_eq!(packages.len(), 27);
    for package in packages {
        let path = |field: &str| format!("acme/{}", package[field].as_str().unwrap());
        let ran = baton_in(
            folder.path(),
            &[
                "check",
                "--contract",
                &path("contract"),
                "--package",
                &path("path"),
                "--keyring",
                "acme/keyring.json",
                "--as-of",
                as_of,
            ],
        );
        let is_ready = ran.answer.starts_with("READY");
        assert_eq!(
            is_ready,
            package["defect"].is_null(),
            "{package}: {}",
            ran.answer
        );
    }
}

// spec: SAMPLE-5
#[test]
fn mining_finds_the_planted_causes_and_no_other() {
    for seed in ["1", "2"] {
        let folder = tempfile::tempdir().unwrap();
        sample(folder.path(), seed).shows(0, &[]);
        let log = ["acme/events.csv", "--mapping", "acme/events.yaml"];
        let imported = baton_in(folder.path(), &[&["import"], &log[..]].concat());
        imported.shows(0, &["in 1,000 cases"]);
        let mined = baton_in(
            folder.path(),
            &[&["mine"], &log[..], &["--resamples", "0"]].concat(),
        );
        mined.shows(0, &["Reopened after release"]);
        let is_listed = |line: &&str| {
            let text = line.strip_prefix("  ").unwrap_or_default();
            text.starts_with(|first: char| first.is_ascii_digit()) && text.contains(". ")
        };
        let mut found: Vec<&str> = mined.answer.lines().filter(is_listed).collect();
        for line in &mut found {
            *line = line.split_once(". ").unwrap().1;
        }
        let planted = planted(folder.path());
        let causes = planted["causes"].as_array().unwrap();
        let mut expected: Vec<&str> = causes.iter().map(|cause| cause.as_str().unwrap()).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "seed {seed}");
    }
}

// spec: SAMPLE-6
#[test]
fn the_contract_of_its_handoffs_passes_its_tests_and_has_a_clause_to_gain() {
    let folder = tempfile::tempdir().unwrap();
    sample(folder.path(), "1").shows(0, &[]);
    let contract = "acme/handoffs/request-to-engineering";
    baton_in(folder.path(), &["test", contract]).shows(0, &["PASSED"]);
    let log = ["acme/events.csv", "--mapping", "acme/events.yaml"];
    let quick = ["--depth", "2", "--resamples", "0", "--format", "json"];
    let out = ["--out", "acme/why.json"];
    baton_in(folder.path(), &[&["mine"], &log[..], &quick, &out].concat()).shows(0, &[]);
    let fields = format!("{contract}/fields.yaml");
    let arguments = ["propose", "acme/why.json", "--contract", contract];
    let proposed = baton_in(
        folder.path(),
        &[&arguments[..], &["--fields", &fields]].concat(),
    );
    proposed.shows(0, &["2 clauses proposed", "has(package.criteria)"]);
}
