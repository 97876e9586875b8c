//! Effects and their compensations: undone last first, and answered for where they stay.

use baton_mission::compensation::Undone;
use baton_mission::handoff::{
    Ask, AttemptOutcome, Change, IncidentCause, Phase, StateName, Step, TimerKind,
};

use crate::world::{Stage, World, actor, baton, bob, olga};

fn reason() -> String {
    "it went wrong".to_owned()
}

/// Rolled back after deliveries; a word that is not empty is what undoes one.
fn rolling<'s>(stage: &'s Stage, deliveries: &[&str]) -> (World<'s>, Vec<String>) {
    let mut world = World::second(stage).reach(StateName::Offered);
    for undone_by in deliveries {
        let undone_by = (!undone_by.is_empty()).then_some(*undone_by);
        world.must(&baton(), World::delivered(undone_by));
    }
    let effects = world.handoff.effects().iter();
    let effects = effects.map(|effect| effect.id.to_string()).collect();
    world.must(&olga(), Ask::RollBack { reason: reason() });
    (world, effects)
}

fn undone(world: &World<'_>) -> Vec<Undone> {
    match world.handoff.phase() {
        Phase::RolledBack(closing) => closing.undone.clone(),
        _ => panic!("{}", world.state()),
    }
}

// spec: LIFECYCLE-21, ROLLBACK-2
#[test]
fn effects_are_undone_in_reverse_and_then_it_is_rolled_back() {
    let stage = Stage::new();
    let (mut world, effects) = rolling(&stage, &["recall", "recall"]);
    assert_eq!(world.state(), StateName::RollingBack);
    // The work item is back at once: who comes next does not wait for the undoing.
    assert_eq!(world.baseline.as_ref().map(|b| b.number), Some(1));
    world.must_not(&baton(), World::compensated(&effects[0]), 1310);
    world.must_not(&baton(), World::compensated("made-up"), 1310);
    world.must_not(&olga(), World::compensated(&effects[1]), 1304);
    world.must(&baton(), World::compensated(&effects[1]));
    assert_eq!(world.state(), StateName::RollingBack);
    world.must_not(&baton(), World::compensated(&effects[1]), 1310);
    let events = world.must(&baton(), World::compensated(&effects[0]));
    assert_eq!(world.state(), StateName::RolledBack);
    assert!(World::words(&events).contains(&"noticed"));
    assert!(undone(&world).iter().all(|undone| undone.left_by.is_none()));
    assert!(world.handoff.timers().is_empty());
    world.assert_replays();
}

// spec: LIFECYCLE-33
#[test]
fn a_failed_compensation_is_tried_again_and_then_parks_with_an_incident() {
    let stage = Stage::new();
    let (mut world, effects) = rolling(&stage, &["recall"]);
    let retry = TimerKind::Retry {
        step: Step::Compensation,
    };
    for attempt in 1..4_u32 {
        world.must(&baton(), World::not_compensated(&effects[0], false));
        assert_eq!(world.state(), StateName::RollingBack);
        assert_eq!(world.handoff.failed_attempts(Step::Compensation), attempt);
        world.run_out(&retry);
    }
    world.must(&baton(), World::not_compensated(&effects[0], false));
    assert_eq!(world.state(), StateName::RollbackBlocked);
    assert!(world.timer(&retry).is_none());
    let Phase::RollbackBlocked(blocked) = world.handoff.phase() else {
        panic!("{}", world.state())
    };
    assert_eq!(blocked.incident.owner.as_str(), "engineering-manager");
    assert_eq!(blocked.incident.state, "rolling-back");
    assert!(matches!(
        &blocked.incident.why,
        IncidentCause::EffectStands { effect, attempts: 1, .. } if effect.as_str() == effects[0]
    ));
    // Not forgotten either: the ladder goes on.
    assert!(world.timer(&TimerKind::Rung { rung: 0 }).is_some());
    world.must_not(&baton(), World::compensated(&effects[0]), 1301);
    world.must(&olga(), World::retry(&effects[0]));
    assert_eq!(world.handoff.failed_attempts(Step::Compensation), 0);
    world.must(&baton(), World::not_compensated(&effects[0], true));
    assert_eq!(world.state(), StateName::RollbackBlocked);
    world.must(&olga(), World::retry(&effects[0]));
    world.must(&baton(), World::compensated(&effects[0]));
    assert_eq!(world.state(), StateName::RolledBack);
    world.assert_replays();
}

// spec: LIFECYCLE-33, ROLLBACK-3
#[test]
fn an_effect_stays_only_where_a_named_person_answers_for_it() {
    let stage = Stage::new();
    // A delivery that nothing undoes parks at once, and so does the next one.
    let (mut world, effects) = rolling(&stage, &["recall", "", ""]);
    assert_eq!(world.state(), StateName::RollbackBlocked);
    world.must_not(&olga(), World::retry(&effects[2]), 1310);
    world.must_not(&olga(), World::leave(&effects[1]), 1310);
    world.must_not(&baton(), World::leave(&effects[2]), 1306);
    for card in [
        "bot+olga/agent/delivery/engineering-manager/operate",
        "ida+olga/person/delivery/engineering-manager/operate",
    ] {
        world.must_not(&actor(card), World::leave(&effects[2]), 1306);
    }
    world.must_not(&bob(), World::leave(&effects[2]), 1304);
    let silent = Ask::Leave {
        effect: effects[2].parse().unwrap(),
        reason: " ".to_owned(),
    };
    world.must_not(&olga(), silent, 1315);
    world.must(&olga(), World::leave(&effects[2]));
    assert_eq!(world.state(), StateName::RollbackBlocked);
    world.must(&olga(), World::leave(&effects[1]));
    assert_eq!(world.state(), StateName::RollingBack);
    world.must(&baton(), World::compensated(&effects[0]));
    let left: Vec<_> = undone(&world)
        .into_iter()
        .filter_map(|undone| undone.left_by)
        .map(|left| (left.principal.to_string(), left.reason))
        .collect();
    let olga = ("olga".to_owned(), "they were called".to_owned());
    assert_eq!(left, [olga.clone(), olga]);
    world.assert_replays();
}

// spec: LIFECYCLE-33
#[test]
fn only_a_delivery_that_went_well_leaves_an_effect() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Offered);
    let report = |step, result| Ask::Report {
        step,
        result,
        compensation: Some("recall".parse().unwrap()),
    };
    let why = || "x".to_owned();
    for (step, result) in [
        (Step::Evidence, AttemptOutcome::Done),
        (Step::Notification, AttemptOutcome::Done),
        (Step::Compensation, AttemptOutcome::Done),
        (Step::Delivery, AttemptOutcome::Transient { why: why() }),
        (Step::Delivery, AttemptOutcome::Lasting { why: why() }),
    ] {
        world.must_not(&baton(), report(step, result), 1310);
    }
    world.must_not(&baton(), World::failed(Step::Compensation), 1310);
    let done = Ask::Report {
        step: Step::Evidence,
        result: AttemptOutcome::Done,
        compensation: None,
    };
    world.must(&baton(), done);
    assert!(world.handoff.effects().is_empty());
    let events = world.must(&baton(), World::delivered(Some("recall")));
    let effect = &world.handoff.effects()[0];
    assert_eq!(
        effect.id.as_str(),
        format!("delivery-{}", events[0].revision)
    );
}

// spec: LIFECYCLE-33
#[test]
fn a_rollback_that_leaves_out_an_effect_is_not_one_this_program_wrote() {
    let stage = Stage::new();
    let (world, _) = rolling(&stage, &["recall", "recall"]);
    let mut events = world.events.clone();
    for event in &mut events {
        if let Change::RolledBack { undo, .. } = &mut event.change {
            undo.pop();
        }
    }
    assert!(baton_mission::handoff::replay(&events).is_err());
    let mut events = world.events;
    for event in &mut events {
        if let Change::AttemptDone { effect, .. } = &mut event.change {
            *effect = None;
        }
    }
    assert!(baton_mission::handoff::replay(&events).is_err());
}
