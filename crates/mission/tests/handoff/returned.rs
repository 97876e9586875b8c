//! What goes back to the sender: by the check, by approvers, by the receiver; and waivers.

use baton_mission::handoff::{Ask, Asked, Change, IncidentCause, Phase, StateName};
use baton_scoring::wire::{FindingState, Posture};

use crate::world::{Stage, World, actor, ada, baton, bob, id, instant, olga, otto};

// spec: LIFECYCLE-16
#[test]
fn an_unmet_blocker_goes_back_with_what_to_do() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Drafted);
    world.must(&ada(), world.submit("untitled"));
    world.must(&baton(), World::check());
    let Phase::NeedsInput(returned) = world.handoff.phase() else {
        panic!("{}", world.state())
    };
    assert_eq!(returned.asked, Asked::Check);
    assert_eq!(
        returned.unmet[0]
            .subject
            .as_ref()
            .map(baton_terms::Id::as_str),
        Some("titled")
    );
    assert_eq!(returned.unmet[0].what, "Give it a title.");
    assert_eq!(returned.receipt, None);
}

// spec: LIFECYCLE-16
#[test]
fn unknown_is_never_a_pass() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Submitted);
    world.sabotage = Some(|check| {
        check.findings[0].state = FindingState::Unknown;
        check.posture = Posture::Ready;
    });
    world.must(&baton(), World::check());
    assert_eq!(world.state(), StateName::NeedsInput);
}

// spec: LIFECYCLE-16
#[test]
fn a_critical_posture_goes_back_even_if_every_clause_is_met() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Submitted);
    world.sabotage = Some(|check| check.posture = Posture::Critical);
    world.must(&baton(), World::check());
    let Phase::NeedsInput(returned) = world.handoff.phase() else {
        panic!("{}", world.state())
    };
    assert!(returned.unmet[0].what.contains("critical"));
}

// spec: LIFECYCLE-19
#[test]
fn needs_input_says_what_is_missing_and_declining_says_why() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Offered);
    let package = world.current();
    world.must_not(
        &bob(),
        Ask::NeedInput {
            package,
            unmet: Vec::new(),
        },
        1315,
    );
    world.must_not(&bob(), world.need_input("  "), 1315);
    world.must_not(
        &bob(),
        Ask::Decline {
            package,
            reason: String::new(),
        },
        1315,
    );
    world.must_not(
        &bob(),
        Ask::Decline {
            package,
            reason: "x".repeat(4_001),
        },
        1315,
    );
    world.must(&bob(), world.need_input("the error text"));
    let Phase::NeedsInput(returned) = world.handoff.phase() else {
        panic!("{}", world.state())
    };
    let receipt = returned.receipt.as_ref().unwrap();
    assert_eq!(receipt.unmet, returned.unmet);
}

// spec: LIFECYCLE-19
#[test]
fn what_was_sent_back_by_people_does_not_come_again_unchanged() {
    let stage = Stage::new();
    for state in [StateName::NeedsInput, StateName::Declined] {
        let mut world = World::new(&stage).reach(state);
        world.must_not(&ada(), world.submit("good"), 1310);
        world.must(&ada(), world.submit("noted"));
    }
    // After a check it may: an artifact that could not be had may be there now.
    let mut world = World::new(&stage).reach(StateName::Drafted);
    world.must(&ada(), world.submit("untitled"));
    world.must(&baton(), World::check());
    world.must(&ada(), world.submit("untitled"));
}

// spec: LIFECYCLE-16
#[test]
fn submissions_end_at_the_budget() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Drafted);
    for round in 1..=3 {
        world.must(&ada(), world.submit("untitled"));
        world.must(&baton(), World::check());
        let expected = if round < 3 {
            StateName::NeedsInput
        } else {
            StateName::Escalated
        };
        assert_eq!(world.state(), expected, "round {round}");
    }
    assert_eq!(
        world.escalated_for(),
        Some(&IncidentCause::SubmissionsSpent { submissions: 3 })
    );
    world.must(
        &olga(),
        Ask::Resume {
            reason: "one more".to_owned(),
        },
    );
    assert_eq!(world.state(), StateName::NeedsInput);
}

// spec: LIFECYCLE-17
#[test]
fn a_moved_posture_names_the_clauses_that_moved_it() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Drafted);
    world.must(&ada(), world.submit("untitled"));
    world.must(&baton(), World::check());
    world.must(&ada(), world.submit("good"));
    let events = world.must(&baton(), World::check());
    let moved = events.iter().find_map(|event| match &event.change {
        Change::PostureMoved { from, to, causes } => Some((*from, *to, causes.clone())),
        _ => None,
    });
    assert_eq!(
        moved,
        Some((Posture::Critical, Posture::Review, vec![id("titled")]))
    );
}

fn waiver(name: &str, clause: &str) -> Ask {
    Ask::Waive {
        waiver: id(name),
        clause: id(clause),
        reason: "renamed next week".to_owned(),
        owner: "ada".parse().unwrap(),
        expires: instant("2026-12-31T00:00:00Z"),
    }
}

// spec: LIFECYCLE-26
#[test]
fn a_waiver_has_reason_owner_approver_and_end_and_counts_against_the_budget() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Drafted);
    world.must(&ada(), world.submit("untitled"));
    world.must(&baton(), World::check());
    let change = |edit: &dyn Fn(&mut Ask)| {
        let mut ask = waiver("w-1", "titled");
        edit(&mut ask);
        ask
    };
    let without_reason = change(&|ask| {
        if let Ask::Waive { reason, .. } = ask {
            reason.clear();
        }
    });
    world.must_not(&otto(), without_reason, 1315);
    let expired = change(&|ask| {
        if let Ask::Waive { expires, .. } = ask {
            *expires = instant("2026-11-23T09:00:00Z");
        }
    });
    world.must_not(&otto(), expired, 1314);
    let own = change(&|ask| {
        if let Ask::Waive { owner, .. } = ask {
            *owner = "otto".parse().unwrap();
        }
    });
    world.must_not(&otto(), own, 1314);
    world.must_not(&otto(), waiver("w-1", "made-up"), 1314);
    world.must_not(
        &actor("ada/person/product-operations/owner/approve"),
        waiver("w-1", "titled"),
        1305,
    );
    world.must_not(
        &actor("bot+otto/agent/product-operations/owner/approve"),
        waiver("w-1", "titled"),
        1306,
    );
    world.must_not(
        &actor("eve/person/sales/seller/approve"),
        waiver("w-1", "titled"),
        1304,
    );
    world.must(&otto(), waiver("w-1", "titled"));
    assert_eq!(world.state(), StateName::Submitted);
    world.must_not(&otto(), waiver("w-2", "titled"), 1314);
    let refusal = world.must_not(&otto(), waiver("w-2", "states-covered"), 1314);
    assert!(refusal.to_string().contains("budget of 1"), "{refusal}");
}

// spec: LIFECYCLE-26
#[test]
fn a_contract_without_a_budget_allows_no_waiver() {
    let contract = crate::world::CONTRACT.replace("budget: {attempts: 3, waivers: 1}\n", "");
    let stage = Stage::of(&contract);
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.must_not(&otto(), waiver("w-1", "titled"), 1314);
}

// spec: LIFECYCLE-26
#[test]
fn what_a_person_asked_for_can_not_be_waived_and_a_waiver_asks_approvers_again() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::NeedsInput);
    world.must_not(&otto(), waiver("w-1", "titled"), 1314);
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.pass_gates();
    world.must(&otto(), waiver("w-1", "titled"));
    world.must(&baton(), World::check());
    world.must_not(&baton(), World::offer("payments"), 1311);
}
