//! Missions left to nodes: any of them may die, stand still or be without the inputs.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use baton_engine::handoff::Desk;
use baton_engine::missions::file::InputName;
use baton_engine::missions::{
    Files, Keeper, MissionWorker, Places, Run, Task, Time, Tools, outcome,
};
use baton_engine::node::Node;
use baton_engine::port::{Clock, Jobs as _, Ledger as _, Store};
use baton_report::mission::OutcomeReport;
use baton_terms::{Digest, Instant};
use baton_testkit::clock::SetClock;
use baton_testkit::courier::{FaultyCourier, Roads};
use baton_testkit::seed::Seed;
use baton_testkit::store::{Fault, Faults, FaultyStore, MemoryStore, Operation};

use super::world::{FakeTime, LEVELS, Measured, TOLD, World, ended, start};

/// Leases that run out before a mission that nobody may finish is given up.
const ROUNDS_MAX: u32 = 200;

struct Here(World);

impl Places for Here {
    fn files(&self, _: &Task) -> Box<dyn Files> {
        Box::new(self.0.clone())
    }
}

/// The clock of a machine, for missions.
struct Present<'c>(&'c SetClock);

impl Time for Present<'_> {
    fn now(&self) -> Instant {
        self.0.now()
    }
    fn wait_until(&self, _: Instant) {
        unreachable!("a node waits for nothing: it is told when to look again")
    }
}

/// Fails the call of a number once, and every call after it until it is another process.
struct Once {
    at: u64,
    fault: Fault,
    calls: std::sync::atomic::AtomicU64,
    is_dead: AtomicBool,
}

impl Faults for Once {
    fn next(&self, _: Operation) -> Option<Fault> {
        use std::sync::atomic::Ordering::SeqCst;
        if self.is_dead.load(SeqCst) {
            return Some(Fault::Unavailable);
        }
        if self.calls.fetch_add(1, SeqCst) != self.at {
            return None;
        }
        self.is_dead.store(true, SeqCst);
        Some(self.fault)
    }
}

/// Leaves the mission of a world to nodes, as `baton run --queue` does.
fn queue(store: &MemoryStore, (world, run): (&World, &Run)) {
    let time = FakeTime::new();
    let paths = world.0.keys().map(|name| (*name, format!("/data/{name}")));
    let task = Task::of(run, &paths.collect::<BTreeMap<InputName, String>>());
    let mut keeper = Keeper::open(store, &time, run)
        .unwrap()
        .leaving_it_to_nodes(task.to_bytes());
    keeper.commit(&start((world, run, &time)), &[]).unwrap();
}

/// One process with one node, which has these files, until nothing is due.
fn node(name: &str, store: &dyn Store, (clock, world): (&SetClock, &World)) {
    let courier = FaultyCourier::new(Seed::new(1), Roads::default());
    let desk = Desk::new(store, clock);
    let (time, places, stop) = (Present(clock), Here(world.clone()), AtomicBool::new(false));
    let worker = MissionWorker::new(Tools {
        store,
        time: &time,
        places: &places,
        gauges: &Measured(LEVELS),
        courier: &courier,
        threads: 2,
        stop: &stop,
    });
    let _ = Node::new(name, &desk, &courier)
        .with_worker(&worker)
        .run_until_idle();
}

/// Has healthy nodes finish whatever is left.
fn finish(store: &MemoryStore, (clock, world): (&SetClock, &World)) {
    for _ in 0..ROUNDS_MAX {
        node("last", store, (clock, world));
        match store.next_due().unwrap() {
            Some(due) => clock.set(due.max(clock.now())),
            None => return,
        }
    }
    panic!("something stays due");
}

fn report(store: &MemoryStore, run: &Run) -> OutcomeReport {
    let time = FakeTime::new();
    let keeper = Keeper::open(store, &time, run).unwrap();
    let document = |digest: &Digest| keeper.document(digest).unwrap();
    outcome(run, keeper.mission(), &document)
}

fn clock() -> SetClock {
    SetClock::at("2026-02-02T00:00:00Z".parse().unwrap())
}

// spec: MISSION-31
#[test]
fn a_node_that_dies_at_any_call_is_followed_by_another_that_ends_in_the_same() {
    let world = World::new();
    let run = world.run(&[]);
    let (whole, expected) = ended(&[], &world);
    let stream = run.stream().unwrap();
    let entries = |store: &MemoryStore| store.lines(&stream, 0, 100).unwrap().len();
    for fault in [
        Fault::Unavailable,
        Fault::UnknownAndKept,
        Fault::UnknownAndLost,
    ] {
        for at in 0.. {
            let (store, clock) = (MemoryStore::new(), clock());
            queue(&store, (&world, &run));
            let once = Once {
                at,
                fault,
                calls: 0.into(),
                is_dead: false.into(),
            };
            node("first", &FaultyStore::new(&store, &once), (&clock, &world));
            finish(&store, (&clock, &world));
            assert_eq!(report(&store, &run), expected, "{fault:?} at {at}");
            assert_eq!(entries(&store), entries(&whole), "{fault:?} at {at}");
            let told = store.messages();
            assert_eq!(told.len(), TOLD, "{fault:?} at {at}");
            let is_heard = told.iter().all(|message| message.3.is_some());
            assert!(is_heard, "{fault:?} at {at}: nobody was told");
            if !once.is_dead.into_inner() {
                assert!(at >= 10, "{at}");
                break;
            }
        }
    }
}

// spec: MISSION-31
#[test]
fn a_node_without_the_inputs_leaves_it_to_others_and_tells_when_nobody_has_them() {
    let world = World::new();
    let run = world.run(&[]);
    let changed = {
        let mut changed = world.clone();
        let log = changed.0.get_mut(&InputName::Log).unwrap();
        log.push_str("41,2026-01-01T08:00:00Z,Active,a,x,3 - Moderate,false,c,s,y\n");
        changed
    };
    for other in [changed, World::new().without(InputName::Log)] {
        let (store, clock) = (MemoryStore::new(), clock());
        queue(&store, (&world, &run));
        node("without", &store, (&clock, &other));
        assert_eq!(report(&store, &run).ended, "executing");
        clock.forward(60);
        node("with", &store, (&clock, &world));
        assert_eq!(report(&store, &run).ended, "completed");
        // Nobody has them.
        let (store, clock) = (MemoryStore::new(), self::clock());
        queue(&store, (&world, &run));
        finish(&store, (&clock, &other));
        let blocked = report(&store, &run);
        assert_eq!(blocked.ended, "escalated");
        let why = blocked.escalation.unwrap().why;
        assert!(why.contains("the log `/data/log`"), "{why}");
    }
}

// spec: MISSION-31
#[test]
fn a_task_says_again_which_run_it_is() {
    let world = World::new();
    let run = world.run(&[]);
    let paths: BTreeMap<InputName, String> = world
        .0
        .keys()
        .map(|name| (*name, format!("/data/{name}")))
        .collect();
    let bytes = Task::of(&run, &paths).to_bytes();
    let task = Task::read(&bytes).unwrap();
    assert_eq!(task.paths(), paths);
    assert_eq!(task.run().unwrap().id, run.id);
    let other = String::from_utf8(bytes)
        .unwrap()
        .replace("mission-task/v1", "mission-task/v2");
    assert!(
        Task::read(other.as_bytes())
            .unwrap_err()
            .contains("mission-task/v2")
    );
}
