//! What metrics read from the course of one handoff, and when they know it.

use baton_contract::model::{Metric, Unit};
use baton_terms::{Digest, Elapsed};

use super::super::*;
use super::world::*;
use crate::authority::{ActorKind, Stamp};
use crate::clock::{Calendars, office};
use crate::course::Course;
use crate::handoff::{
    Asked, Baseline, Change, Event, EventFormat, Incident, IncidentCause, Receipt, RollbackCause,
    Slot, Timer, TimerKind, Verdict,
};
use crate::names::Revision;

/// Minutes after a Monday, 08:00 UTC.
type Step = (u64, Change);

fn stamp() -> Stamp {
    Stamp {
        principal: person("bob"),
        kind: ActorKind::Person,
        on_behalf_of: Vec::new(),
        team: id("build"),
    }
}

fn receipt(verdict: Verdict, minute: u64) -> Receipt {
    Receipt {
        handoff: "h-1".parse().unwrap(),
        revision: Revision::new(9),
        verdict,
        package: Digest::of(b"package"),
        contract: Digest::of(b"contract"),
        scorecard: Digest::of(b"scorecard"),
        by: stamp(),
        at: at(minute),
        unmet: Vec::new(),
        reason: String::new(),
    }
}

fn opened() -> Step {
    let change = Change::Opened {
        work_item: "item".to_owned(),
        contract: id("requirements"),
        reopens: None,
    };
    (0, change)
}

fn offered(minute: u64) -> Step {
    let change = Change::Offered {
        team: id("build"),
        reason: "it is free".to_owned(),
    };
    (minute, change)
}

fn declined(minute: u64) -> Step {
    let receipt = receipt(Verdict::Declined, minute);
    (minute, Change::Declined { receipt })
}

fn sent_back(minute: u64, by_receiver: bool) -> Step {
    let receipt = by_receiver.then(|| receipt(Verdict::NeedsInput, minute));
    let change = Change::InputNeeded {
        asked: Asked::Check,
        unmet: Vec::new(),
        receipt,
    };
    (minute, change)
}

fn withdrawn(minute: u64) -> Step {
    let reason = "not needed".to_owned();
    (minute, Change::Withdrawn { reason })
}

fn incident() -> Incident {
    Incident {
        handoff: "h-1".parse().unwrap(),
        why: IncidentCause::NothingChecked,
        owner: id("build"),
        state: "offered".to_owned(),
        package: None,
        unmet: Vec::new(),
        entries: Vec::new(),
    }
}

fn escalated(minute: u64) -> Step {
    let incident = incident();
    (minute, Change::Escalated { incident })
}

fn baseline() -> Baseline {
    Baseline {
        slot: Slot {
            work_item: "item".to_owned(),
            contract: id("requirements"),
        },
        number: 1,
        handoff: "h-1".parse().unwrap(),
        package: Digest::of(b"package"),
    }
}

fn accepted(minute: u64) -> Step {
    let change = Change::Accepted {
        receipt: receipt(Verdict::Accepted, minute),
        baseline: baseline(),
        follows: None,
    };
    (minute, change)
}

fn completed(minute: u64) -> Step {
    (minute, Change::Completed { outputs: None })
}

fn rolled_back(minute: u64) -> Step {
    let change = Change::RolledBack {
        why: RollbackCause::CriticalPosture,
        to: baseline(),
        undo: Vec::new(),
    };
    (minute, change)
}

fn expired(minute: u64) -> Step {
    let timer = TimerKind::Verdict;
    (minute, Change::Expired { timer })
}

fn quarantined(minute: u64) -> Step {
    let incident = incident();
    (minute, Change::Quarantined { incident })
}

fn gates_opened(minute: u64) -> Step {
    (minute, Change::GatesOpened { gates: Vec::new() })
}

fn resumed(minute: u64) -> Step {
    let reason = "mended".to_owned();
    (minute, Change::Resumed { reason })
}

fn deadline(minute: u64, kind: TimerKind) -> Vec<Step> {
    let number = Revision::new(5);
    let timer = Timer {
        number,
        kind,
        due: at(minute),
        counted_in: None,
    };
    vec![
        (1, Change::TimerSet { timer }),
        (minute, Change::TimerFired { number }),
    ]
}

fn course(steps: &[Step]) -> Course {
    let mut course = Course::default();
    for (number, (minute, change)) in (1_u64..).zip(steps) {
        course.note(&Event {
            baton: EventFormat::V1,
            handoff: "h-1".parse().unwrap(),
            revision: Revision::new(number),
            at: at(*minute),
            by: stamp(),
            key: "k".parse().unwrap(),
            request: Digest::of(b"request"),
            change: change.clone(),
        });
    }
    course
}

/// Returns the value of one metric and the minute it was known, a day after the handoff was opened, with a window of half a day.
fn read(metric: Metric, unit: Unit, steps: &[Step]) -> Option<(u64, Option<i64>)> {
    let judged = Judged {
        metric,
        ..bounces(0, 0)
    };
    let plan = plan(&[stage(50, 0), stage(100, 0)], vec![judged]);
    let calendars = Calendars::new(&[office("berlin", "Europe/Berlin")]).unwrap();
    let measure = Measure {
        plan: &plan,
        units: &[unit],
        calendar: calendars.get(&id("berlin")),
        window: Elapsed::from_seconds(720 * 60),
    };
    let found = measure.observation(&course(steps), (Arm::Canary, at(1_440)))?;
    assert_eq!(found.arm, Arm::Canary);
    let minute = found.at.since(at(0)).unwrap().seconds() / 60;
    Some((minute, found.values[0]))
}

fn late(kind: TimerKind, answer: u64) -> Vec<Step> {
    let steps = [
        vec![opened(), offered(1)],
        deadline(30, kind),
        vec![declined(answer)],
    ];
    steps.concat()
}

fn steps(rest: &[Step]) -> Vec<Step> {
    [&[opened()], rest].concat()
}

#[track_caller]
fn check(metric: Metric, rest: &[Step], expected: (u64, Option<i64>)) {
    assert_eq!(
        read(metric, Unit::BasisPoints, &steps(rest)),
        Some(expected)
    );
}

// spec: ROLLOUT-16
#[test]
fn a_share_is_known_with_the_first_answer_and_missing_where_none_comes() {
    use Metric::{BounceRate, NeedsInputRate};
    let whole = Some(10_000);
    check(BounceRate, &[offered(5), declined(9)], (9, whole));
    check(BounceRate, &[offered(5), sent_back(9, true)], (9, whole));
    check(
        NeedsInputRate,
        &[offered(5), sent_back(9, true)],
        (9, whole),
    );
    check(NeedsInputRate, &[offered(5), declined(9)], (9, Some(0)));
    // What Baton sends back is no answer.
    let mended = [sent_back(4, false), offered(6), declined(8)];
    check(BounceRate, &mended, (8, whole));
    check(BounceRate, &[sent_back(4, false), withdrawn(8)], (8, None));
    // Never answered, and answered after the window.
    check(BounceRate, &[offered(5)], (720, None));
    check(BounceRate, &[offered(5), declined(800)], (720, None));
    check(Metric::RollbackRate, &[withdrawn(7)], (7, Some(0)));
    assert_eq!(read(BounceRate, Unit::BasisPoints, &[]), None);
}

// spec: ROLLOUT-16
#[test]
fn a_deadline_that_passed_before_the_answer_is_late() {
    let checked = |steps: &[Step]| read(Metric::LateRate, Unit::BasisPoints, steps);
    let verdict = late(TimerKind::Verdict, 60);
    assert_eq!(checked(&verdict), Some((30, Some(10_000))));
    let rung = late(TimerKind::Rung { rung: 0 }, 60);
    assert_eq!(checked(&rung), Some((60, Some(0))));
    check(Metric::LateRate, &[offered(1), declined(60)], (60, Some(0)));
}

// spec: ROLLOUT-16
#[test]
fn time_runs_while_the_receiver_has_to_answer() {
    let verdict = |unit, rest: &[Step]| read(Metric::TimeToVerdictP50, unit, &steps(rest));
    let paused = [offered(10), escalated(20), resumed(50), declined(65)];
    assert_eq!(verdict(Unit::Minutes, &paused), Some((65, Some(25))));
    // 08:00 UTC is 09:00 in Berlin, and the office closes at 17:00, 480 minutes later.
    let evening = [offered(470), declined(700)];
    let business = verdict(Unit::BusinessMinutes, &evening);
    assert_eq!(business, Some((700, Some(10))));
    let completed = (90, Change::Completed { outputs: None });
    let unsent = steps(&[offered(5), completed]);
    let complete = read(Metric::TimeToCompleteP50, Unit::Minutes, &unsent);
    assert_eq!(complete, Some((90, None)));
}

// spec: ROLLOUT-17
#[test]
fn only_work_on_its_way_turns_critical_and_only_where_the_other_version_does_not() {
    use baton_scoring::wire::Posture;
    let moved = |to| Change::PostureMoved {
        from: Posture::Ready,
        to,
        causes: Vec::new(),
    };
    for (what, beside, steps, expected) in [
        (
            "offered",
            Some(Posture::Ready),
            vec![opened(), offered(1)],
            true,
        ),
        (
            "not offered yet",
            Some(Posture::Ready),
            vec![opened()],
            false,
        ),
        (
            "both say so",
            Some(Posture::Critical),
            vec![opened(), offered(1)],
            false,
        ),
        (
            "the other could not say",
            None,
            vec![opened(), offered(1)],
            false,
        ),
        (
            "back at the sender",
            Some(Posture::Ready),
            vec![opened(), offered(1), declined(2)],
            false,
        ),
    ] {
        let mut course = course(&steps);
        course.note_beside(beside);
        course.note(&Event {
            baton: EventFormat::V1,
            handoff: "h-1".parse().unwrap(),
            revision: Revision::new(8),
            at: at(9),
            by: stamp(),
            key: "k".parse().unwrap(),
            request: Digest::of(b"request"),
            change: moved(Posture::Critical),
        });
        assert_eq!(course.critical().is_some(), expected, "{what}");
    }
    assert_eq!(
        course(&[opened(), offered(1), escalated(3)]).ending(),
        Some((at(3), true))
    );
    assert_eq!(course(&[opened(), withdrawn(3)]).ending(), None);
}

// spec: ROLLOUT-16
#[test]
fn an_ending_says_when_and_whether_anybody_had_accepted() {
    for (rest, ending, is_over) in [
        (vec![offered(1), accepted(3)], Some((3, false)), false),
        (
            vec![offered(1), accepted(3), completed(9)],
            Some((3, false)),
            true,
        ),
        (
            vec![offered(1), accepted(3), rolled_back(9)],
            Some((3, false)),
            true,
        ),
        (vec![offered(1), rolled_back(9)], Some((9, true)), true),
        (vec![offered(1), expired(7)], Some((7, true)), true),
        (vec![offered(1), quarantined(7)], Some((7, true)), false),
        (
            vec![offered(1), escalated(4), expired(7)],
            Some((4, true)),
            true,
        ),
        (vec![offered(1), declined(4)], None, false),
        (vec![withdrawn(2)], None, true),
    ] {
        let course = course(&steps(&rest));
        let expected = ending.map(|(minute, failed): (u64, bool)| (at(minute), failed));
        assert_eq!(course.ending(), expected, "{rest:?}");
        assert_eq!(course.is_over(), is_over, "{rest:?}");
    }
}

/// Returns a metric of a course, with the minute it was known.
fn known(course: &Course, metric: Metric) -> Option<(u64, Option<i64>)> {
    let (known, value) = course.value(metric, (Unit::Minutes, None))?;
    Some((known.since(at(0)).unwrap().seconds() / 60, value))
}

#[test]
fn business_time_without_a_calendar_is_no_time() {
    let course = course(&steps(&[offered(1), accepted(31)]));
    let metric = Metric::TimeToVerdictP50;
    for (unit, expected) in [(Unit::Minutes, Some(30)), (Unit::BusinessMinutes, None)] {
        assert_eq!(course.value(metric, (unit, None)), Some((at(31), expected)));
    }
}

#[test]
fn what_becomes_of_accepted_work_is_known_at_its_end() {
    let whole = Some(10_000);
    let done = course(&steps(&[offered(1), accepted(3), completed(9)]));
    let mut taken_up = course(&steps(&[offered(1), accepted(3), completed(9)]));
    taken_up.note_reopened();
    let undone = course(&steps(&[offered(1), accepted(3), rolled_back(8)]));
    let refused = course(&steps(&[offered(1), declined(3), expired(8)]));
    for (what, course, reopen, rework, rollback) in [
        (
            "done",
            &done,
            Some((9, Some(0))),
            Some((3, Some(0))),
            Some((9, Some(0))),
        ),
        (
            "taken up",
            &taken_up,
            Some((9, whole)),
            Some((3, whole)),
            Some((9, Some(0))),
        ),
        ("undone", &undone, None, Some((3, whole)), Some((8, whole))),
        ("refused", &refused, None, None, Some((8, Some(0)))),
    ] {
        assert_eq!(known(course, Metric::ReopenRate), reopen, "{what}");
        assert_eq!(known(course, Metric::ReworkRate), rework, "{what}");
        assert_eq!(known(course, Metric::RollbackRate), rollback, "{what}");
        assert_eq!(known(course, Metric::Custom), None, "{what}");
    }
    assert_eq!(done.answered(), Some(at(3)));
    assert_eq!(done.opened(), Some(at(0)));
}

#[test]
fn approvals_take_the_time_their_gates_are_open_before_the_first_answer() {
    let passed = |rest: &[Step]| known(&course(&steps(rest)), Metric::ApprovalLatencyP50);
    let returned = [
        gates_opened(2),
        sent_back(5, false),
        gates_opened(10),
        offered(14),
        declined(20),
    ];
    assert_eq!(passed(&returned), Some((20, Some(7))));
    let later = [
        gates_opened(2),
        offered(5),
        declined(6),
        gates_opened(10),
        offered(90),
        accepted(91),
    ];
    assert_eq!(passed(&later), Some((6, Some(3))));
    assert_eq!(passed(&[gates_opened(2), expired(50)]), Some((50, None)));
}

#[test]
fn time_that_still_runs_counts_up_to_now() {
    let until = |metric, minute, rest: &[Step]| {
        let course = course(&steps(rest));
        course.so_far(metric, ((Unit::Minutes, None), at(minute)))
    };
    for metric in [Metric::TimeToVerdictP50, Metric::TimeToVerdictP90] {
        assert_eq!(until(metric, 30, &[offered(10)]), Some(20));
        let paused = [offered(10), escalated(20), resumed(50)];
        assert_eq!(until(metric, 55, &paused), Some(15));
        assert_eq!(until(metric, 55, &[]), Some(0));
    }
    for metric in [Metric::TimeToCompleteP50, Metric::TimeToCompleteP90] {
        assert_eq!(
            until(metric, 30, &[offered(10)]),
            None,
            "nothing was submitted"
        );
    }
    let approvals = Metric::ApprovalLatencyP50;
    assert_eq!(until(approvals, 30, &[gates_opened(4)]), Some(26));
    let again = [gates_opened(4), sent_back(9, false)];
    assert_eq!(until(approvals, 30, &again), Some(5));
    let twice = [again[0].clone(), again[1].clone(), gates_opened(20)];
    assert_eq!(until(approvals, 30, &twice), Some(15));
    assert_eq!(until(Metric::BounceRate, 30, &[offered(10)]), None);
}
