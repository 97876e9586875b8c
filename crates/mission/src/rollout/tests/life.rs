//! One rollout at a time: what advances it, what ends it, and everything that only holds it.

use baton_contract::model::{Metric, NoData};
use baton_terms::{Digest, Elapsed};

use super::super::aftermath::Aftermath;
use super::super::*;
use super::world::*;

/// Every other handoff is the canary's; bounced where `bounced` says so of the minute and the arm.
fn alternate(
    minutes: std::ops::RangeInclusive<u64>,
    bounced: impl Fn(u64, Arm) -> bool,
) -> Vec<Observation> {
    minutes
        .map(|minute| {
            let arm = if minute % 2 == 0 {
                Arm::Stable
            } else {
                Arm::Canary
            };
            let value = if bounced(minute, arm) { 10_000 } else { 0 };
            observation(minute, arm, &[Some(value)])
        })
        .collect()
}

fn in_stage(percent: u32, hold_minutes: u64) -> Driver {
    let stages = [stage(percent, hold_minutes), stage(100, 0)];
    Driver::started(plan(&stages, vec![bounces(200, 200)]))
}

fn is_canary(_: u64, arm: Arm) -> bool {
    arm == Arm::Canary
}

fn never(_: u64, _: Arm) -> bool {
    false
}

fn holds(driver: &Driver) -> Vec<Hold> {
    match driver.last_event() {
        Event::Held { holds, .. } => holds.clone(),
        other => panic!("{other:?}"),
    }
}

// spec: ROLLOUT-1
#[test]
fn nothing_starts_without_a_report_for_exactly_this_version() {
    let rollout = Rollout::new(usual());
    let report = Digest::of(b"report");
    for validation in [None, Some((report, rollout.plan.versions.stable))] {
        let start = Command::Start {
            by: person("ada"),
            validation,
        };
        let refused = decide(&rollout, &start, at(0));
        assert!(
            matches!(refused, Err(Refusal::NotValidated { .. })),
            "{refused:?}"
        );
    }
}

// spec: ROLLOUT-2
#[test]
fn exposure_is_sticky_and_only_grows() {
    let algorithm = id(SHA256_MODULO_V1);
    let flag = id("requirements-v2");
    let mut exposed = 0;
    for unit in 0..2_000 {
        let bucket = bucket(&algorithm, &flag, &format!("item-{unit}")).unwrap();
        let arms: Vec<Arm> = (0..=100).map(|percent| arm(bucket, percent)).collect();
        assert_eq!(arms[0], Arm::Stable);
        assert_eq!(arms[100], Arm::Canary);
        assert!(arms.windows(2).all(|pair| pair[0] <= pair[1]));
        exposed += u32::from(arms[10] == Arm::Canary);
    }
    assert!((150..250).contains(&exposed), "{exposed}");
    // Fixed for ever: a change here would move people between versions.
    let fixed = ["a", "b", "team-7"].map(|unit| bucket(&algorithm, &flag, unit).unwrap());
    assert_eq!(fixed, [3_243, 5_395, 3_448]);
}

// spec: ROLLOUT-2
#[test]
fn an_unknown_bucketing_algorithm_exposes_nobody() {
    let mut driver = in_stage(50, 0);
    driver.rollout.plan.algorithm = id("murmur3-v9");
    assert!(driver.rollout.arm("item-1").is_err());
}

// spec: ROLLOUT-3
#[test]
fn each_handoff_is_judged_by_the_version_of_its_phase() {
    let mut driver = in_stage(50, 0);
    let both = |rollout: &Rollout| {
        let arms = (0..50).map(|item| rollout.arm(&format!("item-{item}")).unwrap());
        arms.collect::<std::collections::BTreeSet<Arm>>().len()
    };
    assert_eq!(both(&driver.rollout), 2);
    driver.observations = alternate(1..=3_000, never);
    driver.evaluate(3_000);
    assert_eq!(driver.rollout.phase, Phase::Promoted);
    assert_eq!(driver.rollout.arm("item-1"), Ok(Arm::Canary));
    let cause = RollbackCause::Changed {
        found: Digest::of(b"edited"),
    };
    driver.tell(&Command::RollBack { cause }, 3_001).unwrap();
    assert_eq!(driver.rollout.arm("item-1"), Ok(Arm::Stable));
}

// spec: ROLLOUT-4
#[test]
fn zero_traffic_and_one_sample_hold() {
    for (observations, what) in [
        (Vec::new(), "zero traffic"),
        (
            alternate(1..=1, is_canary),
            "one bounced handoff of the canary",
        ),
        (alternate(1..=1, never), "one good handoff of the canary"),
        (
            alternate(2..=2, never),
            "one good handoff of the stable version",
        ),
    ] {
        let mut driver = in_stage(50, 0);
        driver.observations = observations;
        driver.evaluate(10_000);
        let is_few = |hold: &Hold| matches!(hold, Hold::TooFew { .. });
        assert!(holds(&driver).iter().any(is_few), "{what}");
    }
}

// spec: ROLLOUT-4
#[test]
fn what_is_missing_never_passes() {
    // Every canary's value is late; those of the stable version are there.
    let mut driver = in_stage(50, 0);
    driver.observations = alternate(1..=3_000, never);
    for observation in &mut driver.observations {
        if observation.arm == Arm::Canary {
            observation.values = if observation.at < at(1_500) {
                vec![None]
            } else {
                Vec::new()
            };
        }
    }
    driver.evaluate(3_000);
    let is_not_shown = |hold: &Hold| matches!(hold, Hold::NotShown { .. });
    assert!(holds(&driver).iter().any(is_not_shown));
}

// spec: ROLLOUT-4
#[test]
fn what_cannot_be_read_holds() {
    let mut driver = in_stage(50, 0);
    let unreadable = Command::Evaluate(Evaluated::Unreadable {
        reason: "flag file: unexpected end".to_owned(),
    });
    assert_eq!(driver.tell(&unreadable, 5), Ok(1));
    assert!(matches!(
        holds(&driver).as_slice(),
        [Hold::Unreadable { .. }]
    ));
    // The same again is no news.
    assert_eq!(driver.tell(&unreadable, 6), Ok(0));
}

// spec: ROLLOUT-4
#[test]
fn time_that_is_up_without_handoffs_holds_or_rolls_back_as_the_contract_says() {
    for (no_data, word) in [(NoData::Hold, "running"), (NoData::RollBack, "rolled-back")] {
        let mut driver = in_stage(50, 60);
        driver.rollout.plan.no_data = no_data;
        driver.evaluate(59);
        assert_eq!(driver.rollout.phase.word(), "running");
        driver.evaluate(61);
        assert_eq!(driver.rollout.phase.word(), word, "{no_data:?}");
    }
}

// spec: ROLLOUT-4
// spec: ROLLOUT-5
#[test]
fn whatever_was_shown_first_counts_time_that_is_up_or_harm() {
    let cause = |observations: Vec<Observation>, minute| {
        let mut driver = in_stage(50, 60);
        driver.rollout.plan.no_data = NoData::RollBack;
        driver.observations = observations;
        driver.evaluate(minute);
        match driver.rollout.phase {
            Phase::RolledBack { cause, .. } => Some(cause),
            _ => None,
        }
    };
    let shown = (1..60).find(|minute| cause(alternate(1..=*minute, is_canary), *minute).is_some());
    let shown = shown.unwrap();
    assert!(shown < 30, "harm takes {shown} minutes to be shown");
    let is_harm =
        |cause: &Option<RollbackCause>| matches!(cause, Some(RollbackCause::Harmed { .. }));
    // Looked at late, harm that was shown in time is still what ended it.
    assert!(is_harm(&cause(alternate(1..=shown, is_canary), 200)));
    // Too few in time, and harm only afterwards.
    let after = cause(alternate(61..=120, is_canary), 200);
    assert_eq!(after, Some(RollbackCause::NoData));
    assert_eq!(cause(Vec::new(), 59), None);
    assert_eq!(cause(Vec::new(), 60), Some(RollbackCause::NoData));
    // Enough in time: those that come later do not make it too few.
    let enough = alternate(1..=100, |minute, _| (minute / 2) % 2 == 0);
    assert_eq!(cause(enough, 200), None);
}

// spec: ROLLOUT-19
#[test]
fn a_promoted_version_is_watched_for_as_long_as_its_plan_says() {
    let mut driver = in_stage(50, 0);
    assert_eq!(driver.rollout.watched(), None);
    driver.observations = alternate(1..=3_000, never);
    driver.evaluate(3_000);
    assert_eq!(driver.rollout.phase, Phase::Promoted);
    let end = at(3_000).checked_add(driver.rollout.plan.watch).unwrap();
    assert_eq!(driver.rollout.watched(), Some((at(3_000), end)));
    let mut unwatched = driver.rollout.clone();
    unwatched.plan.watch = Elapsed::from_seconds(0);
    assert_eq!(unwatched.watched(), None);
}

// spec: ROLLOUT-19
#[test]
fn after_promotion_harm_is_what_the_new_version_does_beyond_its_bounds() {
    let plan = plan(&[stage(50, 0), stage(100, 0)], vec![bounces(200, 200)]);
    let after = |observations: &[Observation]| {
        Aftermath::of(&plan, (at(100), at(200)), observations).harmed()
    };
    let canary = |minute, bounced: bool| {
        observation(
            minute,
            Arm::Canary,
            &[Some(if bounced { 10_000 } else { 0 })],
        )
    };
    let bad: Vec<Observation> = (101..=200).map(|minute| canary(minute, true)).collect();
    let (metric, shown) = after(&bad).unwrap();
    assert_eq!(metric, Metric::BounceRate);
    let few = shown.since(at(100)).unwrap().seconds() / 60;
    assert!((2..10).contains(&few), "{few}");
    // One fewer shows nothing yet, and neither does what came before, later, or from the stable version.
    let count = usize::try_from(few).unwrap();
    assert!(after(&bad[..count]).is_some());
    assert_eq!(after(&bad[..count - 1]), None);
    let outside = (1..=100)
        .chain(201..=300)
        .map(|minute| canary(minute, true));
    assert_eq!(after(&outside.collect::<Vec<_>>()), None);
    let stable = |minute| observation(minute, Arm::Stable, &[Some(10_000)]);
    assert_eq!(after(&(101..=200).map(stable).collect::<Vec<_>>()), None);
    let within = (101..=200).map(|minute| canary(minute, minute % 4 == 0));
    assert_eq!(after(&within.collect::<Vec<_>>()), None);
    let missing: Vec<Observation> = (101..=200)
        .map(|minute| observation(minute, Arm::Canary, &[None]))
        .collect();
    assert_eq!(after(&missing), None);
    let readings = Aftermath::of(&plan, (at(100), at(200)), &missing).readings();
    assert_eq!((readings[0].missing, readings[0].canary), (100, 0));
}

// spec: ROLLOUT-4
#[test]
fn a_stage_says_until_when_it_stays_while_its_time_runs() {
    for (minute, expected) in [(59, Some(Some(at(60)))), (60, None), (61, None)] {
        let mut driver = in_stage(50, 60);
        driver.evaluate(minute);
        let mut stays = holds(&driver).into_iter().filter_map(|hold| match hold {
            Hold::Stay { until } => Some(until),
            _ => None,
        });
        assert_eq!(stays.next(), expected, "{minute}");
    }
}

// spec: ROLLOUT-6
#[test]
fn both_versions_bad_holds() {
    let mut driver = in_stage(50, 0);
    driver.observations = alternate(1..=3_000, |minute, _| (minute / 2) % 2 == 0);
    driver.evaluate(3_000);
    let is_not_well = |hold: &Hold| matches!(hold, Hold::StableNotWell { .. });
    assert!(
        holds(&driver).iter().any(is_not_well),
        "{:?}",
        holds(&driver)
    );
}

// spec: ROLLOUT-12
#[test]
fn a_record_goes_through_the_stages_in_turn_and_applies_nothing_before_it_is_shown() {
    let advanced = |to, shown| Event::Advanced {
        to,
        shown: at(shown),
        readings: Vec::new(),
    };
    let promoted = |shown| Event::Promoted {
        shown: at(shown),
        readings: Vec::new(),
    };
    // Of five stages the last is that of everybody: it is reached by promotion.
    for (stage, event, follows) in [
        (0, advanced(1, 10), true),
        (0, advanced(1, 11), false),
        (0, advanced(2, 10), false),
        (1, advanced(1, 10), false),
        (2, advanced(3, 10), true),
        (3, advanced(4, 10), false),
        (2, promoted(10), false),
        (3, promoted(10), true),
        (3, promoted(11), false),
    ] {
        let mut rollout = Driver::started(usual()).rollout;
        for to in 1..=stage {
            rollout = apply(rollout, &advanced(to, 5), at(5)).unwrap();
        }
        let applied = apply(rollout, &event, at(10));
        assert_eq!(applied.is_ok(), follows, "{stage} {event:?}");
    }
}

// spec: ROLLOUT-7
#[test]
fn conclusions_do_not_depend_on_how_often_one_looks() {
    for seed in 0..40 {
        let mut draw = Seed(seed);
        let rates = [500 + 37 * seed, 1_500 - 31 * seed];
        let observations: Vec<Observation> = alternate(1..=1_500, |_, _| false)
            .into_iter()
            .map(|mut observation| {
                let rate = rates[usize::from(observation.arm == Arm::Canary)];
                let value = if draw.is_below(rate) { 10_000 } else { 0 };
                observation.values = vec![Some(value)];
                observation
            })
            .collect();
        let conclusion = |every: u64| {
            let mut driver = in_stage(50, 300);
            for minute in (every..=1_500).step_by(usize::try_from(every).unwrap()) {
                let seen = observations.iter().filter(|seen| seen.at <= at(minute));
                driver.observations = seen.cloned().collect();
                driver.evaluate(minute);
                match driver.last_event() {
                    Event::Promoted { shown, .. } => return ("promoted", Some(*shown)),
                    Event::RolledBack {
                        cause: RollbackCause::Harmed { shown, .. },
                        ..
                    } => return ("rolled back", Some(*shown)),
                    _ => {}
                }
            }
            ("held", None)
        };
        let often = conclusion(25);
        assert_eq!(conclusion(1_500), often, "seed {seed}");
        assert_eq!(conclusion(500), often, "seed {seed}");
    }
}

// spec: ROLLOUT-7
#[test]
fn the_order_in_which_handoffs_are_given_changes_nothing() {
    let plan = usual();
    let observations = alternate(1..=400, |minute, arm| {
        is_canary(minute, arm) && minute % 3 == 0
    });
    let mut reversed = observations.clone();
    reversed.reverse();
    let readings = |observations| Analysis::of(&plan, at(0), observations).readings();
    assert_eq!(readings(&observations), readings(&reversed));
}

// spec: ROLLOUT-13
#[test]
fn a_time_at_its_bound_is_not_above_it() {
    let judged = Judged {
        rule: Rule::Time {
            share: 5_000,
            harm_above: 200,
            pass_above: 100,
        },
        ..bounces(0, 0)
    };
    let plan = plan(&[stage(0, 0), stage(100, 0)], vec![judged]);
    let readings = |value| {
        let mut seen = alternate(1..=100, never);
        for one in &mut seen {
            one.values = vec![Some(value)];
        }
        Analysis::of(&plan, at(0), &seen).readings()
    };
    assert_eq!(readings(100), readings(0));
    assert_ne!(readings(101), readings(100));
    assert_eq!(readings(200), readings(101));
    assert_ne!(readings(201), readings(200));
}

// spec: ROLLOUT-8
#[test]
fn what_finished_before_a_stage_began_counts_for_harm_alone() {
    let plan = usual();
    let good = alternate(1..=2_000, never);
    let shown = |entered| Analysis::of(&plan, at(entered), &good).readings()[0].pass;
    assert!(shown(0) > 100);
    assert_eq!(shown(2_000), 1);
    let bad = alternate(1..=2_000, is_canary);
    let harm = |entered| Analysis::of(&plan, at(entered), &bad).readings()[0].harm;
    assert_eq!(harm(2_000), harm(0));
}

// spec: ROLLOUT-9
#[test]
fn a_frozen_rollout_never_advances_and_still_rolls_back() {
    let freeze = |reason: &str| Command::Freeze {
        by: person("ada"),
        reason: reason.to_owned(),
    };
    let mut driver = in_stage(50, 0);
    assert!(matches!(
        driver.tell(&freeze(" "), 1),
        Err(Refusal::NoReason { .. })
    ));
    driver.tell(&freeze("release week"), 1).unwrap();
    driver.observations = alternate(1..=3_000, never);
    driver.evaluate(3_000);
    assert!(matches!(holds(&driver).as_slice(), [Hold::Frozen { .. }]));
    let mut harmed = in_stage(50, 0);
    harmed.tell(&freeze("release week"), 1).unwrap();
    harmed.observations = alternate(1..=3_000, is_canary);
    harmed.evaluate(3_000);
    assert_eq!(harmed.rollout.phase.word(), "rolled-back");
    let thaw = Command::Thaw {
        by: person("ada"),
        reason: "release is out".to_owned(),
    };
    driver.tell(&thaw, 3_001).unwrap();
    driver.evaluate(3_002);
    assert_eq!(driver.rollout.phase, Phase::Promoted);
}

// spec: ROLLOUT-10
#[test]
fn what_goes_wrong_rolls_back_whatever_the_handoffs_show() {
    let asked = |reason: &str| RollbackCause::Asked {
        by: person("ada"),
        reason: reason.to_owned(),
    };
    for cause in [
        RollbackCause::CriticalPosture {
            handoff: "h-1".parse().unwrap(),
        },
        RollbackCause::RepeatedFailures { failures: 3 },
        RollbackCause::Changed {
            found: Digest::of(b"edited"),
        },
        asked("support is short of people"),
    ] {
        let mut driver = in_stage(50, 0);
        driver
            .tell(
                &Command::RollBack {
                    cause: cause.clone(),
                },
                3,
            )
            .unwrap();
        assert_eq!(driver.rollout.phase, Phase::RolledBack { cause });
        let again = Command::RollBack {
            cause: asked("again"),
        };
        assert!(matches!(
            driver.tell(&again, 4),
            Err(Refusal::IllegalTransition { .. })
        ));
    }
    let mut driver = in_stage(50, 0);
    let refused = driver.tell(&Command::RollBack { cause: asked("") }, 3);
    assert!(matches!(refused, Err(Refusal::NoReason { .. })));
}

// spec: ROLLOUT-11
#[test]
fn shadow_exposes_nobody_and_ends_when_every_package_could_be_assessed() {
    for (shadow, word) in [
        (
            Shadow {
                assessed: 29,
                failed: 0,
            },
            "running",
        ),
        (
            Shadow {
                assessed: 30,
                failed: 1,
            },
            "running",
        ),
        (
            Shadow {
                assessed: 30,
                failed: 0,
            },
            "promoted",
        ),
    ] {
        let stages = [stage(0, 10), stage(100, 0)];
        let mut driver = Driver::started(plan(&stages, vec![bounces(200, 200)]));
        driver.shadow = shadow;
        assert_eq!(driver.rollout.percent(), 0);
        driver.evaluate(9);
        assert_eq!(driver.rollout.phase.word(), "running");
        driver.evaluate(10);
        assert_eq!(driver.rollout.phase.word(), word, "{shadow:?}");
    }
}

// spec: ROLLOUT-12
#[test]
fn a_record_that_was_cut_or_reordered_is_refused() {
    let mut driver = in_stage(50, 0);
    driver.evaluate(1);
    driver.observations = alternate(1..=3_000, never);
    driver.evaluate(3_000);
    let plan = driver.rollout.plan.clone();
    assert_eq!(
        replay(plan.clone(), &driver.records).unwrap(),
        driver.rollout
    );
    let mut swapped = driver.records.clone();
    swapped.swap(0, 1);
    assert!(replay(plan.clone(), &swapped).is_err());
    assert!(replay(plan.clone(), &driver.records[1..]).is_err());
    let mut other = driver.records.clone();
    other[0].rollout = id("rollout-2");
    assert!(replay(plan, &other).is_err());
    for record in &driver.records {
        let text = serde_json::to_string(record).unwrap();
        assert_eq!(serde_json::from_str::<Recorded>(&text).unwrap(), *record);
    }
    let early = decide(
        &driver.rollout,
        &Command::Evaluate(Evaluated::Unreadable {
            reason: String::new(),
        }),
        at(0),
    );
    assert_eq!(early, Err(Refusal::Early));
}
