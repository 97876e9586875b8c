//! A mission's life: preflight, steps, retries, rollback.

use baton_scoring::wire::Posture;
use baton_terms::Digest;

use super::super::*;

use super::world::*;

// spec: MISSION-1
#[test]
fn preflight_lists_everything_that_is_missing_at_once_and_executes_nothing() {
    let mut plan = plan(&[]);
    plan.scope.clear();
    plan.goals.clear();
    let missing = preflight(&plan, &Readings::default());
    let shown: Vec<String> = missing
        .iter()
        .map(|missing| format!("{}: {}", missing.what, missing.found))
        .collect();
    let digest = Digest::of(b"contract");
    assert_eq!(
        shown,
        [
            "a scope: nothing",
            "1 to 1000 steps: 0 steps",
            "an outcome with a target: nothing",
            "flag `contracts-on` on: not read",
            "field `log`: not read",
            "dependency `store`: not read",
            "approval by `owner`: not read",
            &format!("validation report for {digest}: not read"),
        ]
    );
    let mission = Mission::new(plan);
    let events = decide(&mission, &Command::Start(Readings::default()), at(0)).unwrap();
    assert_eq!(events, [Event::PreflightMissing { missing }]);
    let mission = apply(mission, &events[0], at(0)).unwrap();
    assert_eq!(next_effects(&mission), []);
}

// spec: MISSION-2
#[test]
fn a_flag_that_is_off_or_unknown_and_a_need_that_is_absent_or_unknown_are_missing() {
    let plan = plan(STEPS);
    let whole = readings(&plan);
    assert_eq!(preflight(&plan, &whole), []);
    let reason = || "no answer".to_owned();
    for flag in [FlagPosture::Off, FlagPosture::Unknown { reason: reason() }] {
        let mut readings = whole.clone();
        readings.flags.insert(id("contracts-on"), flag);
        assert_eq!(preflight(&plan, &readings).len(), 1);
    }
    for need in &plan.needs {
        for presence in [Presence::Absent, Presence::Unknown { reason: reason() }] {
            let mut readings = whole.clone();
            readings.needs.insert(need.clone(), presence);
            let missing = preflight(&plan, &readings);
            assert_eq!(missing.len(), 1, "{need}");
            assert_eq!(missing[0].diagnostic().code, PREFLIGHT_MISSING);
        }
    }
    let mut twice = plan.clone();
    twice.steps.push(twice.steps[0].clone());
    assert_eq!(preflight(&twice, &whole)[0].found, "`read` again");
}

// spec: MISSION-3
#[test]
fn steps_follow_each_other_and_a_guided_mission_waits_for_a_person() {
    check(plan(STEPS), "", "drafted");
    check(plan(STEPS), "start", "executing");
    check(plan(STEPS), "start, ok read, ok write", "executing");
    let world = check(
        plan(STEPS),
        "start, ok read, ok write, ok tell",
        "completed",
    );
    assert_eq!(world.notices, [NoticeKind::Completed]);
    let guided = || Plan {
        autonomy: Autonomy::Guided,
        ..plan(STEPS)
    };
    check(guided(), "start, ok read", "confirming");
    check(guided(), "start, ok read, yes", "executing");
    let world = check(
        guided(),
        "start, ok read, yes, ok write, yes, ok tell",
        "completed",
    );
    let asked = NoticeKind::Confirming;
    assert_eq!(world.notices, [asked, asked, NoticeKind::Completed]);
}

// spec: MISSION-4
#[test]
fn a_failed_attempt_is_tried_again_when_its_time_has_come_and_not_before() {
    let mut world = World::run(plan(STEPS), "start");
    assert_eq!(world.take("fail read 1").unwrap(), ["attempt-failed"]);
    let Phase::Retrying { at: due, .. } = *world.mission.phase() else {
        panic!("a retry waits");
    };
    assert_eq!(next_effects(&world.mission), [Effect::WakeAt { at: due }]);
    let early = decide(&world.mission, &Command::Wake, at(world.now)).unwrap();
    assert_eq!(early, []);
    let began = decide(&world.mission, &Command::Wake, due).unwrap();
    assert_eq!(began[0].word(), "attempt-began");
    let tries = "start, fail read 1, wake, fail read 2, wake, fail read 3, wake";
    check(plan(STEPS), tries, "executing");
    let world = check(plan(STEPS), &format!("{tries}, fail read 4"), "escalated");
    assert_eq!(world.notices, [NoticeKind::Escalated]);
    check(plan(STEPS), "start, broken read", "escalated");
    check(plan(STEPS), "start, broken read, resume", "executing");
    check(
        plan(STEPS),
        "start, fail read 1, wake, ok read 2",
        "executing",
    );
}

#[test]
fn the_posture_is_that_of_the_last_step_that_is_done() {
    for (commands, posture) in [
        ("start", None),
        ("start, broken read", None),
        ("start, ok read", Some(Posture::Ready)),
        ("start, ok read, critical write", Some(Posture::Critical)),
    ] {
        assert_eq!(World::run(plan(STEPS), commands).mission.posture(), posture);
    }
}

// spec: MISSION-5
#[test]
fn critical_posture_repeated_failures_and_failed_guardrails_roll_back() {
    check(plan(STEPS), "start, critical read", "rolled-back");
    check(
        plan(STEPS),
        "start, ok read, critical write",
        "rolling-back",
    );
    check(
        plan(STEPS),
        "start, ok read, critical write, undone write",
        "rolled-back",
    );
    check(plan(STEPS), "start, guard", "rolled-back");
    check(
        plan(STEPS),
        "start, ok read, ok write, guard",
        "rolling-back",
    );
    check(
        plan(STEPS),
        "start, broken read, resume, broken read",
        "rolled-back",
    );
    let careless = || Plan {
        roll_back_on: Vec::new(),
        ..plan(STEPS)
    };
    check(careless(), "start, critical read", "escalated");
    check(careless(), "start, guard", "escalated");
    check(
        careless(),
        "start, broken read, resume, broken read",
        "escalated",
    );
    let first = || Plan {
        baseline: None,
        ..plan(STEPS)
    };
    let world = check(first(), "start, critical read", "escalated");
    let packet = packet(&world.mission).unwrap();
    assert!(matches!(packet.why, Some(Why::NoBaseline { .. })));
    assert_eq!(packet.choices, ["withdraw"]);
}

// spec: MISSION-5
#[test]
fn a_rollback_says_what_caused_it() {
    let principal = || "ines".parse().unwrap();
    for (commands, expected) in [
        (
            "start, ok read, critical write",
            RollbackCause::CriticalPosture,
        ),
        (
            "start, broken read, resume, broken read",
            RollbackCause::RepeatedFailures { failures: 2 },
        ),
        (
            "start, ok read, guard",
            RollbackCause::FailedGuardrail {
                guardrail: Guardrail::Quality,
            },
        ),
        (
            "start, ok read, broken write, roll-back",
            RollbackCause::Asked {
                principal: principal(),
                reason: "seen".to_owned(),
            },
        ),
    ] {
        let world = World::run(plan(STEPS), commands);
        let mut causes = world
            .records
            .iter()
            .filter_map(|record| match &record.event {
                Event::RollbackStarted { cause } => Some(cause),
                _ => None,
            });
        assert_eq!(causes.next(), Some(&expected), "{commands}");
    }
}

// spec: MISSION-6
#[test]
fn a_rollback_undoes_what_may_have_been_changed_in_reverse_and_stops_where_it_cannot() {
    let begun = "start, ok read, ok write, broken tell, roll-back";
    let world = check(plan(STEPS), begun, "rolling-back");
    let key = "mission-1/tell/undo".to_owned();
    let undo = Effect::Compensate {
        effect: id("tell"),
        compensation: id("undo"),
        key,
    };
    assert_eq!(next_effects(&world.mission), [undo]);
    let world = check(plan(STEPS), &format!("{begun}, stuck tell"), "rolling-back");
    assert_eq!(
        world.notices,
        [NoticeKind::Escalated, NoticeKind::CompensationFailed]
    );
    let packet = packet(&world.mission).unwrap();
    assert_eq!(packet.failed.unwrap().effect, id("tell"));
    assert_eq!(packet.choices, ["try-again", "leave"]);
    let clean = format!("{begun}, stuck tell, again, undone tell, undone write");
    check(plan(STEPS), &clean, "rolled-back");
    let left = format!("{begun}, stuck tell, leave, undone write");
    let world = check(plan(STEPS), &left, "rolled-back");
    let report = outcome_report(&world.mission).unwrap();
    assert!(
        report
            .follow_ups
            .iter()
            .any(|task| task.task == "effect `tell` was left in place")
    );
    let forever = plan(&["read", "mail-forever"]);
    let world = check(
        forever,
        "start, ok read, critical mail-forever",
        "rolling-back",
    );
    assert_eq!(world.notices, [NoticeKind::CompensationFailed]);
}
