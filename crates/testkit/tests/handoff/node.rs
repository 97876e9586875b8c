//! Nodes: they take Baton's steps, fire timers and deliver, also when receivers fail and when they take over from each other.

use std::sync::Mutex;

use baton_engine::handoff::Desk;
use baton_engine::node::{LEASE_MS, Node};
use baton_engine::port::{ClaimRequest, Courier, Delivered, JobKind, Message, MessageKind};
use baton_mission::handoff::{Ask, IncidentCause, Phase, StateName, Step};
use baton_terms::Instant;
use baton_testkit::clock::SetClock;

use crate::world::{World, clock, lea, max, nia, olga, places};

/// Answers deliveries as it is told to, and keeps what it was given.
struct Script {
    answer: fn(&Message, usize) -> Delivered,
    seen: Mutex<Vec<Message>>,
}

impl Script {
    fn new(answer: fn(&Message, usize) -> Delivered) -> Self {
        Self {
            answer,
            seen: Mutex::default(),
        }
    }

    fn ids(&self, kind: MessageKind) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        let of_kind = seen.iter().filter(|message| message.kind == kind);
        of_kind.map(|message| message.id.clone()).collect()
    }
}

impl Courier for Script {
    fn deliver(&self, message: &Message) -> Delivered {
        let mut seen = self.seen.lock().unwrap();
        seen.push(message.clone());
        let times = seen.iter().filter(|one| one.id == message.id).count();
        (self.answer)(message, times)
    }
}

fn well(_: &Message, _: usize) -> Delivered {
    Delivered::Done
}

/// Turns and waits, from one due instant to the next, at most until `until`.
fn run(node: &Node<'_>, (desk, clock): (&Desk<'_>, &SetClock), until: &str) {
    let until: Instant = until.parse().unwrap();
    loop {
        let work = node.run_until_idle().unwrap();
        assert_eq!(work.failed, []);
        match desk.store().next_due().unwrap() {
            Some(due) if due <= until => clock.set(due.max(desk.now())),
            _ => return,
        }
    }
}

/// Opens and submits, and lets approvers decide what Baton asks them.
fn to_offer(world: &World<'_>, node: &Node<'_>) {
    world.open("h-1", "item-1").unwrap();
    world.submit("h-1", ("item-1", "Checkout")).unwrap();
    node.run_until_idle().unwrap();
    for (who, gate) in [(lea(), "product"), (max(), "safety"), (nia(), "safety")] {
        world.approve(&who, "h-1", gate).unwrap();
    }
    node.run_until_idle().unwrap();
    assert_eq!(world.state("h-1"), StateName::Offered);
}

#[test]
fn a_node_takes_every_step_that_is_batons_and_delivers_each_message_once() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        let courier = Script::new(well);
        let node = Node::new("a", &world.desk, &courier);
        to_offer(&world, &node);
        world.accept("h-1").unwrap();
        let receiver = world.receiver("h-1");
        let done = Ask::Complete { outputs: None };
        node.run_until_idle().unwrap();
        world.ask(&receiver, "h-1", ("complete", done)).unwrap();
        node.run_until_idle().unwrap();
        let deliveries = courier.ids(MessageKind::Delivery);
        assert_eq!(deliveries.len(), 1, "{}: {deliveries:?}", place.name);
        assert_eq!(
            courier.ids(MessageKind::Notification).len(),
            4,
            "{}",
            place.name
        );
        assert_eq!(place.store.next_due().unwrap(), None, "{}", place.name);
        let seen = courier.seen.lock().unwrap();
        let offer = seen
            .iter()
            .find(|message| message.kind == MessageKind::Delivery);
        let body: serde_json::Value = serde_json::from_slice(&offer.unwrap().body).unwrap();
        assert_eq!(body["document"]["payload"]["title"], "Checkout");
        assert_eq!(node.sweep().unwrap(), 0);
    }
}

// spec: RETRY-3
#[test]
fn a_receiver_that_fails_is_tried_by_the_policy_and_then_oversight_is_told() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        let failing = Script::new(|message, _| match message.kind {
            MessageKind::Delivery => Delivered::Transient {
                why: "connection refused".to_owned(),
            },
            MessageKind::Notification | MessageKind::FollowUp => Delivered::Done,
        });
        let node = Node::new("a", &world.desk, &failing);
        to_offer(&world, &node);
        run(&node, (&world.desk, &clock), "2026-11-23T09:05:00Z");
        let deliveries = failing.ids(MessageKind::Delivery);
        // Three failures in flight would roll back; there is no baseline, so the third one escalates.
        assert_eq!(deliveries.len(), 3, "{}: {deliveries:?}", place.name);
        assert_eq!(
            deliveries
                .iter()
                .collect::<std::collections::BTreeSet<_>>()
                .len(),
            1
        );
        assert_eq!(world.state("h-1"), StateName::Escalated, "{}", place.name);
    }
}

#[test]
fn news_that_cannot_be_told_parks_the_handoff_and_goes_on_being_tried() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        let courier = Script::new(|message, times| {
            let body = String::from_utf8_lossy(&message.body).into_owned();
            if body.contains("\"about\":\"gated\"") && times < 6 {
                return Delivered::Transient {
                    why: "no route to host".to_owned(),
                };
            }
            Delivered::Done
        });
        let node = Node::new("a", &world.desk, &courier);
        world.open("h-1", "item-1").unwrap();
        world.submit("h-1", ("item-1", "Checkout")).unwrap();
        run(&node, (&world.desk, &clock), "2026-11-23T09:30:00Z");
        let case = world.desk.load(&"h-1".parse().unwrap()).unwrap();
        let Phase::Escalated(parked) = case.handoff().phase() else {
            panic!("{}: {}", place.name, case.handoff().state());
        };
        let IncidentCause::AttemptsSpent { step, .. } = &parked.incident.why else {
            panic!("{:?}", parked.incident.why);
        };
        assert_eq!(*step, Step::Notification);
        run(&node, (&world.desk, &clock), "2026-11-23T13:00:00Z");
        let told = courier.ids(MessageKind::Notification);
        let gated = told.iter().filter(|id| **id == told[0]).count();
        assert_eq!(gated, 6, "{}: until it was told", place.name);
    }
}

#[test]
fn a_node_that_comes_back_too_late_is_refused_and_nothing_is_done_twice() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        let courier = Script::new(well);
        world.open("h-1", "item-1").unwrap();
        world.submit("h-1", ("item-1", "Checkout")).unwrap();
        // A node claims Baton's step and stops.
        let request = ClaimRequest {
            node: "zombie".to_owned(),
            kind: JobKind::Timer,
            now: world.desk.now(),
            until: world.desk.now().checked_add_millis(LEASE_MS).unwrap(),
            limit: 10,
        };
        let claimed = place.store.claim(&request).unwrap();
        assert_eq!(claimed.len(), 1, "{}: the rung is not due", place.name);
        let other = Desk::new(place.store.as_ref(), &clock);
        let node = Node::new("b", &other, &courier);
        node.run_until_idle().unwrap();
        assert_eq!(world.state("h-1"), StateName::Submitted, "{}", place.name);
        clock.wait("61s".parse().unwrap());
        node.run_until_idle().unwrap();
        assert_eq!(world.state("h-1"), StateName::Gated, "{}", place.name);
        let engine = baton_engine::handoff::engine();
        let mut late = crate::world::call(&engine, "h-1", "late");
        late.under = Some(claimed[0].claim.clone());
        let case = world.desk.load(&"h-1".parse().unwrap()).unwrap();
        let before = case.entries();
        let refused = baton_engine::handoff::check(&world.desk, &late).unwrap_err();
        assert!(refused.is_fenced(), "{}: {refused}", place.name);
        assert_eq!(
            world.desk.load(&"h-1".parse().unwrap()).unwrap().entries(),
            before
        );
    }
}

// spec: LIFECYCLE-23
#[test]
fn a_clock_that_goes_back_makes_timers_late_and_never_early() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        let courier = Script::new(well);
        let node = Node::new("a", &world.desk, &courier);
        to_offer(&world, &node);
        clock.set("2026-11-23T08:00:00Z".parse().unwrap());
        run(&node, (&world.desk, &clock), "2026-11-23T12:59:59Z");
        assert_eq!(world.state("h-1"), StateName::Offered, "{}", place.name);
        run(&node, (&world.desk, &clock), "2026-11-23T13:00:01Z");
        assert_eq!(world.state("h-1"), StateName::Escalated, "{}", place.name);
    }
}

// spec: LIFECYCLE-33
#[test]
fn a_rollback_has_the_receiver_undo_what_was_delivered() {
    for place in places() {
        let clock = clock();
        let world = World::new(place.store.as_ref(), &clock);
        let courier = Script::new(|message, times| {
            if message.id.contains(".undo") && times < 2 {
                return Delivered::Transient {
                    why: "busy".to_owned(),
                };
            }
            Delivered::Done
        });
        let node = Node::new("a", &world.desk, &courier);
        world.to_offer("h-0", "item-1");
        world.accept("h-0").unwrap();
        to_offer(&world, &node);
        world.accept("h-1").unwrap();
        let back = Ask::RollBack {
            reason: "it does not work".to_owned(),
        };
        world.ask(&olga(), "h-1", ("back", back)).unwrap();
        assert_eq!(world.state("h-1"), StateName::RollingBack, "{}", place.name);
        run(&node, (&world.desk, &clock), "2026-11-23T09:01:00Z");
        assert_eq!(world.state("h-1"), StateName::RolledBack, "{}", place.name);
        let sent = courier.ids(MessageKind::Delivery);
        assert_eq!(sent.iter().filter(|id| id.contains(".undo")).count(), 2);
    }
}
