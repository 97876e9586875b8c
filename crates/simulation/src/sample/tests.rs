//! What a sample promises, on one shipped contract.

use std::collections::BTreeSet;

use baton_contract::document::Document;
use baton_contract::lint::lint;
use baton_contract::model::Clause;
use baton_terms::{Digest, Source};
use serde_json::Value;

use super::files::{HANDOFF, Sample, Seed, Shipped, ShippedError, make};
use super::packages::Defect;

fn shipped() -> Shipped {
    let contract = [
        (
            "contract.yaml",
            include_str!("../../../../contracts/incident-to-owning-team/contract.yaml"),
        ),
        (
            "outputs.schema.json",
            include_str!("../../../../contracts/incident-to-owning-team/outputs.schema.json"),
        ),
        (
            "package.schema.json",
            include_str!("../../../../contracts/incident-to-owning-team/package.schema.json"),
        ),
    ];
    let complete =
        include_bytes!("../../../../contracts/incident-to-owning-team/examples/complete.json");
    Shipped {
        name: "incident-to-owning-team".to_owned(),
        contract: contract
            .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
            .to_vec(),
        complete: complete.to_vec(),
        artifacts: vec![("artifacts/signals.txt".to_owned(), b"up".to_vec())],
    }
}

fn sample(seed: u64) -> Sample {
    make(Seed(seed), &[shipped()], b"{}").unwrap()
}

fn content<'a>(sample: &'a Sample, path: &str) -> &'a [u8] {
    let file = sample.files.iter().find(|file| file.path == path);
    &file.unwrap_or_else(|| panic!("no `{path}`")).bytes
}

fn json(sample: &Sample, path: &str) -> Value {
    serde_json::from_slice(content(sample, path)).unwrap()
}

// spec: SAMPLE-1
#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    assert_eq!(sample(1), sample(1));
    let digests: BTreeSet<Digest> = (0..6).map(|seed| sample(seed).digest()).collect();
    assert_eq!(digests.len(), 6);
    assert_ne!(
        content(&sample(1), "events.csv"),
        content(&sample(2), "events.csv")
    );
}

// spec: SAMPLE-2
#[test]
fn everything_says_that_it_is_made_up() {
    let sample = sample(3);
    for path in ["organization.json", "planted.json"] {
        assert_eq!(json(&sample, path)["made_up"], true, "{path}");
    }
    let page = String::from_utf8(content(&sample, "README.md").to_vec()).unwrap();
    assert!(page.starts_with("# A made-up organization\n\n`baton sample --seed 3`"));
    let log = String::from_utf8(content(&sample, "events.csv").to_vec()).unwrap();
    assert!(log.lines().skip(1).all(|row| row.starts_with("MADE-UP-")));
    for package in &sample.packages {
        let item = json(&sample, &package.path)["work_item"].to_string();
        assert!(item.starts_with("\"MADE-UP-"), "{item}");
    }
}

// spec: SAMPLE-3
#[test]
fn a_bad_package_differs_from_a_good_one_in_its_defect_alone() {
    for seed in 0..8 {
        let sample = sample(seed);
        let [good, evidence, field] = &sample.packages[..] else {
            panic!("three packages");
        };
        assert_eq!(good.defect, None);
        let complete = json(&sample, &good.path);
        let bad = json(&sample, &field.path);
        let Some(Defect::FieldLeftOut(name)) = &field.defect else {
            panic!("a field is left out");
        };
        let mut mended = bad.clone();
        mended["payload"][name] = complete["payload"][name].clone();
        assert_eq!(mended["payload"], complete["payload"], "{seed}");
        assert_ne!(bad["payload"], complete["payload"], "{seed}");
        assert_eq!(bad["evidence"], complete["evidence"], "{seed}");
        let bad = json(&sample, &evidence.path);
        assert_eq!(bad["payload"], complete["payload"], "{seed}");
        assert_ne!(bad["evidence"], complete["evidence"], "{seed}");
    }
}

// spec: SAMPLE-2
#[test]
fn teams_are_those_of_the_contracts_and_no_group_is_small() {
    let organization = json(&sample(1), "organization.json");
    let teams = organization["teams"].as_array().unwrap();
    let names: Vec<&str> = teams
        .iter()
        .map(|team| team["id"].as_str().unwrap())
        .collect();
    let expected = [
        "accounts",
        "on-call",
        "payments",
        "reliability",
        "search",
        "support-late",
    ];
    assert_eq!(names, expected);
    let mut people = BTreeSet::new();
    for team in teams {
        let own = team["people"].as_array().unwrap();
        assert!(own.len() >= 7);
        for person in own {
            assert!(people.insert(person.to_string()), "{person} twice");
        }
    }
}

#[test]
fn paths_are_relative_sorted_and_each_there_once() {
    let sample = sample(1);
    let paths: Vec<&str> = sample.files.iter().map(|file| file.path.as_str()).collect();
    assert!(paths.windows(2).all(|pair| pair[0] < pair[1]), "{paths:?}");
    assert!(
        paths
            .iter()
            .all(|path| !path.starts_with('/') && !path.contains(".."))
    );
}

#[test]
fn a_contract_that_cannot_be_reused_is_named() {
    let refused =
        |shipped: Shipped| -> ShippedError { make(Seed(1), &[shipped], b"{}").unwrap_err() };
    let mut without = shipped();
    without.contract.remove(0);
    let mut broken = shipped();
    broken.contract[0].1 = b"baton: nothing".to_vec();
    let mut text = shipped();
    text.contract[0].1 = vec![0xff];
    let mut example = shipped();
    example.complete = b"[]".to_vec();
    for (shipped, reason) in [
        (without, "it has no contract.yaml"),
        (broken, "cannot be read"),
        (text, "not UTF-8"),
        (example, "not an object"),
    ] {
        let error = refused(shipped).to_string();
        assert!(error.contains("incident-to-owning-team"), "{error}");
        assert!(error.contains(reason), "{error}");
    }
}

// spec: SAMPLE-6
#[test]
fn the_contract_of_its_handoffs_is_sound_and_does_not_ask_for_criteria_yet() {
    let sample = sample(1);
    let at = |path: &str| format!("{HANDOFF}/{path}");
    let text = |path: &str| String::from_utf8(content(&sample, &at(path)).to_vec()).unwrap();
    let schema = Source::new("package.schema.json", text("package.schema.json"));
    let document = Document {
        main: Source::new("contract.yaml", text("contract.yaml")),
        files: [("package.schema.json".to_owned(), schema)].into(),
    };
    let linted = lint(&document);
    assert!(linted.is_accepted(), "{:?}", linted.diagnostics);
    let contract = linted.reading.contract().unwrap();
    let asks = |clause: &Clause| format!("{:?}", clause.check).contains("criteria");
    assert!(!contract.clauses.iter().any(asks));
}
