//! Several nodes on one PostgreSQL: one is killed, one is stopped until the others are through, and they go on.

use std::io::{BufRead as _, BufReader};
use std::process::Child;

use baton_testkit::postgres::Server;
use rustix::process::{Pid, Signal, kill_process};

use super::world::{World, ran};

/// Handoffs under way.
const HANDOFFS: usize = 4;

pub(crate) fn signal(child: &Child, signal: Signal) {
    let id = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(id, signal).unwrap();
}

/// Waits until a node says that it is at work.
pub(crate) fn at_work(mut node: Child) -> Child {
    let mut said = String::new();
    let mut problems = BufReader::new(node.stderr.take().unwrap());
    problems.read_line(&mut said).unwrap();
    assert!(said.contains("is at work"), "{said}");
    // What it says later is read to its end, so that nothing holds it up.
    std::thread::spawn(move || std::io::copy(&mut problems, &mut std::io::sink()));
    node
}

/// Makes a database and returns its URL.
pub(crate) fn database(server: &Server, name: &str) -> String {
    let conninfo = server.database(name);
    let socket = conninfo.strip_prefix("host=").unwrap();
    let socket = socket.split(' ').next().unwrap();
    format!("postgres://baton@{}/{name}", socket.replace('/', "%2F"))
}

/// Waits until every handoff waits for its approver.
fn wait_until_gated(world: &World) {
    loop {
        let listed = world.does(
            "ana",
            &["handoff", "list", "--state", "gated", "--format", "json"],
        );
        let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
        if listed["handoffs"].as_array().unwrap().len() == HANDOFFS {
            return;
        }
    }
}

#[test]
fn nodes_take_over_from_one_that_is_killed_and_one_that_is_stopped() {
    let server = match Server::start() {
        Ok(server) => server,
        Err(why) => {
            println!("skipped: {why}");
            return;
        }
    };
    let world = World::new(Some(database(&server, "nodes")));
    std::fs::write(world.at("baton.toml"), "[node]\nlease = \"1s\"\n").unwrap();
    let names: Vec<String> = (0..HANDOFFS)
        .map(|number| format!("web-{number}"))
        .collect();
    for name in &names {
        world.submit(name);
    }
    let nodes: Vec<Child> = ["one", "two", "three"]
        .iter()
        .map(|name| at_work(world.start("", &["work", "--name", name])))
        .collect();
    // Whatever they are at: one is gone for good, one stands still. `deliveries` stops one that certainly holds a claim.
    signal(&nodes[0], Signal::KILL);
    signal(&nodes[1], Signal::STOP);
    wait_until_gated(&world);
    signal(&nodes[1], Signal::CONT);
    for node in &nodes[1..] {
        signal(node, Signal::TERM);
    }
    for (place, node) in nodes.into_iter().enumerate() {
        let ran = ran(node);
        // A node that is told to stop finishes what it has in hand and ends well.
        let expected = if place == 0 { None } else { Some(0) };
        assert_eq!(ran.code, expected, "{place}: {}", ran.problems);
    }
    for name in &names {
        world.check(name, &["opened", "submitted", "checked", "gates-opened"]);
    }
}
