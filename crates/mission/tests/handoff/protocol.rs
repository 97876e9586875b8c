//! Keys, revisions, pins and written forms.

use baton_mission::handoff::{
    Ask, Change, CheckSummary, Command, Event, Facts, NotRepeated, Refusal, SEMANTICS, StateName,
    Terms, decide, decide_again,
};
use baton_mission::names::Revision;
use baton_terms::Digest;
use serde_json::{Value, json};

use crate::world::{Stage, World, actor, ada, baton, bob, cleo, lea, max};

// spec: LIFECYCLE-4
#[test]
fn the_same_request_again_does_nothing_again() {
    // Fail-open table, A2A: sending twice runs once.
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Drafted);
    world.requests += 1;
    let command = world.command(world.submit("good"));
    let events = world.decide(&ada(), &command).unwrap();
    world.take(&events);
    let after = world.handoff.clone();
    assert_eq!(world.decide(&ada(), &command), Ok(Vec::new()));
    // Also later, and with the revision looked at again: the request is the same one.
    world.must(&baton(), World::check());
    let looked_again = Command {
        expects: world.handoff.revision(),
        ..command.clone()
    };
    assert_eq!(world.decide(&ada(), &looked_again), Ok(Vec::new()));
    let answer = world
        .handoff
        .answer(&ada().principal, &command.key)
        .unwrap();
    assert_eq!(answer.revision, after.revision());
}

// spec: LIFECYCLE-4
#[test]
fn the_same_key_with_another_body_is_a_conflict() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Drafted);
    world.requests += 1;
    let first = world.command(world.submit("good"));
    world.take(&world.decide(&ada(), &first).unwrap());
    let other = Command {
        ask: world.submit("noted"),
        ..first.clone()
    };
    let refusal = world.decide(&ada(), &other).unwrap_err();
    assert_eq!(refusal.code().number(), 1303);
    // Somebody else's key of the same name is another key.
    let by_bob = Command {
        ask: World::check(),
        ..first
    };
    let refusal = world.decide(&bob(), &by_bob).unwrap_err();
    assert_ne!(refusal.code().number(), 1303);
}

// spec: LIFECYCLE-4
#[test]
fn a_command_without_a_key_is_not_read() {
    let command = json!({
        "baton": "handoff-command/v1", "handoff": "h-1", "expects": 0,
        "ask": {"do": "acknowledge"},
    });
    assert!(serde_json::from_value::<Command>(command).is_err());
}

// spec: LIFECYCLE-5
#[test]
fn a_command_for_an_older_revision_is_refused() {
    // Fail-open table, Camunda 7 #4865: a stale party completes nothing.
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Offered);
    world.requests += 1;
    let outdated = world.command(world.accept());
    let reassign = Ask::Reassign {
        team: crate::world::id("search"),
        reason: "ill".to_owned(),
    };
    world.must(&crate::world::olga(), reassign);
    let refusal = world.decide(&bob(), &outdated).unwrap_err();
    assert_eq!(refusal.code().number(), 1302);
    // And with the current revision it is the wrong team.
    world.must_not(&bob(), world.accept(), 1304);
    world.must(&cleo(), world.accept());
    // From the future is no better.
    world.requests += 1;
    let mut ahead = world.command(Ask::Complete { outputs: None });
    ahead.expects = Revision::new(ahead.expects.get() + 1);
    assert_eq!(
        world.decide(&cleo(), &ahead).unwrap_err().code().number(),
        1302
    );
}

// spec: LIFECYCLE-3
#[test]
fn a_handoff_goes_on_under_the_contract_it_was_submitted_under() {
    // Fail-open table, Temporal users: new code does not silently pick up old runs.
    let stage = Stage::new();
    let newer = Stage::of(&crate::world::CONTRACT.replace("version: 1.0.0", "version: 1.0.1"));
    let mut world = World::new(&stage).reach(StateName::Gated);
    assert_eq!(
        world.handoff.phase().dossier().unwrap().pin.lifecycle,
        SEMANTICS
    );
    world.requests += 1;
    let command = world.command(world.approve(&["product"]));
    let under = |terms: &Terms| {
        decide(
            &world.handoff,
            &command,
            &Facts::at(world.now, &lea(), terms),
        )
    };
    let refusal = under(&newer.terms).unwrap_err();
    assert_eq!(refusal.code().number(), 1309);
    assert!(matches!(
        refusal,
        Refusal::OtherTerms {
            what: "contract",
            ..
        }
    ));
    under(&stage.terms).unwrap();
    let mut document = serde_json::to_value(&world.events).unwrap();
    for event in document.as_array_mut().unwrap() {
        if let Some(pin) = event["change"].get_mut("pin") {
            pin["lifecycle"] = json!("0");
        }
    }
    let events: Vec<Event> = serde_json::from_value(document).unwrap();
    let old = baton_mission::handoff::replay(&events).unwrap();
    let refusal = decide(&old, &command, &Facts::at(world.now, &lea(), &stage.terms)).unwrap_err();
    assert!(
        matches!(
            refusal,
            Refusal::OtherTerms {
                what: "lifecycle rules",
                ..
            }
        ),
        "{refusal}"
    );
}

// spec: LIFECYCLE-3
#[test]
fn a_package_or_check_of_something_else_is_refused() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Submitted);
    let sabotages: [fn(&mut CheckSummary); 2] = [
        |check| check.package = Digest::of(b"another"),
        |check| check.contract = Digest::of(b"another"),
    ];
    for sabotage in sabotages {
        world.sabotage = Some(sabotage);
        world.must_not(&baton(), World::check(), 1310);
    }
    // Events out of order: an older check does not replace a newer one.
    world.sabotage = None;
    world.must(&baton(), World::check());
    world.sabotage = Some(|check| check.as_of = "2026-11-22T00:00:00Z".parse().unwrap());
    world.must_not(&baton(), World::check(), 1310);
    world.must_not(&ada(), World::offer("payments"), 1304);
    let mut drafted = World::new(&stage).reach(StateName::Drafted);
    let package = Digest::of(b"never read");
    drafted.must_not(&ada(), Ask::Submit { package }, 1310);
}

// spec: LIFECYCLE-30
#[test]
fn unknown_fields_formats_and_words_are_refused() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Offered);
    let command = serde_json::to_value(world.command(world.accept())).unwrap();
    let event = serde_json::to_value(&world.events[1]).unwrap();
    let reads_command = |value: &Value| serde_json::from_value::<Command>(value.clone()).is_ok();
    let reads_event = |value: &Value| serde_json::from_value::<Event>(value.clone()).is_ok();
    assert!(reads_command(&command) && reads_event(&event));
    let edit = |value: &Value, pointer: &str, key: &str, new: Value| {
        let mut value = value.clone();
        value.pointer_mut(pointer).unwrap()[key] = new;
        value
    };
    for broken in [
        edit(&command, "", "actor", json!("eve")),
        edit(&command, "", "on_behalf_of", json!(["ada"])),
        edit(&command, "/ask", "roles", json!(["product-lead"])),
        edit(&command, "/ask", "do", json!("auto-approve")),
        edit(&command, "", "baton", json!("handoff-command/v2")),
    ] {
        assert!(!reads_command(&broken), "{broken}");
    }
    for broken in [
        edit(&event, "", "extra", json!(1)),
        edit(&event, "/change", "extra", json!(1)),
        edit(&event, "/change/package", "extra", json!(1)),
        edit(&event, "/change", "change", json!("auto-approved")),
        edit(&event, "", "baton", json!("handoff-event/v2")),
    ] {
        assert!(!reads_event(&broken), "{broken}");
    }
    world.must(&bob(), world.accept());
    world.assert_replays();
}

// spec: LIFECYCLE-6
#[test]
fn no_command_says_who_acts_or_when() {
    // Fail-open table, agent SDKs and Camunda 8 #41367: the credential says who, the event keeps it.
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    let agent = actor("bot+zoe/agent/product/product-lead/approve");
    world.must_not(&agent, world.approve(&["product"]), 1306);
    let events = world.must(&max(), world.approve(&["safety"]));
    assert_eq!(events[0].by.principal.as_str(), "max");
    assert_eq!(events[0].at, world.now);
}

// spec: LIFECYCLE-31
#[test]
fn what_is_empty_or_too_much_is_refused() {
    let stage = Stage::new();
    let mut world = World::new(&stage);
    let open = |work_item: String| Ask::Open {
        work_item,
        contract: crate::world::id("design-to-build"),
        reopens: None,
    };
    world.must_not(&ada(), open(String::new()), 1315);
    world.must_not(&ada(), open("x".repeat(201)), 1315);
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.must_not(&lea(), world.approve(&[]), 1315);
    let many: Vec<&str> = std::iter::repeat_n("product", 51).collect();
    world.must_not(&lea(), world.approve(&many), 1315);
}

// spec: LIFECYCLE-6
#[test]
fn every_refusal_can_be_shown() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    let refusal = world.must_not(&bob(), world.accept(), 1301);
    let diagnostic = refusal.to_diagnostic();
    assert_eq!(
        diagnostic.message,
        "failed to accept a handoff that is gated"
    );
    assert!(!diagnostic.hint.is_empty());
    let refusal = world.must_not(&baton(), World::offer("payments"), 1311);
    let shown = refusal.to_diagnostic().message;
    assert!(
        shown.contains("gate `product` has 0 of 1 approvals"),
        "{shown}"
    );
}

/// An offer that sets a timer in business time, as it was recorded: before it, the command, its events.
fn recorded_offer(stage: &Stage) -> (World<'_>, Command, Vec<Event>) {
    let mut world = World::new(stage).reach(StateName::Gated);
    world.pass_gates();
    world.requests += 1;
    let command = world.command(World::offer("payments"));
    let events = world.decide(&baton(), &command).unwrap();
    (world, command, events)
}

fn again(world: &World<'_>, command: &Command, events: &[Event]) -> Result<(), NotRepeated> {
    let engine = baton();
    let facts = Facts::at(world.now, &engine, &world.stage.terms);
    decide_again(&world.handoff, command, (&facts, events))
}

// spec: LIFECYCLE-34
#[test]
fn a_recorded_decision_comes_out_again_or_names_both_digests() {
    let stage = Stage::new();
    let (world, command, mut events) = recorded_offer(&stage);
    assert_eq!(again(&world, &command, &events), Ok(()));
    let other = Command {
        ask: World::offer("sales"),
        ..command.clone()
    };
    let refused = again(&world, &other, &events).unwrap_err();
    assert_eq!(refused.code().number(), 1310, "{refused}");
    if let Change::Offered { reason, .. } = &mut events[0].change {
        reason.push('!');
    }
    let diverged = again(&world, &command, &events).unwrap_err();
    assert_eq!(diverged.code().number(), 1321, "{diverged}");
    let NotRepeated::Diverged(divergence) = diverged else {
        panic!("{diverged}")
    };
    assert_ne!(divergence.recorded, divergence.replayed);
}

// spec: LIFECYCLE-34, CLOCK-5
#[test]
fn a_decision_counted_with_another_time_zone_database_is_not_repeated() {
    // Bad input list: tzdb change between record and replay.
    let stage = Stage::new();
    let (world, command, events) = recorded_offer(&stage);
    let version = baton_contract::calendar::tzdb_version();
    let counted: Vec<_> = (events.iter())
        .filter_map(|event| match &event.change {
            Change::TimerSet { timer } => timer.counted_in.clone(),
            _ => None,
        })
        .collect();
    assert_eq!(
        counted.len(),
        1,
        "the verdict alone is due in business time"
    );
    assert_eq!(
        (counted[0].calendar.as_str(), counted[0].tzdb.as_str()),
        ("office", version)
    );
    for recorded in [Some("2019a"), None] {
        let mut old = events.clone();
        for event in &mut old {
            if let Change::TimerSet { timer } = &mut event.change
                && let Some(counted) = &mut timer.counted_in
            {
                match recorded {
                    Some(tzdb) => tzdb.clone_into(&mut counted.tzdb),
                    None => timer.counted_in = None,
                }
            }
        }
        let refused = again(&world, &command, &old).unwrap_err();
        assert_eq!(refused.code().number(), 1351);
        let told = refused.to_string();
        let recorded = format!("`{}`", recorded.unwrap_or_default());
        assert!(
            told.contains("`office`") && told.contains(version),
            "{told}"
        );
        assert!(told.contains(&recorded), "{told}");
        // What follows such a record is not repeated either, though it counts nothing itself.
        if recorded != "``" {
            let mut after = world.clone();
            after.take(&old);
            after.requests += 1;
            let next = after.command(Ask::Acknowledge {});
            let then = after.decide(&bob(), &next).unwrap();
            let receiver = bob();
            let facts = Facts::at(after.now, &receiver, &stage.terms);
            let refused = decide_again(&after.handoff, &next, (&facts, &then)).unwrap_err();
            assert_eq!(refused.code().number(), 1351);
        }
    }
}
