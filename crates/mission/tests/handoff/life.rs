//! The plain way from draft to completion, and what is recorded on it.

use baton_mission::handoff::{Ask, Change, FollowUpKind, Phase, StateName, Verdict};

use crate::world::{Stage, World, ada, baton, bob, lea, max, nia};

// spec: LIFECYCLE-1
#[test]
fn a_handoff_goes_from_draft_to_completion_and_replays_to_the_same_bytes() {
    let stage = Stage::new();
    let mut world = World::new(&stage);
    let mut states = Vec::new();
    for (who, ask) in [
        (ada(), World::open()),
        (ada(), world.submit("good")),
        (baton(), World::check()),
    ] {
        world.must(&who, ask);
        states.push(world.state().word());
    }
    for (who, gate) in [(lea(), "product"), (max(), "safety"), (nia(), "safety")] {
        world.must(&who, world.approve(&[gate]));
    }
    states.push(world.state().word());
    world.must(&baton(), World::offer("payments"));
    states.push(world.state().word());
    world.must(&bob(), Ask::Acknowledge {});
    world.must(&bob(), world.accept());
    states.push(world.state().word());
    world.must(&bob(), Ask::Complete { outputs: None });
    states.push(world.state().word());
    assert_eq!(
        states,
        [
            "drafted",
            "submitted",
            "gated",
            "gated",
            "offered",
            "accepted",
            "completed"
        ]
    );
    assert!(
        world.handoff.timers().is_empty(),
        "{:?}",
        world.handoff.timers()
    );
    world.assert_replays();
}

// spec: LIFECYCLE-19
#[test]
fn a_verdict_leaves_a_receipt_that_names_exactly_what_was_answered() {
    let stage = Stage::new();
    let world = World::new(&stage).reach(StateName::Accepted);
    let Phase::Accepted(acceptance) = world.handoff.phase() else {
        panic!("not accepted")
    };
    let receipt = &acceptance.receipt;
    assert_eq!(receipt.verdict, Verdict::Accepted);
    assert_eq!(receipt.package, stage.digest("good"));
    assert_eq!(receipt.contract, stage.contract.digest());
    assert_eq!(receipt.by.principal.as_str(), "bob");
    assert_eq!(acceptance.baseline.number, 1);
    assert_eq!(acceptance.follows, None);
}

// spec: LIFECYCLE-6
#[test]
fn every_event_says_who_when_by_which_request_and_why() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Offered);
    let events = world.must(&bob(), world.decline());
    let Change::Declined { receipt } = &events[0].change else {
        panic!("not declined: {events:?}")
    };
    assert_eq!(receipt.reason, "not ours");
    for event in &world.events {
        assert_eq!(event.handoff.as_str(), "h-1");
        assert!(!event.key.as_str().is_empty());
    }
    let approvals = (world.events.iter()).filter_map(|event| match &event.change {
        Change::Approved { approval } => Some((approval, event)),
        _ => None,
    });
    for (approval, event) in approvals {
        assert_eq!(approval.by, event.by);
        assert_eq!(approval.package, stage.digest("good"));
        assert!(!approval.reason.is_empty());
    }
}

// spec: LIFECYCLE-22
#[test]
fn whoever_has_to_act_is_told_once_per_move() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Completed);
    world.requests += 1;
    let told: Vec<(String, Vec<String>)> = (world.events.iter())
        .filter_map(|event| match &event.change {
            Change::Noticed { notice } => {
                let to = notice.to.iter().map(ToString::to_string).collect();
                Some((notice.about.clone(), to))
            }
            _ => None,
        })
        .collect();
    let expected = [
        ("gated", vec!["product-lead", "safety-lead"]),
        ("offered", vec!["payments"]),
        ("accepted", vec!["design"]),
        ("completed", vec!["design"]),
    ];
    let told: Vec<(&str, Vec<&str>)> = (told.iter())
        .map(|(about, to)| (about.as_str(), to.iter().map(String::as_str).collect()))
        .collect();
    assert_eq!(told, expected);
}

// spec: LIFECYCLE-29
#[test]
fn what_an_acceptance_leaves_over_is_queued() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Drafted);
    world.must(&ada(), world.submit("thin"));
    world.must(&baton(), World::check());
    world.pass_gates();
    world.must(&baton(), World::offer("payments"));
    let events = world.must(&bob(), world.accept());
    let queued: Vec<_> = (events.iter())
        .filter_map(|event| match &event.change {
            Change::FollowUpQueued { follow_up } => Some(follow_up),
            _ => None,
        })
        .collect();
    assert_eq!(queued.len(), 1, "{queued:?}");
    assert_eq!(queued[0].kind, FollowUpKind::UnresolvedRisk);
    assert_eq!(queued[0].subject.as_str(), "states-covered");
    assert_eq!(queued[0].owner.as_str(), "designer");
    assert_eq!(queued[0].id, "h-1.unresolved-risk.states-covered");
}

// spec: LIFECYCLE-1
#[test]
fn an_event_that_does_not_follow_is_refused() {
    let stage = Stage::new();
    let world = World::new(&stage).reach(StateName::Offered);
    for gap in 0..world.events.len() {
        let mut events = world.events.clone();
        events.remove(gap);
        let left_out = baton_mission::handoff::replay(&events);
        assert!(
            left_out.is_err() || gap + 1 == world.events.len(),
            "without event {gap}"
        );
    }
    let mut swapped = world.events.clone();
    swapped.swap(2, 3);
    let misfit = baton_mission::handoff::replay(&swapped).unwrap_err();
    assert_eq!(misfit.code().number(), 1321);
}
