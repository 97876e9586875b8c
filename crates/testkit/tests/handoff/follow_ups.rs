//! What an acceptance leaves over: kept, listed, and told to whoever keeps tasks.

use std::sync::{Mutex, PoisonError};

use baton_engine::follow_ups::{Listed, State, each_follow_up, follow_ups_of};
use baton_engine::handoff::{Sending, submit};
use baton_engine::node::Node;
use baton_engine::port::{Courier, Delivered, Message, MessageKind};
use baton_mission::handoff::StateName;
use baton_terms::Instant;
use baton_testkit::organization::package;
use baton_testkit::store::MemoryStore;
use serde_json::{Value, json};

use crate::world::{World, ada, call, clock, lea, max, nia, places};

/// Takes everything but follow-ups, until it takes these too.
#[derive(Default)]
struct Tracker {
    is_up: Mutex<bool>,
    taken: Mutex<Vec<Message>>,
}

impl Courier for Tracker {
    fn deliver(&self, message: &Message) -> Delivered {
        if message.kind != MessageKind::FollowUp {
            return Delivered::Done;
        }
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.push(message.clone());
        if *self.is_up.lock().unwrap_or_else(PoisonError::into_inner) {
            Delivered::Done
        } else {
            Delivered::Lasting {
                why: "it is being moved".to_owned(),
            }
        }
    }
}

/// Takes over a design of which one state is missing, which stops nobody.
fn accept_with_a_gap(world: &World<'_>, handoff: &str) {
    world.open(handoff, "item-1").unwrap();
    let document = package("item-1", "Checkout", &json!({"states": ["empty", "full"]}));
    let sending = Sending {
        package: &document,
        ..Sending::default()
    };
    submit(&world.desk, &call(&ada(), handoff, "submit"), &sending).unwrap();
    world.advance(handoff);
    for (who, gate) in [(lea(), "product"), (max(), "safety"), (nia(), "safety")] {
        world.approve(&who, handoff, gate).unwrap();
    }
    world.advance(handoff);
    world.accept(handoff).unwrap();
}

fn listed(world: &World<'_>, as_of: &str) -> Vec<Listed> {
    let as_of: Instant = as_of.parse().unwrap();
    let mut listed = Vec::new();
    each_follow_up(world.desk.store(), as_of, |one| listed.push(one)).unwrap();
    let one = follow_ups_of(world.desk.store(), &"h-1".parse().unwrap(), as_of).unwrap();
    assert_eq!(listed, one);
    listed
}

// spec: FOLLOW-UP-1
#[test]
fn a_follow_up_is_told_until_it_is_taken_and_parks_nothing() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        accept_with_a_gap(&world, "h-1");
        let tracker = Tracker::default();
        let node = Node::new("a", &world.desk, &tracker);
        node.run_until_idle().unwrap();
        clock.forward(3_601);
        node.run_until_idle().unwrap();
        *tracker.is_up.lock().unwrap() = true;
        clock.forward(3_601);
        node.run_until_idle().unwrap();
        clock.forward(3_601);
        node.run_until_idle().unwrap();
        assert_eq!(world.state("h-1"), StateName::Accepted, "{}", place.name);
        let taken = tracker.taken.lock().unwrap();
        assert_eq!(taken.len(), 3, "{}", place.name);
        assert!(taken.iter().all(|message| message.id == taken[0].id));
        assert_eq!(taken[0].to, ["designer".parse().unwrap()].into());
        let body: Value = serde_json::from_slice(&taken[0].body).unwrap();
        assert_eq!(body["baton"], "follow-ups-queued/v1");
        let task = &body["follow_ups"][0];
        assert_eq!(task["id"], "h-1.unresolved-risk.states-covered");
        assert_eq!(task["what"], "Add the missing states.");
        assert_eq!(task["due"], "2026-12-07T09:00:00Z");
        let listed = listed(&world, "2026-11-24T00:00:00Z");
        assert_eq!(serde_json::to_value(&listed[0].task).unwrap(), *task);
    }
}

#[test]
fn a_follow_up_is_listed_until_its_day_and_after_it() {
    let store = MemoryStore::new();
    let clock = clock();
    let world = World::new(&store, &clock);
    accept_with_a_gap(&world, "h-1");
    for (as_of, state) in [
        ("2026-12-07T09:00:00Z", State::Open),
        ("2026-12-07T09:00:01Z", State::Overdue),
    ] {
        let found = listed(&world, as_of);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].state, state, "{as_of}");
        assert_eq!(found[0].task.owner.as_str(), "designer");
    }
}
