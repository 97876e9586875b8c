//! Timers, deadlines on the clock of their party, and clocks that go wrong.

use baton_mission::handoff::{Ask, Change, IncidentCause, StateName, TimerKind};
use baton_mission::names::Revision;

use crate::world::{CONTRACT, Stage, World, ada, baton, bob, id, instant, lea, olga};

// spec: LIFECYCLE-23
#[test]
fn no_timer_fires_early_or_twice() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Offered);
    let (timer, due) = world.timer(&TimerKind::Acknowledge).unwrap();
    world.now = instant("2026-11-23T12:59:59.999999999Z");
    assert!(world.now < due);
    world.must_not(&baton(), Ask::Fire { timer }, 1312);
    world.now = due;
    world.must(&baton(), Ask::Fire { timer });
    assert_eq!(
        world.escalated_for(),
        Some(&IncidentCause::Overdue {
            timer: TimerKind::Acknowledge
        })
    );
    world.must_not(&baton(), Ask::Fire { timer }, 1312);
    world.must_not(
        &baton(),
        Ask::Fire {
            timer: Revision::new(9_999),
        },
        1312,
    );
}

// spec: LIFECYCLE-23
#[test]
fn a_clock_that_goes_back_makes_timers_late_and_never_early() {
    // Real-process fault list: clock backwards.
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Offered);
    world.wait("3h");
    world.must(&bob(), Ask::Acknowledge {});
    let before = world.handoff.last_at();
    world.now = instant("2026-11-23T08:00:00Z");
    let events = world.must(&bob(), world.need_input("the error text"));
    assert_eq!(Some(events[0].at), before);
    world.assert_replays();
    let mut world = World::new(&stage).reach(StateName::Offered);
    let (timer, _) = world.timer(&TimerKind::Acknowledge).unwrap();
    world.now = instant("2026-11-23T08:00:00Z");
    world.must_not(&baton(), Ask::Fire { timer }, 1312);
}

// spec: LIFECYCLE-23
#[test]
fn a_timer_is_cleared_once_what_it_watched_has_happened() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Offered);
    let (timer, due) = world.timer(&TimerKind::Acknowledge).unwrap();
    world.must(&bob(), Ask::Acknowledge {});
    assert!(world.timer(&TimerKind::Acknowledge).is_none());
    world.now = due;
    world.must_not(&baton(), Ask::Fire { timer }, 1312);
}

// spec: LIFECYCLE-24
#[test]
fn the_clock_of_a_party_stops_while_the_other_holds_the_ball() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Offered);
    // Two business days from Monday 10:00 in Berlin: the close of Wednesday.
    let (_, due) = world.timer(&TimerKind::Verdict).unwrap();
    assert_eq!(due, instant("2026-11-25T16:00:00Z"));
    world.now = instant("2026-11-24T12:00:00Z");
    world.must(&bob(), world.need_input("the error text"));
    assert!(world.timer(&TimerKind::Verdict).is_none());
    // The sender takes a week; the receiver has one business day left of two.
    world.now = instant("2026-12-01T09:00:00Z");
    world.must(&ada(), world.submit("noted"));
    world.must(&baton(), World::check());
    world.must(&baton(), World::offer("payments"));
    let (_, due) = world.timer(&TimerKind::Verdict).unwrap();
    assert_eq!(due, instant("2026-12-02T16:00:00Z"));
}

// spec: LIFECYCLE-24
#[test]
fn deadlines_reject_escalate_or_roll_back_as_the_contract_says() {
    let stage = Stage::new();
    for (kind, expected) in [
        (TimerKind::Acknowledge, StateName::Escalated),
        (TimerKind::Verdict, StateName::Expired),
    ] {
        let mut world = World::new(&stage).reach(StateName::Offered);
        world.run_out(&kind);
        assert_eq!(world.state(), expected);
    }
    // The work of the first acceptance has nothing to return to, and somebody is told.
    let mut world = World::new(&stage).reach(StateName::Accepted);
    world.run_out(&TimerKind::Complete);
    assert!(matches!(
        world.escalated_for(),
        Some(IncidentCause::NoBaseline { .. })
    ));
    let mut next = World::new(&stage);
    next.baseline.clone_from(&world.baseline);
    next.places_taken = 1;
    next.id = "h-2";
    let mut next = next.reach(StateName::Accepted);
    next.run_out(&TimerKind::Complete);
    assert_eq!(next.state(), StateName::RolledBack);
    assert_eq!(next.baseline.map(|b| b.number), Some(1));
}

// spec: LIFECYCLE-24
#[test]
fn whoever_resumes_gives_the_deadlines_anew() {
    let stage = Stage::new();
    let mut world = World::new(&stage).reach(StateName::Gated);
    world.run_out(&TimerKind::Gate { gate: id("safety") });
    assert_eq!(world.state(), StateName::Escalated);
    world.wait("1h");
    world.must(
        &olga(),
        Ask::Resume {
            reason: "they were ill".to_owned(),
        },
    );
    let (_, due) = world
        .timer(&TimerKind::Gate { gate: id("safety") })
        .unwrap();
    assert_eq!(due.since(world.now).unwrap().seconds(), 8 * 3_600);
    world.must(&lea(), world.approve(&["product"]));
}

// spec: LIFECYCLE-27
#[test]
fn where_nothing_moves_somebody_further_up_is_told() {
    let contract = CONTRACT
        .replace(
            "expires: 24h, on_expiry: reject",
            "expires: 700h, on_expiry: reject",
        )
        .replace("expires: 8h,", "expires: 700h,");
    let stage = Stage::of(&contract);
    let mut world = World::new(&stage).reach(StateName::Gated);
    for (rung, role) in [(0, "engineering-manager"), (1, "product-operations")] {
        let events = world.run_out(&TimerKind::Rung { rung });
        assert!(events.iter().any(|event| matches!(
            &event.change, Change::Noticed { notice }
                if notice.about == "reminder" && notice.to == [id(role)]
        )));
        assert_eq!(world.state(), StateName::Gated);
    }
    assert!(world.timer(&TimerKind::Rung { rung: 2 }).is_none());
    world.must(&lea(), world.reject("product"));
    assert!(world.timer(&TimerKind::Rung { rung: 0 }).is_some());
    // A parked handoff climbs on: it is not forgotten with its owner.
    world.must(
        &olga(),
        Ask::Escalate {
            reason: "who decides?".to_owned(),
        },
    );
    world.run_out(&TimerKind::Rung { rung: 0 });
}

// spec: LIFECYCLE-24
#[test]
fn a_deadline_that_can_not_be_counted_is_refused_and_not_guessed() {
    // Bad input list: missing holiday calendar.
    let contract = CONTRACT.replace(
        "covers: {first: 2026, last: 2027}",
        "covers: {first: 2026, last: 2026}",
    );
    let stage = Stage::of(&contract);
    let mut world = World::new(&stage);
    world.now = instant("2026-12-30T09:00:00Z");
    let mut world = world.reach(StateName::Gated);
    world.pass_gates();
    world.must_not(&baton(), World::offer("payments"), 1316);
    assert_eq!(world.state(), StateName::Gated);
}

// spec: LIFECYCLE-24
#[test]
fn a_business_deadline_keeps_local_hours_over_a_change_of_the_clocks() {
    // Bad input list: DST gap; Berlin moves its clocks on 28 March 2027.
    let stage = Stage::new();
    let mut world = World::new(&stage);
    world.now = instant("2027-03-26T09:00:00Z");
    let world = world.reach(StateName::Offered);
    let (_, due) = world.timer(&TimerKind::Verdict).unwrap();
    assert_eq!(due, instant("2027-03-30T15:00:00Z"));
}

// spec: LIFECYCLE-24
#[test]
fn a_verdict_due_on_the_clock_of_the_sender_counts_from_the_first_submission() {
    let contract = CONTRACT.replace(
        "verdict: {within: 2bd, calendar: office, clock: to,",
        "verdict: {within: 20h, clock: from,",
    );
    let stage = Stage::of(&contract);
    let mut world = World::new(&stage).reach(StateName::Drafted);
    // The time to prepare the first package is the sender's own.
    world.wait("30h");
    world.must(&ada(), world.submit("untitled"));
    world.must(&baton(), World::check());
    assert_eq!(world.state(), StateName::NeedsInput);
    let (_, due) = world.timer(&TimerKind::Verdict).unwrap();
    assert_eq!(due.since(world.now).unwrap().seconds(), 20 * 3_600);
}
