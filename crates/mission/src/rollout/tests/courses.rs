//! What metrics read from the course of one handoff, and when they know it.

use baton_contract::model::{Metric, Unit};
use baton_terms::{Digest, Elapsed};

use super::super::*;
use super::world::*;
use crate::authority::{ActorKind, Stamp};
use crate::clock::{Calendars, office};
use crate::course::Course;
use crate::handoff::{
    Asked, Change, Event, EventFormat, Incident, IncidentCause, Receipt, Timer, TimerKind, Verdict,
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

fn escalated(minute: u64) -> Step {
    let incident = Incident {
        handoff: "h-1".parse().unwrap(),
        why: IncidentCause::NothingChecked,
        owner: id("build"),
        state: "offered".to_owned(),
        package: None,
        unmet: Vec::new(),
        entries: Vec::new(),
    };
    (minute, Change::Escalated { incident })
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
