//! Where outcomes stand, from what a store recorded.

use baton_engine::handoff::{Desk, Opening, open};
use baton_engine::outcomes::{Asked, OutcomesFailure, outcomes};
use baton_mission::handoff::{Ask, Unmet};
use baton_report::outcomes::{From, Line, Outcomes, Reading, Status, json};
use baton_terms::{Id, Instant};
use baton_testkit::clock::SetClock;
use baton_testkit::organization::{CONTRACT, form};
use baton_testkit::store::MemoryStore;

use crate::world::{World, ada, call, clock, olga, places};

/// What the contract of these tests declares.
const OUTCOMES: &str = "outcomes:
  - {id: bounces, metric: bounce-rate, unit: basis-points, direction: lower, baseline: measure, target: 5000, window: 7d, minimum_sample: 2}
  - {id: quick, metric: time-to-verdict-p50, unit: minutes, direction: lower, baseline: 60, target: 40, window: 30d, minimum_sample: 2}
  - {id: office, metric: time-to-verdict-p90, unit: business-minutes, direction: lower, baseline: 60, target: 480, window: 30d, minimum_sample: 9}
  - {id: again, metric: reopen-rate, unit: basis-points, direction: lower, baseline: 100, target: 100, window: 30d, minimum_sample: 1}
  - {id: even, metric: load-fairness, unit: basis-points, direction: higher, baseline: 5000, target: 9000, window: 30d, minimum_sample: 1}
  - {id: debt, metric: waiver-debt, unit: count, direction: lower, baseline: 9, target: 2, window: 30d, minimum_sample: 1}
  - {id: liked, metric: custom, source: a survey, unit: count, direction: higher, baseline: 1, target: 5, window: 30d}";

fn world<'a>(store: &'a dyn baton_engine::port::Store, clock: &'a SetClock) -> World<'a> {
    let (before, rest) = CONTRACT.split_once("outcomes:\n").unwrap();
    let (_, after) = rest.split_once("inputs:").unwrap();
    World {
        desk: Desk::new(store, clock),
        form: form(&format!("{before}{OUTCOMES}\ninputs:{after}")),
    }
}

/// Three answers on a Monday: after an hour, half an hour and twenty minutes. A fourth handoff waits.
fn monday(world: &World<'_>, clock: &SetClock) {
    world.to_offer("h-1", "item-1");
    clock.forward(3_600);
    let receiver = world.receiver("h-1");
    world.accept("h-1").unwrap();
    world
        .ask(
            &receiver,
            "h-1",
            ("complete", Ask::Complete { outputs: None }),
        )
        .unwrap();
    world.to_offer("h-2", "item-2");
    clock.forward(1_800);
    let unmet = vec![Unmet {
        subject: None,
        what: "the offline state".to_owned(),
    }];
    let package = world.package("h-2");
    let question = Ask::NeedInput { package, unmet };
    let receiver = world.receiver("h-2");
    world.ask(&receiver, "h-2", ("answer", question)).unwrap();
    world.to_offer("h-3", "item-3");
    clock.forward(1_200);
    let question = Ask::Decline {
        package: world.package("h-3"),
        reason: "it is not ours".to_owned(),
    };
    let receiver = world.receiver("h-3");
    world.ask(&receiver, "h-3", ("answer", question)).unwrap();
    world.to_offer("h-4", "item-4");
}

fn told(world: &World<'_>, as_of: &str) -> Outcomes {
    let asked = Asked {
        as_of: as_of.parse().unwrap(),
        weeks: 3,
        contract: None,
    };
    outcomes(&world.desk, &asked).unwrap()
}

fn line<'o>(outcomes: &'o Outcomes, id: &str) -> &'o Line {
    let mut lines = outcomes.contracts[0].outcomes.iter();
    lines.find(|line| line.id == id).unwrap()
}

fn value(reading: &Reading) -> (Option<i64>, u64) {
    (reading.value, reading.sample)
}

// spec: OUTCOME-1
// spec: OUTCOME-2
#[test]
fn outcomes_are_those_of_the_record_by_an_instant_on_every_store() {
    let mut answers = Vec::new();
    for place in places() {
        let clock = clock();
        let world = world(place.store.as_ref(), &clock);
        monday(&world, &clock);
        let evening = told(&world, "2026-11-23T18:00:00Z");
        assert_eq!(value(&line(&evening, "bounces").now), (Some(6_666), 3));
        assert_eq!(value(&evening.network.outcomes[0].now), (Some(6_666), 3));
        assert_eq!(value(&evening.network.outcomes[1].now), (Some(3_333), 3));
        assert_eq!(value(&evening.network.outcomes[3].now), (Some(30), 3));
        let standing = &evening.contracts[0].standing;
        assert_eq!((standing.open, standing.turns.sender), (3, 2));
        assert_eq!((standing.turns.receiver, standing.overdue), (1, 1));
        let activity = evening.contracts[0].activity[2];
        assert_eq!((activity.opened, activity.answered), (4, 3));
        assert_eq!((activity.accepted, activity.sent_back), (1, 2));
        // Earlier, less had happened, whatever the store holds by now.
        let noon = told(&world, "2026-11-23T10:00:00Z");
        assert_eq!(value(&line(&noon, "bounces").now), (Some(0), 1));
        assert_eq!(noon.network.handoffs, 2);
        answers.push(json(&evening).unwrap().to_string());
    }
    assert_eq!(answers[0], answers[1]);
}

// spec: OUTCOME-3
#[test]
fn a_target_is_judged_after_its_baseline_was_measured_and_with_enough_handoffs() {
    let store = MemoryStore::new();
    let clock = clock();
    let world = world(&store, &clock);
    monday(&world, &clock);
    for (as_of, id, status, because) in [
        (
            "2026-11-29T00:00:00Z",
            "bounces",
            Status::Unknown,
            "its baseline is measured first until 2026-11-30T09:00:00Z",
        ),
        ("2026-11-30T10:15:00Z", "bounces", Status::NotMet, ""),
        (
            "2026-12-07T12:00:00Z",
            "bounces",
            Status::Unknown,
            "no handoff of the window shows it",
        ),
        (
            "2026-11-23T18:00:00Z",
            "office",
            Status::Unknown,
            "3 of the 9 handoffs it takes",
        ),
        ("2026-11-23T18:00:00Z", "again", Status::Met, ""),
        ("2026-11-23T18:00:00Z", "even", Status::NotMet, ""),
        ("2026-11-23T18:00:00Z", "debt", Status::Met, ""),
        (
            "2026-11-23T18:00:00Z",
            "liked",
            Status::Unknown,
            "it is measured elsewhere: a survey",
        ),
    ] {
        let report = told(&world, as_of);
        let line = line(&report, id);
        assert_eq!(
            (line.status, line.because.as_str()),
            (status, because),
            "{id} {as_of}"
        );
    }
    let later = told(&world, "2026-12-07T12:00:00Z");
    let baseline = line(&later, "bounces").baseline.as_ref().unwrap();
    assert_eq!(
        (baseline.from, value(&baseline.reading)),
        (From::Measured, (Some(6_666), 3))
    );
    assert_eq!(value(&line(&later, "bounces").weeks[0]), (Some(6_666), 3));
    assert_eq!(value(&line(&later, "bounces").weeks[1]), (None, 0));
    // One of two receivers has all open work: Jain's index is a half.
    assert_eq!(value(&line(&later, "even").now), (Some(5_000), 1));
}

// spec: OUTCOME-6
#[test]
fn work_that_nobody_finishes_does_not_look_fast() {
    let store = MemoryStore::new();
    let clock = clock();
    let world = world(&store, &clock);
    world.to_offer("h-1", "item-1");
    clock.forward(600);
    world.accept("h-1").unwrap();
    world.to_offer("h-2", "item-2");
    world.to_offer("h-3", "item-3");
    let soon = told(&world, "2026-11-23T09:50:00Z");
    let quick = line(&soon, "quick");
    assert_eq!(
        (value(&quick.now), quick.waiting, quick.waiting_beyond),
        ((Some(10), 1), 2, 0)
    );
    let later = told(&world, "2026-11-24T09:10:00Z");
    let quick = line(&later, "quick");
    assert_eq!(
        (value(&quick.now), quick.waiting_beyond),
        ((Some(1_440), 3), 2)
    );
    assert_eq!(quick.status, Status::NotMet);
}

// spec: OUTCOME-7
#[test]
fn work_that_was_taken_up_again_counts_once_that_is_known() {
    let store = MemoryStore::new();
    let clock = clock();
    let world = world(&store, &clock);
    monday(&world, &clock);
    clock.forward(86_400);
    let opening = Opening {
        work_item: "item-1".to_owned(),
        contract: &world.form,
        reopens: Some("h-1".parse().unwrap()),
    };
    open(&world.desk, &call(&ada(), "h-9", "open"), &opening).unwrap();
    for (as_of, expected) in [
        ("2026-11-23T18:00:00Z", 0),
        ("2026-11-25T00:00:00Z", 10_000),
    ] {
        let report = told(&world, as_of);
        assert_eq!(
            value(&line(&report, "again").now),
            (Some(expected), 1),
            "{as_of}"
        );
    }
}

// spec: OUTCOME-8
#[test]
fn what_is_blocked_is_told_by_its_cause_and_by_nobody() {
    let store = MemoryStore::new();
    let clock = clock();
    let world = world(&store, &clock);
    monday(&world, &clock);
    let reason = "wait for the audit".to_owned();
    let stop = Ask::Escalate { reason };
    world.ask(&olga(), "h-4", ("stop", stop)).unwrap();
    let report = told(&world, "2026-11-24T00:00:00Z");
    let standing = &report.contracts[0].standing;
    assert_eq!((standing.turns.oversight, standing.turns.receiver), (1, 0));
    assert_eq!(
        (
            standing.blocked[0].cause.as_str(),
            standing.blocked[0].handoffs
        ),
        ("asked", 1)
    );
    let text = json(&report).unwrap().to_string();
    for person in ["ada", "bob", "lea", "max", "nia", "olga", "audit"] {
        assert!(!text.contains(&format!("\"{person}")), "{person}: {text}");
    }
}

#[test]
fn a_contract_without_a_handoff_is_refused_by_naming_those_there_are() {
    let store = MemoryStore::new();
    let clock = clock();
    let world = world(&store, &clock);
    let none: Id = "elsewhere".parse().unwrap();
    let asked = |as_of: &str| {
        let as_of: Instant = as_of.parse().unwrap();
        let asked = Asked {
            as_of,
            weeks: 1,
            contract: Some(&none),
        };
        let failure = outcomes(&world.desk, &asked).unwrap_err();
        assert!(matches!(failure, OutcomesFailure::NoSuchContract { .. }));
        failure.to_diagnostic().found
    };
    assert_eq!(
        asked("2026-11-23T09:00:00Z"),
        "no handoff at all by 2026-11-23T09:00:00Z"
    );
    world.open("h-1", "item-1").unwrap();
    assert_eq!(
        asked("2026-11-23T09:00:00Z"),
        "handoffs of design-to-build by 2026-11-23T09:00:00Z"
    );
    let empty = told(&world, "2026-11-22T09:00:00Z");
    assert_eq!((empty.network.handoffs, empty.contracts.len()), (0, 0));
}
