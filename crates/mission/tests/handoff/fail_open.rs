//! Where well-known tools fail open in the life of a handoff, and what Baton does there instead: one test per row. Rows
//! about rollouts, evidence and scoring are in `crates/scoring/tests/fail_open.rs`, those about recovery with the store.

use baton_mission::handoff::{
    Ask, Change, Command, Event, IncidentCause, Refusal, StateName, TimerKind,
};
use serde_json::json;

use crate::world::{CONTRACT, Stage, World, actor, ada, baton, bob, cleo, id, lea, max, nia, olga};

fn reason() -> String {
    "because".to_owned()
}

/// Seen in Pact Broker: no rows considered means deployable.
// spec: LIFECYCLE-16
#[test]
fn nothing_checked_is_never_a_pass() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Submitted);
    world.sabotage = Some(|check| {
        check.findings.clear();
        check.gates.clear();
        check.nothing_checked = true;
    });
    world.must(&baton(), World::check());
    assert_eq!(world.escalated_for(), Some(&IncidentCause::NothingChecked));
    // Oversight that lets it go on does not make it checked.
    world.must(&olga(), Ask::Resume { reason: reason() });
    world.must_not(&baton(), World::offer("payments"), 1311);
}

/// Seen in Wave: the timeout of a gate takes the default, documented as approve.
// spec: LIFECYCLE-15
#[test]
fn expiry_never_approves() {
    let stage = Stage::new();
    for (gate, expected) in [
        ("product", StateName::Expired),
        ("safety", StateName::Escalated),
    ] {
        let mut world = World::new(&stage).reach(StateName::Gated);
        if gate == "product" {
            // The earlier gate is met, so that only the later one runs out.
            world.must(&max(), world.approve(&["safety"]));
            world.must(&nia(), world.approve(&["safety"]));
        }
        let events = world.run_out(&TimerKind::Gate { gate: id(gate) });
        assert_eq!(world.state(), expected, "{gate}");
        let words = World::words(&events);
        assert!(!words.contains(&"gates-passed") && !words.contains(&"approved"));
    }
    for kind in [TimerKind::Acknowledge, TimerKind::Verdict] {
        let mut world = World::new(&stage).reach(StateName::Offered);
        let events = world.run_out(&kind);
        assert!(!World::words(&events).contains(&"accepted"), "{kind:?}");
    }
    // It cannot even be written down.
    for word in ["approve", "accept", "pass"] {
        assert_eq!(baton_contract::model::GateExpiry::from_word(word), None);
        assert_eq!(baton_contract::model::DeadlineExpiry::from_word(word), None);
    }
}

/// Seen in GitHub environments: any one of the listed reviewers suffices, the one who pushed included.
// spec: LIFECYCLE-12
#[test]
fn one_listed_approver_does_not_suffice() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.must(&lea(), world.approve(&["product"]));
    world.must(&max(), world.approve(&["safety"]));
    world.must_not(&baton(), World::offer("payments"), 1311);
    let colleague = actor("gus/person/design/safety-lead/approve");
    world.must_not(&colleague, world.approve(&["safety"]), 1305);
    world.must(&nia(), world.approve(&["safety"]));
    world.must(&baton(), World::offer("payments"));
}

/// Seen in GitLab 425759: an approval is spent on the wrong rule, and another rule stays short.
// spec: LIFECYCLE-13
#[test]
fn an_approval_is_never_spent_on_the_wrong_gate() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    for who in [nia(), max()] {
        world.must(&who, world.approve(&["product", "safety"]));
    }
    world.must(&lea(), world.approve(&["product"]));
    world.must(&baton(), World::offer("payments"));
}

/// Seen in Camunda 7 #4865: a stale assignee completes, and history names the wrong person.
// spec: LIFECYCLE-5
#[test]
fn a_stale_party_completes_nothing() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Offered);
    world.requests += 1;
    let outdated = world.command(world.accept());
    let team = id("search");
    world.must(
        &olga(),
        Ask::Reassign {
            team,
            reason: reason(),
        },
    );
    let refusal = world.decide(&bob(), &outdated).unwrap_err();
    assert!(
        matches!(refusal, Refusal::StaleRevision { .. }),
        "{refusal}"
    );
    world.must_not(&bob(), world.accept(), 1304);
    let events = world.must(&cleo(), world.accept());
    assert!(events.iter().all(|event| event.by == cleo().stamp()));
}

/// Seen in Camunda 8 #41367: the decision itself is missing from the audit.
// spec: LIFECYCLE-6
#[test]
fn every_decision_is_in_the_record_with_actor_digest_and_reason() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    let approved = world.must(&lea(), world.approve(&["product"]));
    let rejected = world.must(&max(), world.reject("safety"));
    let mut declined = World::new(&stage).reach(StateName::Offered);
    let package = declined.current().to_string();
    let declined = declined.must(&bob(), declined.decline());
    for (events, who, why) in [
        (approved, "lea", "it is sound"),
        (rejected, "max", "it may hurt people"),
        (declined, "bob", "not ours"),
    ] {
        let written = serde_json::to_string(&events[0]).unwrap();
        for part in [who, why, events[0].request.to_string().as_str()] {
            assert!(written.contains(part), "{part} in {written}");
        }
        let names_package = written.contains(&package);
        let is_rejection = matches!(events[0].change, Change::Rejected { .. });
        assert!(names_package || is_rejection, "{written}");
    }
}

/// Seen in A2A: sending twice may run twice.
// spec: LIFECYCLE-4
#[test]
fn sending_twice_runs_once() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Offered);
    world.requests += 1;
    let accept = world.command(world.accept());
    let events = world.decide(&bob(), &accept).unwrap();
    world.take(&events);
    assert_eq!(world.decide(&bob(), &accept), Ok(Vec::new()));
    let places = world
        .events
        .iter()
        .filter(|event| matches!(event.change, Change::Accepted { .. }));
    assert_eq!(places.count(), 1);
    let without_key = json!({
        "baton": "handoff-command/v1", "handoff": "h-1", "expects": 0, "ask": {"do": "acknowledge"},
    });
    assert!(serde_json::from_value::<Command>(without_key).is_err());
}

/// Seen in Restate #5079: retries are exhausted, and nobody is told.
// spec: LIFECYCLE-22
#[test]
fn every_parked_and_every_last_state_tells_somebody() {
    let stage = Stage::new();
    let told = |events: &[Event], state: StateName| {
        let notices = events.iter().filter(|event| match &event.change {
            Change::Noticed { notice } => notice.about == state.word() && !notice.to.is_empty(),
            _ => false,
        });
        assert_eq!(notices.count(), 1, "{state}");
    };
    let mut spent = World::new(&stage).reach(StateName::Submitted);
    let step = baton_mission::handoff::Step::Evidence;
    let last = (0..4)
        .map(|_| spent.must(&baton(), World::failed(step)))
        .last();
    told(&last.unwrap(), StateName::Escalated);
    let mut stuck = World::second(&stage).reach(StateName::Offered);
    stuck.must(&baton(), World::delivered(None));
    let events = stuck.must(&olga(), Ask::RollBack { reason: reason() });
    told(&events, StateName::RollbackBlocked);
    let effect = stuck.handoff.effects()[0].id.to_string();
    told(
        &stuck.must(&olga(), World::leave(&effect)),
        StateName::RolledBack,
    );
    let mut taken_back = World::new(&stage).reach(StateName::Offered);
    let events = taken_back.must(&ada(), Ask::Withdraw { reason: reason() });
    told(&events, StateName::Withdrawn);
    let mut late = World::new(&stage).reach(StateName::Offered);
    told(&late.run_out(&TimerKind::Verdict), StateName::Expired);
}

/// Seen by users of Temporal: new code silently picks up old runs.
// spec: LIFECYCLE-3
#[test]
fn another_version_of_contract_or_rules_picks_up_nothing() {
    let stage = Stage::new();
    let newer = Stage::of(&CONTRACT.replace("version: 1.0.0", "version: 1.0.1"));
    let mut world = World::new(&stage).reach(StateName::Gated);
    let mut moved = World {
        stage: &newer,
        ..world.clone()
    };
    moved.must_not(&lea(), world.approve(&["product"]), 1309);
    let mut record = serde_json::to_value(&world.events).unwrap();
    for event in record.as_array_mut().unwrap() {
        if let Some(pin) = event["change"].get_mut("pin") {
            pin["lifecycle"] = json!("0");
        }
    }
    let record: Vec<Event> = serde_json::from_value(record).unwrap();
    world.handoff = baton_mission::handoff::replay(&record).unwrap();
    world.must_not(&lea(), world.approve(&["product"]), 1309);
}

/// Seen in agent SDKs: the model decides whether to ask or to hand off.
// spec: LIFECYCLE-11
#[test]
fn an_agent_proposes_and_never_decides_for_people() {
    let contract = CONTRACT.replace("kind: any", "kind: agent");
    let stage = Stage::of(&contract);
    let agent = actor("bot+zoe/agent/design/designer+product-lead/submit+approve+operate+admin");
    let mut world = World::new(&stage);
    world.must(&agent, World::open());
    let people = Stage::new();
    let mut world = World::new(&people).reach(StateName::Gated);
    world.must_not(&agent, World::check(), 1304);
    world.must_not(&agent, world.approve(&["product"]), 1306);
    world.must_not(&agent, World::offer("payments"), 1304);
    world.must_not(&agent, Ask::Escalate { reason: reason() }, 1306);
}

/// Seen in manual-approval#182: the list of approvers is taken from the caller.
// spec: LIFECYCLE-11
#[test]
fn approvers_come_from_the_pinned_contract_alone() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    let stranger = actor("eve/person/x/approver+safety-1ead/approve");
    world.must_not(&stranger, world.approve(&["safety"]), 1304);
    world.must_not(&max(), world.approve(&["made-up"]), 1318);
    let mut smuggled = serde_json::to_value(world.approve(&["safety"])).unwrap();
    smuggled["approvers"] = json!(["eve"]);
    assert!(serde_json::from_value::<Ask>(smuggled).is_err());
}

/// Seen in Kruise #352: approving needs write access to everything.
// spec: LIFECYCLE-7
#[test]
fn approving_is_a_permission_of_its_own() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    let approve = world.approve(&["product"]);
    let all_others = actor("lea/person/product/product-lead/read+submit+operate+admin");
    world.must_not(&all_others, approve.clone(), 1304);
    world.must(&actor("lea/person/product/product-lead/approve"), approve);
    world.must_not(&lea(), Ask::Escalate { reason: reason() }, 1304);
}

/// Seen in in-toto#455: a mismatch only warns.
// spec: LIFECYCLE-16
#[test]
fn a_failed_blocker_sends_back_and_a_lesser_gap_stays_in_sight() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Drafted);
    world.must(&ada(), world.submit("untitled"));
    world.must(&baton(), World::check());
    assert_eq!(world.state(), StateName::NeedsInput);
    let mut world = World::new(&stage).reach(StateName::Drafted);
    world.must(&ada(), world.submit("thin"));
    world.must(&baton(), World::check());
    world.pass_gates();
    world.must(&baton(), World::offer("payments"));
    let events = world.must(&bob(), world.accept());
    let queued = events
        .iter()
        .filter(|event| matches!(event.change, Change::FollowUpQueued { .. }));
    assert_eq!(queued.count(), 1);
}
