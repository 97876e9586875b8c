//! Missions on nodes that are killed, stopped and started again: each ends in the bytes of one that nobody disturbed.

use std::process::Child;

use baton_testkit::postgres::Server;
use rustix::process::Signal;

use super::killed::kill_soon;
use super::nodes::{at_work, database, signal};
use super::world::{World, ran};

/// Nodes that are killed before one is left alone.
const KILLS: u32 = 6;
/// How often a process is killed, a little later each time, until one is killed in the middle.
const TRIES: u32 = 100;
const MISSION: &str = "baton: mission/v1
id: qa
title: QA
capability: handoff-contracting
scope: Builds
oversight: lead
as_of: 2026-11-20T09:00:00Z
inputs: {contract: sample/contracts/engineering-to-qa, packages: sample/packages/engineering-to-qa, keyring: sample/keyring.json}
goals: [{id: ready, title: Ready, measure: share-ready, direction: higher, baseline: 0, target: 10, minimum_sample: 1}]
";

/// A world with a mission, and the report of a run that nobody disturbed.
fn world(store: Option<String>) -> (World, Vec<u8>) {
    let world = World::new(store);
    std::fs::write(world.at("baton.toml"), "[node]\nlease = \"1s\"\n").unwrap();
    std::fs::write(world.at("qa.yaml"), MISSION).unwrap();
    world.does("", &["sample", "--seed", "1", "sample"]);
    world.does("", &["run", "qa.yaml", "--out", "whole"]);
    let whole = std::fs::read(world.at("whole/outcome.json")).unwrap();
    (world, whole)
}

/// Asks where the mission stands until it has ended.
fn ended(world: &World, mut meanwhile: impl FnMut()) -> Vec<u8> {
    let queue = ["run", "qa.yaml", "--out", "queued", "--queue"];
    loop {
        let ran = world.run("", &queue);
        match ran.code {
            Some(0) => return std::fs::read(world.at("queued/outcome.json")).unwrap(),
            code => assert_eq!(code, Some(10), "{}{}", ran.answer, ran.problems),
        }
        meanwhile();
    }
}

#[test]
fn a_mission_on_nodes_that_are_killed_ends_in_the_same_bytes() {
    let (world, whole) = world(None);
    let mut seed = 11;
    let mut kills = 0;
    let found = ended(&world, || {
        let node = world.start("", &["work", "--until-idle"]);
        if kills < KILLS {
            kill_soon(&node, &mut seed);
        }
        kills += 1;
        ran(node);
    });
    assert_eq!(found, whole);
    let doctor = world.run("ana", &["doctor"]);
    assert_eq!(doctor.code, Some(0), "{}{}", doctor.answer, doctor.problems);
}

#[test]
fn a_mission_goes_on_when_its_node_is_killed_or_stands_still() {
    let server = match Server::start() {
        Ok(server) => server,
        Err(why) => {
            println!("skipped: {why}");
            return;
        }
    };
    let (world, whole) = world(Some(database(&server, "missions")));
    let start = |name: &str| at_work(world.start("", &["work", "--name", name]));
    let nodes: Vec<Child> = ["one", "two", "three"].map(start).into();
    let mut is_first = true;
    let found = ended(&world, || {
        if std::mem::take(&mut is_first) {
            signal(&nodes[0], Signal::KILL);
            signal(&nodes[1], Signal::STOP);
        }
    });
    signal(&nodes[1], Signal::CONT);
    for node in &nodes[1..] {
        signal(node, Signal::TERM);
    }
    for (place, node) in nodes.into_iter().enumerate() {
        let ran = ran(node);
        let expected = if place == 0 { None } else { Some(0) };
        assert_eq!(ran.code, expected, "{place}: {}", ran.problems);
    }
    assert_eq!(found, whole);
}

#[test]
fn a_mission_that_somebody_began_alone_is_not_left_to_nodes() {
    let (world, _) = world(None);
    let mut turns: u32 = 1_000;
    for attempt in 0..TRIES {
        let store = format!("alone-{attempt}.db");
        let alone = ["run", "qa.yaml", "--out", "alone", "--store", &store];
        let process = world.start("", &alone);
        for _ in 0..turns {
            std::thread::yield_now();
        }
        signal(&process, Signal::KILL);
        let has_ended = ran(process).code == Some(0);
        let queued = [&alone[..], &["--queue"]].concat();
        let queued = world.run("", &queued);
        if queued.problems.contains("E1360") {
            assert_eq!(queued.code, Some(1), "{}", queued.problems);
            // Who began it may go on.
            world.does("", &alone);
            return;
        }
        // It was through already, or had not begun.
        turns = if has_ended {
            turns / 2
        } else {
            turns + turns / 4
        };
    }
    panic!("never killed in the middle");
}
