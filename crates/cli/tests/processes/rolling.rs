//! Nodes on one PostgreSQL that are restarted one after the other while handoffs live their lives.

use std::collections::BTreeMap;
use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use baton_testkit::postgres::Server;
use rustix::process::Signal;

use super::nodes::{at_work, database, signal};
use super::world::{ONCE, World, ran};

/// Who hands over at the same time, and how many handoffs each of them sees through.
const SENDERS: usize = 3;
const HANDOFFS: usize = 2;
const NODES: [&str; 2] = ["one", "two"];
/// Every so many restarts a node is killed instead of told to stop.
const KILLED_EVERY: u32 = 3;
/// How often it is looked for what is still to be brought: each look takes much longer than a hundredth of a lease.
const LOOKS: u32 = 200;
/// What the senders and whoever restarts the nodes know of each other, so that neither waits for one that has stopped at a surprise.
#[derive(Default)]
struct Progress {
    senders_done: AtomicUsize,
    are_nodes_gone: AtomicBool,
}

/// Says that its holder is through, however it ends.
struct Told<'p, F: Fn(&'p Progress)>(&'p Progress, F);

impl<'p, F: Fn(&'p Progress)> Drop for Told<'p, F> {
    fn drop(&mut self) {
        (self.1)(self.0);
    }
}

/// Asks until a handoff has come to a state, which a node has to bring it to.
fn wait_until(world: &World, progress: &Progress, (handoff, state): (&str, &str)) {
    while world.view(handoff)["state"] != state {
        assert!(!progress.are_nodes_gone.load(Ordering::Acquire));
    }
}

/// Sees a handoff through, as its sender, its approver and its receiver.
fn see_through(world: &World, progress: &Progress, handoff: &str) {
    world.submit(handoff);
    wait_until(world, progress, (handoff, "gated"));
    world.approve(handoff);
    wait_until(world, progress, (handoff, "offered"));
    let view = world.view(handoff);
    let package = view["package"].as_str().unwrap();
    world.does("ben", &["handoff", "acknowledge", handoff]);
    world.does("ben", &["handoff", "accept", handoff, "-p", package]);
    world.does("ben", &["handoff", "complete", handoff]);
}

/// Restarts the nodes in turn until all senders are through, and returns how often, and how many of those were killed.
fn restart_in_turn(world: &World, progress: &Progress) -> (u32, u32) {
    let _told = Told(progress, |progress| {
        progress.are_nodes_gone.store(true, Ordering::Release);
    });
    let start = |name| at_work(world.start("", &["work", "--name", name]));
    let mut nodes: Vec<Child> = NODES.into_iter().map(start).collect();
    let (mut restarts, mut kills) = (0, 0);
    while progress.senders_done.load(Ordering::Acquire) < SENDERS {
        for (node, name) in nodes.iter_mut().zip(NODES) {
            restarts += 1;
            let is_killed = restarts % KILLED_EVERY == 0;
            signal(
                node,
                if is_killed {
                    Signal::KILL
                } else {
                    Signal::TERM
                },
            );
            let next = start(name);
            let ended = ran(std::mem::replace(node, next));
            kills += u32::from(is_killed);
            assert_eq!(ended.code, (!is_killed).then_some(0), "{}", ended.problems);
        }
    }
    for node in nodes {
        signal(&node, Signal::TERM);
        assert_eq!(ran(node).code, Some(0));
    }
    (restarts, kills)
}

/// Handoffs whose end was told, as often as there are messages about it.
fn told_of_the_end(world: &World) -> BTreeMap<String, u32> {
    let mut told = BTreeMap::new();
    let files = std::fs::read_dir(world.at("told")).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    // A node that is killed may leave what it was writing, which has another name until it is whole.
    for path in paths.filter(|path| path.extension().is_some_and(|kind| kind == "json")) {
        let message = std::fs::read(path).unwrap();
        let message: serde_json::Value = serde_json::from_slice(&message).unwrap();
        if message["state"] == "completed" {
            let handoff = message["handoff"].as_str().unwrap();
            *told.entry(handoff.to_owned()).or_default() += 1;
        }
    }
    told
}

#[test]
fn nodes_restarted_in_turn_under_load_lose_and_double_nothing() {
    let server = match Server::start() {
        Ok(server) => server,
        Err(why) => return println!("skipped: {why}"),
    };
    let world = World::new(Some(database(&server, "rolling")));
    std::fs::create_dir(world.at("told")).unwrap();
    let settings = "[node]\nlease = \"2s\"\n[[receivers]]\nto = [\"design\", \"designer\", \"build\", \"engineer\"]\ntimeout = \"1s\"\nfolder = \"told\"\n";
    std::fs::write(world.at("baton.toml"), settings).unwrap();
    let name = |sender, number| format!("web-{sender}-{number}");
    let progress = Progress::default();
    let (restarts, kills) = std::thread::scope(|scope| {
        for sender in 0..SENDERS {
            let (world, progress) = (&world, &progress);
            scope.spawn(move || {
                let _told = Told(progress, |progress| {
                    progress.senders_done.fetch_add(1, Ordering::Release);
                });
                for number in 0..HANDOFFS {
                    see_through(world, progress, &name(sender, number));
                }
            });
        }
        restart_in_turn(&world, &progress)
    });
    assert!(restarts >= KILLED_EVERY, "too few restarts to say anything");
    for (sender, number) in (0..SENDERS).flat_map(|sender| (0..HANDOFFS).map(move |n| (sender, n)))
    {
        world.check(&name(sender, number), &ONCE);
    }
    // An offer that was answered before it was brought is wanted no more; that a handoff is over is told once whatever happens. What
    // the last of those that were killed held is brought when its lease is over.
    let mut looks = 0..LOOKS;
    while told_of_the_end(&world).len() < SENDERS * HANDOFFS && looks.next().is_some() {
        world.does("", &["work", "--until-idle"]);
    }
    let told = told_of_the_end(&world);
    assert_eq!(told.len(), SENDERS * HANDOFFS, "{told:?}");
    assert!(told.values().all(|times| *times == 1), "{told:?}");
    println!(
        "rolling restart: {} handoffs, {restarts} restarts, {kills} of them kills, lost 0, doubled 0",
        SENDERS * HANDOFFS,
    );
}
