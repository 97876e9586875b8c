//! A node with several hands: everything is done once, and who hangs or dies holds up nobody else.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use baton_engine::handoff::Failure;
use baton_engine::node::{Hands, Next, Node, Work, Worked, Worker};
use baton_engine::port::{Courier, Delivered, Job, JobKind, Message};
use baton_mission::handoff::StateName;
use baton_testkit::store::{job, plain, stream};

use crate::postgresql::Postgresql;
use crate::world::{Place, World, clock, places};

const HANDS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(2);
/// How long a look is put off at most: nothing depends on it but how often it is looked.
const PATIENCE: Duration = Duration::from_millis(5);

fn all_places(database: &str) -> Vec<Place> {
    let mut places = places();
    places.extend(Postgresql::new(database).map(|own| own.connected()));
    places
}

/// Keeps whoever comes until it is opened.
#[derive(Default)]
struct Door {
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Door {
    fn open(&self) {
        *self.is_open.lock().unwrap() = true;
        self.opened.notify_all();
    }

    fn pass(&self) {
        let closed = self.is_open.lock().unwrap();
        drop(self.opened.wait_while(closed, |is_open| !*is_open).unwrap());
    }
}

/// Answers messages that name the handoff as `answer` says, and takes all others.
struct Receiver<F> {
    handoff: &'static str,
    answer: F,
    taken: Mutex<Vec<String>>,
}

impl<F: Fn() -> Delivered> Receiver<F> {
    fn new(handoff: &'static str, answer: F) -> Self {
        Self {
            handoff,
            answer,
            taken: Mutex::default(),
        }
    }

    fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

impl<F: Fn() -> Delivered + Send + Sync> Courier for Receiver<F> {
    fn deliver(&self, message: &Message) -> Delivered {
        let body = String::from_utf8_lossy(&message.body);
        if body.contains(&format!("\"{}\"", self.handoff)) {
            let answer = (self.answer)();
            if answer != Delivered::Done {
                return answer;
            }
        }
        self.taken.lock().unwrap().push(message.id.clone());
        Delivered::Done
    }
}

/// Looks for work until nothing is left, or as much is done as `is_enough` wants.
fn until(hands: &Hands<'_, '_>, is_enough: impl Fn() -> bool) -> Work {
    let mut all = Work::default();
    while !is_enough() {
        let look = hands.look().unwrap();
        all.add(look.work);
        match look.next {
            Next::Look => {}
            Next::WaitForHands | Next::RestBesideHands => hands.wait(PATIENCE),
            Next::Rest => break,
        }
    }
    all
}

/// Returns everything that a node did under its lead.
fn worked<'a>(node: &Node<'a>, lead: impl FnOnce(&Hands<'_, 'a>) -> Work) -> Work {
    let (mut work, last) = node.with_hands(HANDS, lead);
    work.add(last);
    work
}

/// Submits work of so many handoffs, and returns their names.
fn submitted(world: &World<'_>, count: usize) -> Vec<String> {
    let names: Vec<String> = (0..count).map(|number| format!("h-{number}")).collect();
    for name in &names {
        world.open(name, name).unwrap();
        world.submit(name, (name, "Checkout")).unwrap();
    }
    names
}

fn is_gated(world: &World<'_>, name: &str) -> bool {
    world.state(name) == StateName::Gated
}

#[test]
fn every_step_is_taken_and_every_message_delivered_once() {
    for place in all_places("hands_once") {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        let names = submitted(&world, 7);
        let courier = Receiver::new("none", || Delivered::Done);
        let node = Node::new("a", &world.desk, &courier);
        let work = worked(&node, |hands| until(hands, || false));
        assert_eq!(work.failed, [], "{}", place.name);
        assert_eq!(work.done, 14, "{}: a step and its news each", place.name);
        assert!(names.iter().all(|name| is_gated(&world, name)));
        let taken = courier.taken();
        let different: BTreeSet<&String> = taken.iter().collect();
        assert_eq!((taken.len(), different.len()), (7, 7), "{}", place.name);
    }
}

#[test]
fn a_receiver_that_hangs_holds_up_one_handoff_only() {
    for place in all_places("hands_hang") {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        let door = Door::default();
        let courier = Receiver::new("h-0", || {
            door.pass();
            Delivered::Done
        });
        let names = submitted(&world, 6);
        let node = Node::new("a", &world.desk, &courier);
        node.with_hands(HANDS, |hands| {
            until(hands, || courier.taken().len() == names.len() - 1);
            assert!(names.iter().all(|name| is_gated(&world, name)));
            door.open();
            until(hands, || false)
        });
        assert_eq!(courier.taken().len(), names.len(), "{}", place.name);
    }
}

#[test]
fn a_receiver_that_fails_is_tried_again_while_others_are_told() {
    for place in all_places("hands_fail") {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        let why = "connection refused".to_owned();
        let courier = Receiver::new("h-0", || Delivered::Transient { why: why.clone() });
        submitted(&world, 3);
        let node = Node::new("a", &world.desk, &courier);
        let work = worked(&node, |hands| until(hands, || false));
        let counts = (
            work.done,
            work.later,
            work.failed.len(),
            courier.taken().len(),
        );
        assert_eq!(counts, (5, 1, 0, 2), "{}", place.name);
    }
}

/// A mission that goes on until it is let go.
struct LongMission<'d>(&'d Door);

impl Worker for LongMission<'_> {
    fn prefix(&self) -> &'static str {
        "mission/"
    }

    fn work(&self, job: &Job) -> Result<Worked, Failure> {
        if job.kind == JobKind::Timer {
            self.0.pass();
        }
        Ok(Worked::Done)
    }
}

#[test]
fn a_mission_that_takes_long_holds_up_no_handoff() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        for name in ["mission/a", "mission/b"] {
            let mut begun = plain(stream(name), 0, "begun", world.desk.now());
            begun.jobs = vec![job("drive", JobKind::Timer, world.desk.now())];
            place.store.append(begun).unwrap();
        }
        submitted(&world, 2);
        let courier = Receiver::new("none", || Delivered::Done);
        let door = Door::default();
        let mission = LongMission(&door);
        let node = Node::new("a", &world.desk, &courier).with_worker(&mission);
        let work = worked(&node, |hands| {
            let mut all = until(hands, || courier.taken().len() == 2);
            door.open();
            all.add(until(hands, || false));
            all
        });
        assert_eq!((work.done, work.failed.len()), (6, 0), "{}", place.name);
    }
}

#[test]
fn what_nobody_took_is_given_back_at_once() {
    for place in all_places("hands_back") {
        // It stands still, so that no lease ends.
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        let names = submitted(&world, 6);
        let courier = Receiver::new("none", || Delivered::Done);
        let one = Node::new("one", &world.desk, &courier);
        one.with_hands(NonZeroUsize::MIN, |hands| hands.look().unwrap());
        Node::new("two", &world.desk, &courier)
            .run_until_idle()
            .unwrap();
        assert!(
            names.iter().all(|name| is_gated(&world, name)),
            "{}",
            place.name
        );
        assert_eq!(courier.taken().len(), names.len(), "{}", place.name);
    }
}

#[test]
fn a_hand_that_panics_takes_the_node_with_it() {
    let place = places().remove(0);
    let clock = clock();
    let world = World::new(place.store.as_ref(), &clock);
    submitted(&world, 3);
    let courier = Receiver::new("h-1", || panic!("on purpose"));
    let node = Node::new("a", &world.desk, &courier);
    let ended = catch_unwind(AssertUnwindSafe(|| {
        node.with_hands(HANDS, |hands| until(hands, || false))
    }));
    let panic = ended.unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"on purpose"));
}
