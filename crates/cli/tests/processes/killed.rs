//! `kill -9` at any moment, and the same command again until it is answered.

use std::process::Child;

use rustix::process::{Pid, Signal, kill_process};

use super::world::{ONCE, World, ran};

/// The steps of one handoff's life, each under a key of its own.
const LIFE: &[(&str, &[&str])] = &[
    (
        "ana",
        &[
            "handoff",
            "open",
            "web-41",
            "-w",
            "WEB-41",
            "-c",
            "contract.yaml",
        ],
    ),
    (
        "ana",
        &["handoff", "submit", "web-41", "-p", "package.json"],
    ),
    ("", &["work", "--until-idle"]),
    (
        "lea",
        &[
            "handoff",
            "approve",
            "web-41",
            "--gate",
            "design-review",
            "-p",
            "PACKAGE",
            "--reason",
            "seen",
        ],
    ),
    ("", &["work", "--until-idle"]),
    ("ben", &["handoff", "acknowledge", "web-41"]),
    ("ben", &["handoff", "accept", "web-41", "-p", "PACKAGE"]),
    ("ben", &["handoff", "complete", "web-41"]),
    ("", &["work", "--until-idle"]),
];
/// How often each step is killed before it is left to end.
const KILLS: u32 = 3;

/// Lets a process run for a while that is drawn from a seed, in turns of the scheduler rather than time, then kills it.
pub(crate) fn kill_soon(child: &Child, seed: &mut u64) {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    for _ in 0..(*seed >> 33) % 40_000 {
        std::thread::yield_now();
    }
    let id = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    // It may have ended already.
    let _ = kill_process(id, Signal::KILL);
}

#[test]
fn what_was_answered_is_there_and_was_done_once_whatever_was_killed() {
    let world = World::new(None);
    // A claim of a killed node ends soon.
    std::fs::write(world.at("baton.toml"), "[node]\nlease = \"1s\"\n").unwrap();
    let mut seed = 7;
    let mut answered = 0;
    for (step, (who, arguments)) in LIFE.iter().enumerate() {
        let package = match step {
            0 => String::new(),
            _ => world.view("web-41")["package"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        };
        let key = format!("step-{step}");
        let mut arguments: Vec<&str> = arguments
            .iter()
            .map(|argument| {
                if *argument == "PACKAGE" {
                    package.as_str()
                } else {
                    argument
                }
            })
            .collect();
        if arguments[0] == "handoff" {
            arguments.extend(["--key", key.as_str()]);
        }
        let mut first = None;
        for _ in 0..KILLS {
            let child = world.start(who, &arguments);
            kill_soon(&child, &mut seed);
            let ran = ran(child);
            if ran.code == Some(0) && arguments[0] == "handoff" {
                answered += 1;
                // Every answer to one key is the same.
                assert_eq!(first.get_or_insert_with(|| ran.answer.clone()), &ran.answer);
            }
        }
        let last = settle(&world, who, &arguments);
        if let Some(first) = first {
            assert_eq!(first, last);
        }
    }
    println!("{answered} answers before the last of each step");
    assert_eq!(world.view("web-41")["state"], "completed");
    world.check("web-41", &ONCE);
}

/// Runs a step until it is answered; a node until nothing waits for it any more.
fn settle(world: &World, who: &str, arguments: &[&str]) -> String {
    if arguments[0] == "handoff" {
        return world.does(who, arguments);
    }
    loop {
        world.does(who, arguments);
        let view = world.view("web-41");
        let state = view["state"].as_str().unwrap();
        let is_batons = view["turn"].as_array().unwrap().is_empty() && state != "completed";
        if !is_batons {
            return String::new();
        }
    }
}
