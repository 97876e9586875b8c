//! What a mission promises: quarantine, caps, once told, replay.

use baton_contract::model::Budget;
use baton_scoring::wire::Posture;
use baton_terms::{Digest, Elapsed};
use proptest::prelude::*;

use super::super::*;
use crate::budget::Cap;

use super::world::*;

// spec: MISSION-7
#[test]
fn a_run_that_breaks_determinism_is_quarantined_and_never_goes_on() {
    let world = check(plan(STEPS), "start, drift read", "quarantined");
    assert_eq!(world.notices, [NoticeKind::Quarantined]);
    for text in ["resume", "ok read", "wake", "start", "yes"] {
        let mut world = World::run(plan(STEPS), "start, drift read");
        let events = world.take(text).unwrap_or_default();
        assert_eq!(events, Vec::<&str>::new(), "{text}");
        assert_eq!(world.mission.phase().word(), "quarantined", "{text}");
    }
    check(plan(STEPS), "start, drift read, roll-back", "rolled-back");
    check(plan(STEPS), "start, drift read, withdraw", "withdrawn");
}

// spec: MISSION-8
#[test]
fn reaching_a_cap_stops_the_mission_says_which_and_escalates() {
    let capped = |budget: Budget| Plan {
        budget,
        ..plan(STEPS)
    };
    let rows = Budget {
        rows: Some(15),
        ..Budget::default()
    };
    let attempts = Budget {
        attempts: Some(2),
        ..Budget::default()
    };
    let time = Budget {
        time: Some(Elapsed::from_seconds(15)),
        ..Budget::default()
    };
    let money = Budget {
        money_units: Some(14),
        ..Budget::default()
    };
    let none = Budget {
        attempts: Some(0),
        ..Budget::default()
    };
    for (budget, commands, cap, used) in [
        (rows, "start, ok read, ok write", Cap::Rows, 10),
        (attempts, "start, ok read, ok write", Cap::Attempts, 2),
        (
            time.clone(),
            "start, fail read 1, wake, fail read 2",
            Cap::Time,
            0,
        ),
        (time, "start, ok read, ok write", Cap::Time, 0),
        (
            money.clone(),
            "start, ok read, ok write",
            Cap::MoneyUnits,
            10,
        ),
        // A retry costs again.
        (
            money,
            "start, fail read 1, wake, ok read 2",
            Cap::MoneyUnits,
            10,
        ),
        (none, "start", Cap::Attempts, 0),
    ] {
        let mut world = check(capped(budget), commands, "escalated");
        assert_eq!(world.notices, [NoticeKind::Escalated]);
        let packet = packet(&world.mission).unwrap();
        let Some(Why::CapReached { caps }) = packet.why else {
            panic!("a cap is named");
        };
        assert_eq!((caps[0].cap, caps[0].used), (cap, used), "{commands}");
        let named = packet.events.last().unwrap();
        assert_eq!(
            (named.word, named.sequence),
            ("escalated", world.mission.revision())
        );
        let refusal = world.take("resume").unwrap_err();
        assert!(matches!(refusal, Refusal::CapStillReached(_)), "{refusal}");
        assert_eq!(refusal.code(), CAP_REACHED);
    }
}

// spec: MISSION-8
#[test]
fn a_cap_that_finished_steps_reach_exactly_is_not_overrun() {
    for (rows, resumes) in [(19, false), (20, true)] {
        let mut plan = plan(STEPS);
        plan.budget.rows = Some(rows);
        let mut world = World::run(plan, "start, ok read, ok write");
        if resumes {
            world.take("broken tell").unwrap();
        }
        assert_eq!(world.mission.phase().word(), "escalated");
        assert_eq!(world.take("resume").is_ok(), resumes, "{rows} rows");
    }
}

// spec: MISSION-8
#[test]
fn a_mission_without_another_step_has_nothing_to_resume() {
    let mut plan = plan(STEPS);
    plan.budget.rows = Some(25);
    let world = check(plan, "start, ok read, ok write, ok tell", "escalated");
    let resumed = Event::Resumed {
        principal: "ines".parse().unwrap(),
        reason: "seen".to_owned(),
    };
    assert!(apply(world.mission, &resumed, at(world.now)).is_err());
}

// spec: MISSION-8
#[test]
fn time_counts_while_a_process_is_at_a_step_and_at_no_other_time() {
    let mut guided = plan(STEPS);
    guided.autonomy = Autonomy::Guided;
    guided.budget.time = Some(Elapsed::from_seconds(25));
    let mut world = World::run(guided, "start, ok read, wake, wake, wake, wake, yes");
    assert_eq!(world.mission.phase().word(), "executing");
    assert_eq!(world.mission.used(Cap::Time), 10);
    // Nobody was at it over the weekend.
    world.now += 200_000;
    assert_eq!(world.take("wake").unwrap(), Vec::<&str>::new());
    world.take("fail write 1").unwrap();
    assert_eq!(world.mission.phase().word(), "retrying");
    assert_eq!(world.mission.used(Cap::Time), 20);
    world.now += 200_000;
    world.take("wake").unwrap();
    assert_eq!(world.mission.phase().word(), "executing");
    assert_eq!(world.mission.used(Cap::Time), 20);
}

// spec: MISSION-9
#[test]
fn telling_again_changes_nothing_and_telling_otherwise_is_refused() {
    let mut world = World::run(plan(STEPS), "start, fail read 1, wake, ok read 2");
    for text in ["ok read 2", "fail read 1", "ok read 1"] {
        assert_eq!(world.take(text).unwrap(), Vec::<&str>::new(), "{text}");
    }
    let mut other = done("read", 1, Posture::Ready);
    if let StepReport::Done { outcome, .. } = &mut other {
        outcome.output = Digest::of(b"other");
    }
    let refusal = decide(&world.mission, &Command::Report(other), at(99)).unwrap_err();
    assert_eq!(refusal, Refusal::Contradiction { step: id("read") });
    for text in ["ok tell", "ok write 2", "fail write 2", "ok nothing"] {
        let refusal = world.take(text).unwrap_err();
        assert!(matches!(refusal, Refusal::NotUnderWay { .. }), "{text}");
    }
}

// spec: MISSION-10
#[test]
fn a_command_without_meaning_names_the_phase_and_the_command() {
    for (commands, text, expected) in [
        ("", "yes", "apply `confirm` to a mission that is `drafted`"),
        (
            "start",
            "start",
            "apply `start` to a mission that is `executing`",
        ),
        (
            "start",
            "resume",
            "apply `resume` to a mission that is `executing`",
        ),
        (
            "start",
            "again",
            "apply `unwind` to a mission that is `executing`",
        ),
        (
            "withdraw",
            "start",
            "apply `start` to a mission that is `withdrawn`",
        ),
        (
            "withdraw",
            "wake",
            "apply `wake` to a mission that is `withdrawn`",
        ),
        (
            "start, critical read",
            "roll-back",
            "apply `roll-back` to a mission that is `rolled-back`",
        ),
        (
            "start, ok read, critical write",
            "withdraw",
            "apply `withdraw` to a mission that is `rolling-back`",
        ),
        ("start, ok read", "withdraw", "begun to change something"),
        (
            "start, ok read, critical write",
            "undone read",
            "`read` is not the effect to undo now",
        ),
    ] {
        let mut world = World::run(plan(STEPS), commands);
        let refusal = world.take(text).unwrap_err().to_string();
        assert!(refusal.contains(expected), "{commands}, {text}: {refusal}");
    }
    let mission = Mission::new(plan(STEPS));
    let silent = Command::Withdraw {
        principal: "ines".parse().unwrap(),
        reason: " ".to_owned(),
    };
    let refusal = decide(&mission, &silent, at(0)).unwrap_err();
    assert_eq!(
        refusal,
        Refusal::NoReason {
            command: "withdraw"
        }
    );
}

// spec: MISSION-11
#[test]
fn the_report_judges_outcomes_and_unknown_is_never_met() {
    for (measured, value, is_met) in [
        (None, None, None),
        (Some((250, 19)), Some(250), None),
        (Some((250, 20)), Some(250), Some(true)),
        (Some((301, 20)), Some(301), Some(false)),
    ] {
        let mut world = World::run(plan(&["read"]), "start");
        let mut report = done("read", 1, Posture::Review);
        if let StepReport::Done { outcome, .. } = &mut report {
            outcome.measured = measured
                .map(|(value, sample)| Measure {
                    outcome: id("bounces"),
                    value,
                    sample,
                })
                .into_iter()
                .collect();
        }
        for event in decide(&world.mission, &Command::Report(report), at(20)).unwrap() {
            world.mission = apply(world.mission, &event, at(20)).unwrap();
        }
        let report = outcome_report(&world.mission).unwrap();
        assert_eq!(
            (report.outcomes[0].value, report.outcomes[0].is_met),
            (value, is_met)
        );
        assert_eq!(report.follow_ups.len(), usize::from(is_met != Some(true)));
        assert_eq!(report.posture, Some(Posture::Review));
        assert_eq!(report.links["trace"], "https://t.example/mission-1");
    }
    assert_eq!(
        outcome_report(&World::run(plan(STEPS), "start").mission),
        None
    );
}

// spec: MISSION-12
#[test]
fn events_are_read_back_as_written_and_unknown_fields_are_refused() {
    let world = World::run(
        plan(STEPS),
        "start, ok read, critical write, stuck write, leave",
    );
    for record in &world.records {
        let text = serde_json::to_string(record).unwrap();
        assert_eq!(&serde_json::from_str::<Recorded>(&text).unwrap(), record);
        let more = text.replacen('{', "{\"more\":1,", 1);
        assert!(serde_json::from_str::<Recorded>(&more).is_err());
    }
}

// spec: MISSION-12
#[test]
fn a_record_that_was_cut_reordered_or_belongs_elsewhere_is_refused() {
    let world = World::run(plan(STEPS), "start, ok read, ok write, ok tell");
    let records = &world.records;
    for index in 0..records.len() - 1 {
        let mut cut = records.clone();
        cut.remove(index);
        assert!(replay(plan(STEPS), &cut).is_err(), "{index}");
        let mut swapped = records.clone();
        swapped.swap(index, index + 1);
        assert!(replay(plan(STEPS), &swapped).is_err(), "{index}");
    }
    let mut foreign = records.clone();
    foreign[0].mission = id("mission-2");
    assert!(replay(plan(STEPS), &foreign).is_err());
    let mut elsewhere = World::run(plan(STEPS), "start, drift read, roll-back").records;
    let last = elsewhere.last_mut().unwrap();
    last.event = Event::RolledBack {
        to: Digest::of(b"another baseline"),
    };
    assert!(replay(plan(STEPS), &elsewhere).is_err());
}

const COMMANDS: &[&str] = &[
    "start",
    "ok read",
    "ok write",
    "ok tell",
    "critical write",
    "drift tell",
    "fail read 1",
    "fail read 2",
    "fail write 1",
    "broken write",
    "broken tell",
    "wake",
    "yes",
    "guard",
    "undone tell",
    "undone write",
    "stuck write",
    "again",
    "leave",
    "resume",
    "roll-back",
    "withdraw",
];

proptest! {
    // spec: MISSION-10
    #[test]
    fn any_commands_in_any_order_keep_every_promise(
        picks in proptest::collection::vec(0..COMMANDS.len(), 0..40),
        is_guided in any::<bool>(),
        attempts in 0_u64..12,
    ) {
        let mut plan = plan(STEPS);
        plan.budget.attempts = Some(attempts);
        if is_guided {
            plan.autonomy = Autonomy::Guided;
        }
        let mut world = World::new(plan.clone());
        for pick in picks {
            let before = world.mission.clone();
            let (told, recorded) = (world.notices.len(), world.records.len());
            if world.take(COMMANDS[pick]).is_err() {
                prop_assert_eq!(&before, &world.mission);
            }
            // A terminal mission never changes, and each parking or end is told exactly once.
            if before.phase().is_terminal() {
                prop_assert_eq!(&before, &world.mission);
            }
            if world.mission.phase().is_parked() && world.records.len() > recorded {
                prop_assert_eq!(world.notices.len(), told + 1);
            }
            prop_assert!(world.mission.used(Cap::Attempts) <= attempts);
            // Somebody's turn: either there is an effect to perform, or people were told.
            let is_moving = !next_effects(&world.mission).is_empty();
            let is_drafted = world.mission.revision() == 0;
            prop_assert!(is_moving || is_drafted || world.mission.phase().is_parked());
        }
        prop_assert_eq!(replay(plan, &world.records).unwrap(), world.mission);
    }
}
