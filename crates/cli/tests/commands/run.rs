//! `baton run`: missions from the command line, killed at every write and run again.

use std::path::Path;
use std::process::{Command, Stdio};

use baton_engine::port::{Ledger as _, Page};
use baton_store::SqliteStore;

use super::{baton, baton_in, repository};

/// A folder with the made-up organization, and the arguments of the mission on it.
pub(super) fn sample() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sample");
    baton(&["sample", "--seed", "1", path.to_str().unwrap()]).shows(0, &["Made up"]);
    folder
}

fn arguments(folder: &Path, out: &str) -> Vec<String> {
    let mission = repository().join("examples/sample-causes.mission.yaml");
    let at = |name: &str| folder.join("sample").join(name).display().to_string();
    vec![
        "run".to_owned(),
        mission.display().to_string(),
        format!("--input=log={}", at("events.csv")),
        format!("--input=mapping={}", at("events.yaml")),
        format!("--out={}", folder.join(out).display()),
    ]
}

fn run(folder: &Path, out: &str, more: &[&str]) -> super::Ran {
    let arguments = arguments(folder, out);
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    arguments.extend(more);
    baton_in(folder, &arguments)
}

fn read(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap()
}

#[test]
fn a_fresh_machine_mines_the_sample_and_a_second_run_writes_the_same_bytes() {
    let folder = sample();
    let folder = folder.path();
    run(folder, "a", &["--threads=1"]).shows(0, &["1 of 1 outcome met", "Causes", "ready"]);
    run(folder, "b", &["--threads=3"]).shows(0, &["1 of 1 outcome met"]);
    assert_eq!(
        read(folder, "a/outcome.json"),
        read(folder, "b/outcome.json")
    );
    run(folder, "a", &[]).shows(0, &["1 of 1 outcome met"]);
    assert_eq!(
        read(folder, "a/outcome.json"),
        read(folder, "b/outcome.json")
    );
    let shown = run(folder, "a", &["--format=json"]).json(0, "outcome-report");
    assert_eq!(shown["ended"], "completed");
    for name in [
        "a/outcome.html",
        "a/outcome.md",
        "a/causes.html",
        "a/causes.json",
    ] {
        assert!(!read(folder, name).is_empty());
    }
    // What was decided about a mission that has ended is refused.
    let late = run(folder, "a", &["--withdraw=late", "--principal=ada"]);
    late.refuses(1, &["E1359", "completed"]);
}

#[test]
fn a_process_killed_at_any_write_ends_in_the_same_state_when_run_again() {
    let folder = sample();
    let folder = folder.path();
    run(folder, "whole", &[]).shows(0, &[]);
    let expected = read(folder, "whole/outcome.json");
    for entries in [0, 1, 2, 3, 4] {
        let out = format!("killed-{entries}");
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("baton"))
            .args(arguments(folder, &out))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let store = folder.join(&out).join("missions.db");
        while child.try_wait().unwrap().is_none() && written(&store) < entries {
            std::thread::yield_now();
        }
        // A process that has ended meanwhile cannot be killed any more, and need not be.
        let _ = child.kill();
        child.wait().unwrap();
        run(folder, &out, &[]).shows(0, &["1 of 1 outcome met"]);
        assert_eq!(
            read(folder, &format!("{out}/outcome.json")),
            expected,
            "{entries}"
        );
        assert_eq!(written(&store), written(&folder.join("whole/missions.db")));
    }
}

/// Returns how many entries the record of the one mission in a store has.
fn written(store: &Path) -> u64 {
    if !store.is_file() {
        return 0;
    }
    let page = Page {
        prefix: "mission/".to_owned(),
        state: None,
        turn: None,
        after: None,
        limit: 10,
    };
    let heads = SqliteStore::open(store).and_then(|store| store.heads(&page));
    heads.map_or(0, |heads| heads.iter().map(|head| head.entries).sum())
}

#[test]
fn a_guided_mission_waits_for_people_and_a_low_cap_escalates() {
    let folder = sample();
    let folder = folder.path();
    let mission = std::fs::read_to_string(repository().join("examples/sample-causes.mission.yaml"));
    let mission = mission.unwrap();
    let edited = |name: &str, before: &str, after: &str| {
        assert!(mission.contains(before));
        let text = mission
            .replacen(before, after, 1)
            .replace("../sample/", "sample/");
        std::fs::write(folder.join(name), text).unwrap();
    };
    edited("guided.yaml", "oversight:", "autonomy: guided\noversight:");
    let guided = |more: &[&str]| {
        let mut arguments = vec!["run", "guided.yaml", "--out=guided"];
        arguments.extend(more);
        baton_in(folder, &arguments)
    };
    guided(&[]).shows(10, &["confirming"]);
    guided(&["--confirm", "--principal=ada"]).shows(10, &["confirming"]);
    guided(&["--confirm", "--principal=ada"]).shows(0, &["1 of 1 outcome met"]);
    edited("capped.yaml", "rows: 100000", "rows: 10");
    let capped = baton_in(folder, &["run", "capped.yaml", "--out=capped"]);
    capped.shows(
        20,
        &[
            "`rows` is capped at 10",
            "Trace entries that led here",
            "escalated",
        ],
    );
    let packet: serde_json::Value =
        serde_json::from_slice(&read(folder, "capped/incident.json")).unwrap();
    assert_eq!(packet["escalation"]["caps"][0], "rows");
    assert!(packet["escalation"]["entries"][0]["entry"].is_u64());
    assert!(!folder.join("capped/outcome.json").exists());
    edited(
        "bad.yaml",
        "capability: failure-root-cause-mining",
        "capability: mining",
    );
    baton_in(folder, &["run", "bad.yaml"]).refuses(20, &["E0206", "bad.yaml"]);
}

#[test]
fn a_mission_left_to_nodes_ends_in_the_same_bytes() {
    let folder = sample();
    let folder = folder.path();
    run(folder, "whole", &[]).shows(0, &[]);
    let queued = |more: &[&str]| {
        let mut arguments = vec!["--queue", "--store=store/baton.db"];
        arguments.extend(more);
        run(folder, "queued", &arguments)
    };
    queued(&[]).shows(10, &["executing"]);
    // Asked again, it only tells.
    queued(&[]).shows(10, &["executing"]);
    assert!(!folder.join("queued/attempt.json").exists());
    let work = ["work", "--until-idle", "--store=store/baton.db"];
    baton_in(folder, &work).shows(0, &["done 3,"]);
    queued(&["--format=json"]).json(0, "outcome-report");
    assert_eq!(
        read(folder, "queued/outcome.json"),
        read(folder, "whole/outcome.json")
    );
    // A roster that cannot be used is told before anything is done.
    std::fs::write(
        folder.join("baton.toml"),
        "[[teams]]\nname = \"a\"\nroles = []\n[teams.hours]\nzone = \"Mars\"\ndays = {}\n",
    )
    .unwrap();
    baton_in(folder, &work).refuses(1, &["E0918", "team `a`", "Mars"]);
}

#[test]
fn incidents_are_held_against_a_contract_where_the_log_is_there() {
    let data = std::env::var("BATON_SHARED_DATA");
    let data = data.map_or_else(|_| repository().join("../shared/data"), Into::into);
    let log = data.join("incident_event_log.csv.gz");
    if !log.is_file() {
        println!("skipped: {} is absent", log.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = format!("--out={}", folder.path().display());
    let input = format!("--input=log={}", log.display());
    let mission = "examples/incident-handoffs.mission.yaml";
    let ran = baton(&["run", mission, &input, &out, "--format=json"]);
    let report = ran.json(10, "outcome-report");
    let handoffs = &report["handoffs"];
    let checked = |when: &str| handoffs[when]["checked"].as_u64().unwrap();
    // The number of direct handoffs between teams, counted independently.
    assert_eq!(checked("now") + checked("before"), 17_915);
    assert_eq!(handoffs["refused"], 0);
    assert_eq!(report["outcomes"].as_array().unwrap().len(), 4);
}
