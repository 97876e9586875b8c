//! Missions driven in one process: what they end in, and what stops them.

use std::cell::RefCell;

use baton_engine::missions::file::InputName;
use baton_engine::missions::{
    Given, Keeper, Means, Performed, Performer, StepFailure, Time as _, Work, drive,
    incident_packet, outcome, readings,
};
use baton_engine::port::Ledger as _;
use baton_mission::retry::Failure;
use baton_mission::run::{Command, Outcome, Presence};
use baton_report::mission::OutcomeReport;
use baton_scoring::wire::Posture;
use baton_terms::{Digest, Id};
use baton_testkit::store::MemoryStore;

use super::world::{FakeTime, Fault, Faulty, Measured, TOLD, World, ended, go, means};

// spec: MISSION-22
#[test]
fn a_mission_ends_with_its_report_and_a_second_run_writes_the_same_bytes() {
    let world = World::new();
    let (store, report) = ended(&[], &world);
    assert_eq!(report.ended, "completed", "{report:#?}");
    let handoffs = report.handoffs.as_ref().unwrap();
    assert_eq!(handoffs.now.checked, 80);
    assert_eq!(report.outcomes[0].is_met, Some(false));
    assert_eq!(report.outcomes[1].is_met, Some(true));
    assert_eq!(report.posture, Some(Posture::Review));
    assert!(
        report
            .follow_ups
            .iter()
            .any(|one| one.task.contains("not-sent-back"))
    );
    // The same store says it again, and another one finds it anew.
    let run = world.run(&[]);
    let mut work = Work::new(&run, means(&world, 1));
    let again = go(&store, (&world, &run, &FakeTime::new()), &mut work).unwrap();
    assert_eq!(again, report);
    assert_eq!(ended(&[], &world).1, report);
    assert_eq!(store.messages().len(), TOLD);
}

// spec: MISSION-23
#[test]
fn a_crash_between_any_two_writes_ends_in_the_same_state() {
    let world = World::new();
    let (whole, expected) = ended(&[], &world);
    let run = world.run(&[]);
    let stream = run.stream().unwrap();
    let lines = |store: &MemoryStore| store.lines(&stream, 0, 100).unwrap().len();
    for fault in [Fault::Before, Fault::After, Fault::Unknown, Fault::Lost] {
        for at in 0.. {
            let store = MemoryStore::new();
            let faulty = Faulty::new(&store, Some(at), fault);
            let time = FakeTime::new();
            let first = go(
                &faulty,
                (&world, &run, &time),
                &mut Work::new(&run, means(&world, 2)),
            );
            let is_over = faulty.appends.get() <= at;
            let again = go(
                &store,
                (&world, &run, &time),
                &mut Work::new(&run, means(&world, 1)),
            )
            .unwrap();
            assert_eq!(again, expected, "{fault:?} at {at}: {first:?}");
            assert_eq!(lines(&store), lines(&whole), "{fault:?} at {at}");
            assert_eq!(store.messages().len(), TOLD, "{fault:?} at {at}");
            if is_over {
                assert!(at >= 4, "{at}");
                break;
            }
        }
    }
}

// spec: MISSION-24
#[test]
fn a_cap_set_too_low_stops_it_and_the_packet_names_cap_and_entries() {
    let world = World::new();
    let (store, report) = ended(&[("rows: 1000", "rows: 100")], &world);
    assert_eq!(report.ended, "escalated");
    let escalation = report.escalation.as_ref().unwrap();
    assert_eq!(escalation.caps, ["rows"]);
    assert_eq!(escalation.choices, ["withdraw"]);
    assert_eq!(report.steps.len(), 1);
    let run = world.run(&[("rows: 1000", "rows: 100")]);
    let time = FakeTime::new();
    let keeper = Keeper::open(&store, &time, &run).unwrap();
    let packet = incident_packet(&run, keeper.mission()).unwrap();
    let stream = run.stream().unwrap();
    assert_eq!(packet.trace, stream.as_str());
    for mark in &packet.escalation.entries {
        let line = &store.lines(&stream, mark.entry, 1).unwrap()[0];
        let text = String::from_utf8(line.bytes.clone()).unwrap();
        assert!(
            text.contains(&format!("\"mission-{}\"", mark.kind)),
            "{text}"
        );
    }
    assert_eq!(packet.escalation.entries.last().unwrap().kind, "escalated");
    assert_eq!(ended(&[("rows: 1000", "rows: 100")], &world).1, report);
}

// spec: MISSION-25
#[test]
fn preflight_lists_everything_that_is_missing_at_once() {
    let world = World::new()
        .without(InputName::Fields)
        .without(InputName::Flags);
    let needs = "needs: {key: true, validation: true, approvals: [{role: owner, signer: \"o-*\"}]}\nbudget:";
    let edits = [("budget:", needs)];
    let (store, report) = ended(&edits, &world);
    assert_eq!(report.ended, "missing");
    let wanted = [
        "flag `check-on`",
        "field `fields`",
        "field `keyring`",
        "`signing-key`",
        "approval by `owner`",
        "validation report",
    ];
    for part in wanted {
        assert!(
            report.missing.iter().any(|one| one.contains(part)),
            "{part} in {:?}",
            report.missing
        );
    }
    assert_eq!(report.missing.len(), wanted.len(), "{:?}", report.missing);
    assert!(report.steps.is_empty());
    assert_eq!(store.messages().len(), TOLD);
}

/// Does what it is told, one word per attempt: `ok`, `late` (fails once more), `drift`.
struct Told(RefCell<Vec<&'static str>>);

impl Performer for Told {
    fn perform(&mut self, step: &Id, _: &[Vec<u8>]) -> Result<Performed, StepFailure> {
        let word = self.0.borrow_mut().pop().unwrap_or("ok");
        if word == "late" {
            return Err(StepFailure {
                failure: Failure::Transient,
                reason: "no answer".to_owned(),
            });
        }
        let document = step.as_str().as_bytes().to_vec();
        let output = Digest::of(&document);
        Ok(Performed {
            outcome: Outcome {
                output,
                posture: Posture::Ready,
                used: Vec::new(),
                measured: Vec::new(),
                open: Vec::new(),
            },
            document,
            replayed: if word == "drift" {
                Digest::of(b"other")
            } else {
                output
            },
            beside: Vec::new(),
        })
    }
    fn compensate(&mut self, _: &Id, _: &Id) -> Result<(), String> {
        Err("nothing to undo".to_owned())
    }
}

#[track_caller]
fn check(words: &[&'static str], expected: &str) -> OutcomeReport {
    let world = World::new();
    let run = world.run(&[]);
    let store = MemoryStore::new();
    let words = words.iter().rev().copied().collect();
    let report = go(
        &store,
        (&world, &run, &FakeTime::new()),
        &mut Told(RefCell::new(words)),
    )
    .unwrap();
    assert_eq!(report.ended, expected, "{report:#?}");
    report
}

// spec: MISSION-26
#[test]
fn failures_are_retried_and_broken_determinism_is_quarantined() {
    check(&["late", "ok", "late", "late", "ok"], "completed");
    let blocked = check(&["ok", "late", "late", "late", "late"], "escalated");
    assert!(blocked.escalation.unwrap().why.contains("no answer"));
    let broken = check(&["ok", "drift"], "quarantined");
    let escalation = broken.escalation.unwrap();
    assert!(escalation.why.contains("other bytes"), "{}", escalation.why);
    assert_eq!(escalation.entries.last().unwrap().kind, "quarantined");
}

// spec: MISSION-27
#[test]
fn a_contracting_mission_gathers_checks_and_judges() {
    let (_, report) = ended(&[], &World::new());
    let steps: Vec<&str> = report.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(steps, ["gather", "check", "judge"]);
    let handoffs = report.handoffs.unwrap();
    // Every second handover goes back to where the case came from.
    assert!(handoffs.now.met <= 40, "{:?}", handoffs.now);
    assert_eq!(
        report.outcomes[0].value,
        i64::try_from(handoffs.now.met * 10_000 / 80).ok()
    );
}

// spec: MISSION-29
#[test]
fn what_was_before_is_the_baseline_and_charges_count() {
    let from = "inputs:";
    let half = "compare_from: 2026-01-01T10:00:00Z\ncharges: {money_units: 7}\ninputs:";
    let measured = (
        "direction: higher, baseline: 10, target: 9000",
        "direction: higher, baseline: measure, target: 9000",
    );
    let world = World::new();
    let (_, report) = ended(&[(from, half), measured], &world);
    let handoffs = report.handoffs.unwrap();
    assert_eq!((handoffs.before.checked, handoffs.now.checked), (40, 40));
    let before = i64::try_from(handoffs.before.met * 10_000 / 40).unwrap();
    assert_eq!(report.outcomes[0].baseline, Some(before));
    let (_, stopped) = ended(&[(from, half), ("rows: 1000", "money_units: 6")], &world);
    assert_eq!(stopped.escalation.unwrap().caps, ["money_units"]);
}

/// Runs the mission of the world with these caps and charges, where this is measured.
#[track_caller]
fn capped(budget: &str, charges: &str, levels: Option<(u64, u64)>) -> OutcomeReport {
    let mut world = World::new();
    let contract = world.0.get_mut(&InputName::Contract).unwrap();
    *contract = contract.replace("to: {role", "to: {teams: [b, c], role");
    let charges = format!("charges: {charges}\ninputs:");
    let run = world.run(&[("inputs:", &charges), ("rows: 1000", budget)]);
    let store = MemoryStore::new();
    let time = FakeTime::new();
    let gauges = Measured(levels);
    let mut keeper = Keeper::open(&store, &time, &run).unwrap();
    let given = Given {
        key: Presence::Absent,
        approvals: Vec::new(),
        now: time.now(),
        gauges: &gauges,
    };
    let start = Command::Start(readings(&run, &world, &given));
    keeper.commit(&start, &[]).unwrap();
    let means = Means {
        gauges: &gauges,
        ..means(&world, 2)
    };
    drive(&mut keeper, &mut Work::new(&run, means)).unwrap();
    let document = |digest: &Digest| keeper.document(digest).unwrap();
    outcome(&run, keeper.mission(), &document)
}

// spec: MISSION-30
#[test]
fn what_is_capped_is_measured_and_what_nobody_measures_is_missing() {
    let level = |budget: &str, levels| {
        let report = capped(budget, "{}", levels);
        let caps = report.escalation.map(|escalation| escalation.caps);
        (report.ended, caps.unwrap_or_default(), report.steps.len())
    };
    let stopped = |cap: &str, steps| ("escalated".to_owned(), vec![cap.to_owned()], steps);
    let completed = ("completed".to_owned(), Vec::new(), 3);
    let pressure = "resource_pressure_cap: 8000";
    assert_eq!(level(pressure, Some((8_000, 9))), completed);
    let found = level(pressure, Some((8_001, 0)));
    assert_eq!(found, stopped("resource_pressure_cap", 1));
    assert_eq!(level("open_work: 4", Some((9_999, 4))), completed);
    assert_eq!(level("open_work: 4", Some((0, 5))), stopped("open_work", 1));
    for (budget, gauge) in [
        (pressure, "memory-gauge"),
        ("open_work: 4", "receiving-teams"),
    ] {
        let report = capped(budget, "{}", None);
        assert_eq!(report.ended, "missing");
        assert!(report.missing[0].contains(gauge), "{:?}", report.missing);
    }
}

// spec: MISSION-30
#[test]
fn an_attempt_costs_what_its_step_is_declared_to_cost() {
    let costs = "{money_units: 3, steps: {gather: 2, check: 10, judge: 1}}";
    let stopped_after = |budget: &str| {
        let report = capped(budget, costs, None);
        (report.ended, report.steps.len())
    };
    assert_eq!(
        stopped_after("money_units: 16"),
        ("completed".to_owned(), 3)
    );
    assert_eq!(
        stopped_after("money_units: 15"),
        ("escalated".to_owned(), 2)
    );
    assert_eq!(
        stopped_after("money_units: 14"),
        ("escalated".to_owned(), 1)
    );
    assert_eq!(stopped_after("money_units: 1"), ("escalated".to_owned(), 0));
}
