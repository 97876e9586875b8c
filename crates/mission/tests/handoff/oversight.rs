//! Escalation, rollback and quarantine.

use baton_mission::handoff::{
    Ask, AttemptOutcome, Change, Divergence, IncidentCause, Phase, RollbackCause, StateName, Step,
    TimerKind,
};
use baton_scoring::wire::Posture;
use baton_terms::Digest;

use crate::world::{Stage, World, ada, baton, bob, lea, olga};

fn reason() -> String {
    "it went wrong".to_owned()
}

// spec: LIFECYCLE-21, ROLLBACK-1
#[test]
fn a_rollback_lands_on_what_was_accepted_before_and_tells_both_parties() {
    let stage = Stage::new();
    let mut world = World::second(&stage).reach(StateName::Accepted);
    assert_eq!(world.baseline.as_ref().map(|b| b.number), Some(2));
    let events = world.must(&olga(), Ask::RollBack { reason: reason() });
    let Change::RolledBack { why, to, .. } = &events[0].change else {
        panic!("{events:?}")
    };
    assert_eq!(*why, RollbackCause::Asked { reason: reason() });
    assert_eq!((to.number, to.handoff.as_str()), (1, "h-1"));
    let Change::Noticed { notice } = &events[1].change else {
        panic!("{events:?}")
    };
    let told: Vec<_> = notice.to.iter().map(baton_terms::Id::as_str).collect();
    assert_eq!(told, ["design", "payments"]);
    // The next acceptance takes a place of its own: one that was rolled back is not taken again.
    let mut third = World::new(&stage);
    third.baseline.clone_from(&world.baseline);
    third.places_taken = world.places_taken;
    third.id = "h-3";
    let third = third.reach(StateName::Accepted);
    assert_eq!(third.baseline.map(|b| b.number), Some(3));
}

// spec: LIFECYCLE-21
#[test]
fn without_a_baseline_there_is_nothing_to_return_to() {
    let stage = Stage::new();
    for state in [
        StateName::Gated,
        StateName::Offered,
        StateName::Accepted,
        StateName::Completed,
    ] {
        let mut world = World::new(&stage).reach(state);
        world.must_not(&olga(), Ask::RollBack { reason: reason() }, 1313);
    }
    // Of another work item it is none.
    let mut world = World::second(&stage).reach(StateName::Offered);
    if let Some(baseline) = &mut world.baseline {
        baseline.slot.work_item = "item-2".to_owned();
    }
    world.must_not(&olga(), Ask::RollBack { reason: reason() }, 1313);
}

// spec: LIFECYCLE-21
#[test]
fn a_rollback_does_not_sweep_later_work_away() {
    let stage = Stage::new();
    let mut older = World::second(&stage).reach(StateName::Completed);
    let newer = {
        let mut world = World::new(&stage);
        world.baseline.clone_from(&older.baseline);
        world.places_taken = older.places_taken;
        world.id = "h-3";
        world.reach(StateName::Accepted)
    };
    older.baseline.clone_from(&newer.baseline);
    older.must_not(&olga(), Ask::RollBack { reason: reason() }, 1313);
}

// spec: LIFECYCLE-20
#[test]
fn a_handoff_is_accepted_at_most_once() {
    let stage = Stage::new();
    let mut world = World::second(&stage).reach(StateName::Accepted);
    world.must_not(&bob(), world.accept(), 1301);
    world.must(&baton(), quarantine());
    world.must(&olga(), Ask::Release { reason: reason() });
    assert_eq!(world.state(), StateName::Accepted);
    world.must(&olga(), Ask::Escalate { reason: reason() });
    world.must(&baton(), quarantine());
    world.must_not(&ada(), Ask::Withdraw { reason: reason() }, 1301);
    world.must(&olga(), Ask::Release { reason: reason() });
    world.must(&olga(), Ask::Resume { reason: reason() });
    assert_eq!(world.state(), StateName::Accepted);
    world.assert_replays();
}

fn quarantine() -> Ask {
    Ask::Quarantine {
        divergence: Divergence {
            recorded: Digest::of(b"recorded"),
            replayed: Digest::of(b"replayed"),
        },
    }
}

// spec: LIFECYCLE-28
#[test]
fn a_quarantined_handoff_is_checked_anew_with_no_approval_left() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Offered);
    let same = Divergence {
        recorded: Digest::of(b"x"),
        replayed: Digest::of(b"x"),
    };
    world.must_not(&baton(), Ask::Quarantine { divergence: same }, 1310);
    world.must_not(&olga(), quarantine(), 1304);
    world.must(&baton(), quarantine());
    let Phase::Quarantined(parked) = world.handoff.phase() else {
        panic!("{}", world.state())
    };
    assert!(matches!(
        parked.incident.why,
        IncidentCause::Diverged { .. }
    ));
    let operator = crate::world::actor("olga/person/delivery/engineering-manager/operate");
    world.must_not(&operator, Ask::Release { reason: reason() }, 1304);
    world.must(&olga(), Ask::Release { reason: reason() });
    world.must(&baton(), World::check());
    assert_eq!(world.state(), StateName::Gated);
    world.must_not(&baton(), World::offer("payments"), 1311);
}

// spec: LIFECYCLE-27
#[test]
fn an_incident_names_its_owner_and_entries_of_the_trace() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.must(&lea(), world.approve(&["product"]));
    world.must(&olga(), Ask::Escalate { reason: reason() });
    let Phase::Escalated(parked) = world.handoff.phase() else {
        panic!("{}", world.state())
    };
    let incident = &parked.incident;
    assert_eq!(incident.owner.as_str(), "engineering-manager");
    assert_eq!(
        (incident.state.as_str(), incident.package),
        ("gated", Some(stage.digest("good")))
    );
    let entries: Vec<_> = incident
        .entries
        .iter()
        .map(|entry| entry.change.as_str())
        .collect();
    assert_eq!(
        entries,
        ["opened", "submitted", "checked", "gates-opened", "approved"]
    );
    for entry in &incident.entries {
        let event = world
            .events
            .iter()
            .find(|event| event.revision == entry.revision);
        assert_eq!(
            event.map(|event| event.change.word()),
            Some(entry.change.as_str())
        );
    }
    world.must(&olga(), Ask::Resume { reason: reason() });
    assert_eq!(world.state(), StateName::Gated);
    let dossier = world.handoff.phase().dossier().unwrap();
    assert_eq!(dossier.approvals.len(), 1);
}

// spec: LIFECYCLE-25
#[test]
fn attempts_follow_the_policy_and_the_last_one_tells_somebody() {
    // Fail-open table, Restate #5079.
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Submitted);
    let failed = || World::failed(Step::Evidence);
    for attempt in 1..4_u32 {
        world.must(&baton(), failed());
        let (_, due) = world
            .timer(&TimerKind::Retry {
                step: Step::Evidence,
            })
            .unwrap();
        let waited = due.since(world.now).unwrap().seconds();
        assert!(waited < 20, "attempt {attempt} waits {waited} s");
        assert_eq!(world.handoff.failed_attempts(Step::Evidence), attempt);
        world.run_out(&TimerKind::Retry {
            step: Step::Evidence,
        });
    }
    let events = world.must(&baton(), failed());
    assert!(matches!(
        world.escalated_for(),
        Some(IncidentCause::AttemptsSpent {
            step: Step::Evidence,
            attempts: 4,
            ..
        })
    ));
    assert!(World::words(&events).contains(&"noticed"));
    // A lasting failure is not tried again.
    let mut world = World::new(&stage).reach(StateName::Submitted);
    let result = AttemptOutcome::Lasting {
        why: "no such artifact".to_owned(),
    };
    world.must(
        &baton(),
        Ask::Report {
            step: Step::Evidence,
            result,
            compensation: None,
        },
    );
    assert_eq!(world.state(), StateName::Escalated);
}

// spec: LIFECYCLE-25
#[test]
fn repeated_failures_roll_back_to_the_baseline_or_escalate() {
    let stage = Stage::new();
    for (has_baseline, expected) in [(true, StateName::RolledBack), (false, StateName::Escalated)] {
        let mut world = if has_baseline {
            World::second(&stage)
        } else {
            World::new(&stage)
        };
        world = world.reach(StateName::Offered);
        let mut last = Vec::new();
        for _ in 0..3 {
            last = world.must(&baton(), World::failed(Step::Delivery));
        }
        assert_eq!(world.state(), expected);
        for event in last {
            if let Change::RolledBack { undo, why, .. } = event.change {
                assert_eq!(why, RollbackCause::RepeatedFailures { failures: 3 });
                assert!(undo.is_empty(), "{undo:?}");
            }
        }
    }
}

// spec: LIFECYCLE-17
#[test]
fn a_posture_that_turns_critical_in_flight_rolls_back_or_escalates() {
    let stage = Stage::new();
    for state in [StateName::Offered, StateName::Accepted] {
        for (has_baseline, expected) in
            [(true, StateName::RolledBack), (false, StateName::Escalated)]
        {
            let mut world = if has_baseline {
                World::second(&stage)
            } else {
                World::new(&stage)
            };
            world = world.reach(state);
            world.sabotage = Some(|check| check.posture = Posture::Critical);
            let events = world.must(&baton(), World::check());
            assert!(World::words(&events).contains(&"posture-moved"));
            assert_eq!(world.state(), expected, "{state}");
        }
    }
}

// spec: LIFECYCLE-17
#[test]
fn accepted_work_that_turns_critical_escalates_where_the_contract_does_not_roll_back() {
    let contract = crate::world::CONTRACT.replace(
        "[critical-posture, repeated-failures]",
        "[repeated-failures]",
    );
    let stage = Stage::of(&contract);
    let mut world = World::second(&stage).reach(StateName::Accepted);
    world.sabotage = Some(|check| check.posture = Posture::Critical);
    world.must(&baton(), World::check());
    assert_eq!(world.escalated_for(), Some(&IncidentCause::CriticalPosture));
    // Offered work goes back to its sender instead.
    let mut world = World::second(&stage).reach(StateName::Offered);
    world.sabotage = Some(|check| check.posture = Posture::Critical);
    world.must(&baton(), World::check());
    assert_eq!(world.state(), StateName::NeedsInput);
}

// spec: LIFECYCLE-18
#[test]
fn an_acceptance_is_looked_at_again_and_not_remembered() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Offered);
    world.sabotage = Some(|check| {
        check.findings[0].state = baton_scoring::wire::FindingState::Failed;
    });
    world.must(&baton(), World::check());
    assert_eq!(world.state(), StateName::NeedsInput);
    world.must_not(&bob(), world.accept(), 1301);
}
