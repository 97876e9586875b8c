//! The error rates that a rollout promises, over a thousand simulated rollouts each.

use baton_terms::Elapsed;

use super::super::*;
use super::world::*;
use crate::names::HandoffId;

/// Handoffs between two looks; how often somebody looks changes no conclusion.
const LOOK_EVERY: u64 = 100;
const ROLLOUTS: u64 = 1_000;

#[derive(Debug, Default, PartialEq, Eq)]
struct Ends {
    promoted: u64,
    rolled_back: u64,
    held: u64,
    /// Rolled back with 20 percent exposed, or more.
    late: u64,
}

/// Runs one rollout to its end, judging each handoff as it finishes.
fn run(plan: &Plan, (seed, traffic): (u64, u64), (stable, canary): (u64, u64)) -> (Phase, u32) {
    let mut seed = Seed(seed);
    // Shadow is over.
    let mut stage = 1;
    let handoff: HandoffId = "h".parse().unwrap();
    let mut now = at(0);
    let mut since = now;
    let mut analysis = Analysis::new(plan, since);
    for minute in 1..=traffic {
        now = now.checked_add(Elapsed::from_seconds(60)).unwrap();
        let percent = plan.stages[stage].percent;
        let bucket = u32::try_from(seed.next() % 10_000).unwrap();
        let arm = arm(bucket, percent);
        let rate = match arm {
            Arm::Stable => stable,
            Arm::Canary => canary,
        };
        let value = if seed.is_below(rate) { 10_000 } else { 0 };
        analysis.observe(&Observation {
            handoff: handoff.clone(),
            at: now,
            arm,
            values: vec![Some(value)],
        });
        if minute % LOOK_EVERY != 0 {
            continue;
        }
        match analysis.verdict(plan.stages[stage], (since, now), plan.no_data) {
            Verdict::Hold(_) => {}
            Verdict::Advance { .. } if stage + 2 == plan.stages.len() => {
                return (Phase::Promoted, percent);
            }
            Verdict::Advance { at } => {
                stage += 1;
                since = at;
                analysis = Analysis::new(plan, at);
            }
            Verdict::Harmed { .. } | Verdict::NoData { .. } => {
                let cause = RollbackCause::NoData;
                return (Phase::RolledBack { cause }, percent);
            }
        }
    }
    (Phase::Drafted, plan.stages[stage].percent)
}

/// Runs every rollout over at most `traffic` handoffs.
fn ends(plan: &Plan, traffic: u64, rates: (u64, u64)) -> Ends {
    let mut ends = Ends::default();
    for seed in 0..ROLLOUTS {
        match run(plan, (seed * 7_919, traffic), rates) {
            (Phase::Promoted, _) => ends.promoted += 1,
            (Phase::RolledBack { .. }, percent) => {
                ends.rolled_back += 1;
                ends.late += u64::from(percent >= 20);
            }
            _ => ends.held += 1,
        }
    }
    ends
}

// spec: ROLLOUT-5
#[test]
fn a_version_that_changes_nothing_is_seldom_rolled_back() {
    // Where a little harm is tolerated, and where none is.
    let stages = usual().stages;
    for (harm_above, pass_below) in [(200, 200), (0, -100)] {
        let plan = plan(&stages, vec![bounces(harm_above, pass_below)]);
        let ends = ends(&plan, 6_000, (1_000, 1_000));
        assert!(ends.rolled_back * 20 <= ROLLOUTS, "{ends:?}");
        assert!(
            ends.promoted * 100 <= ROLLOUTS || pass_below > 0,
            "{ends:?}"
        );
    }
}

// spec: ROLLOUT-5
#[test]
fn a_version_that_doubles_bounces_is_rolled_back_early() {
    let ends = ends(&usual(), 30_000, (1_000, 2_000));
    assert!(
        (ends.rolled_back - ends.late) * 100 >= ROLLOUTS * 99,
        "{ends:?}"
    );
}

// spec: ROLLOUT-5
#[test]
fn a_version_that_halves_bounces_is_promoted() {
    let ends = ends(&usual(), 30_000, (1_000, 500));
    assert!(ends.promoted * 100 >= ROLLOUTS * 95, "{ends:?}");
}

/// Promotes a version, and returns in how many of a hundred rollouts `traffic` handoffs of it roll it back afterwards.
fn taken_back(traffic: u64, rate: u64) -> u64 {
    let mut taken_back = 0;
    for seed in 0..100 {
        let mut driver =
            Driver::started(plan(&[stage(0, 0), stage(100, 0)], vec![bounces(200, 200)]));
        driver.evaluate(1);
        assert_eq!(driver.rollout.phase, Phase::Promoted);
        let mut seed = Seed(seed * 7_919);
        let value = |seed: &mut Seed| if seed.is_below(rate) { 10_000 } else { 0 };
        driver.observations = (2..2 + traffic)
            .map(|minute| observation(minute, Arm::Canary, &[Some(value(&mut seed))]))
            .collect();
        driver.evaluate(2 + traffic);
        taken_back += u64::from(driver.rollout.phase != Phase::Promoted);
    }
    taken_back
}

// spec: ROLLOUT-19
#[test]
fn a_promoted_version_is_taken_back_when_it_leaves_its_bounds() {
    // Three in ten is what the contract allows.
    assert!(taken_back(2_000, 3_000) <= 5);
    assert_eq!(taken_back(2_000, 1_000), 0);
    assert!(taken_back(400, 5_000) >= 99);
}
