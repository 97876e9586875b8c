//! From a contract to a plan, and contracts that cannot be rolled out.

use std::collections::BTreeMap;

use baton_contract::document::Document;
use baton_contract::model::{Bound, Contract, Metric, Rollout};
use baton_terms::{Diagnostic, Source};

use super::super::{Plan, Rule};
use super::world::*;

macro_rules! shipped {
    ($file:literal) => {
        Source::new(
            $file,
            include_str!(concat!(
                "../../../../../contracts/engineering-to-qa/",
                $file
            )),
        )
    };
}

fn contract() -> Contract {
    let mut document = Document::alone(shipped!("contract.yaml"));
    for source in [
        shipped!("package.schema.json"),
        shipped!("outputs.schema.json"),
    ] {
        document.files.insert(source.name().to_owned(), source);
    }
    let reading = document.read();
    reading.contract().unwrap().clone()
}

/// What the shipped contract says to measure first.
const MEASURED: &[(Metric, i64)] = &[(Metric::BounceRate, 900)];

fn planned(contract: &Contract, measured: &[(Metric, i64)]) -> Result<Plan, Vec<String>> {
    let measured: BTreeMap<Metric, i64> = measured.iter().copied().collect();
    let plan = Plan::of(id("rollout-1"), usual().versions, contract, &measured);
    plan.map_err(|problems| {
        let found = |problem: Diagnostic| problem.found;
        problems.into_iter().map(found).collect()
    })
}

#[test]
fn a_contract_says_how_it_is_rolled_out() {
    let plan = planned(&contract(), MEASURED).unwrap();
    let percents: Vec<u32> = plan.stages.iter().map(|stage| stage.percent).collect();
    assert_eq!(percents, [0, 10, 50, 100]);
    assert_eq!(plan.metrics.len(), 1);
    assert_eq!(plan.metrics[0].minimum_sample, 30);
    // One metric and two stages in which both versions judge.
    assert_eq!((plan.harmed_at(), plan.passed_at()), (40, 200));
    // After promotion, one metric and no stages.
    assert_eq!(plan.harmed_after_at(), 20);
}

#[test]
fn bounds_and_baselines_say_what_is_harm_and_what_passes() {
    let rule = |metric: Metric, bound: Bound, baseline: i64| {
        let mut contract = contract();
        let rollout = contract.rollout.as_mut().unwrap();
        rollout.analysis[0].metric = metric;
        rollout.analysis[0].bound = bound;
        rollout.analysis[0].margin = 300;
        planned(&contract, &[(metric, baseline)]).unwrap().metrics[0].rule
    };
    let share = |harm_above, pass_below, stable_at_most| Rule::Share {
        harm_above,
        pass_below,
        stable_at_most,
    };
    let time = |share, harm_above, pass_above| Rule::Time {
        share,
        harm_above,
        pass_above,
    };
    for (metric, bound, expected) in [
        (
            Metric::BounceRate,
            Bound::NotWorseBy,
            share(300, 300, 1_300),
        ),
        (Metric::LateRate, Bound::BetterBy, share(0, -300, 1_000)),
        (
            Metric::TimeToVerdictP50,
            Bound::NotWorseBy,
            time(5_000, 1_300, 1_300),
        ),
        (
            Metric::TimeToCompleteP90,
            Bound::BetterBy,
            time(1_000, 1_000, 700),
        ),
    ] {
        assert_eq!(rule(metric, bound, 1_000), expected, "{metric} {bound:?}");
    }
}

// spec: ROLLOUT-13
#[test]
fn what_cannot_be_judged_is_not_rolled_out() {
    type Change = fn(&mut Rollout);
    let cases: [(Change, &str); 4] = [
        (
            |rollout| rollout.bucketing_algorithm = id("murmur3"),
            "algorithm `murmur3`",
        ),
        (|rollout| rollout.stages.reverse(), "4 stages that are not"),
        (
            |rollout| rollout.analysis[0].metric = Metric::LoadFairness,
            "`load-fairness`, whose baseline is neither known nor measured",
        ),
        (
            |rollout| rollout.analysis[0].margin = 10_000,
            "`bounce-rate` with a margin of everything",
        ),
    ];
    for (change, found) in cases {
        let mut contract = contract();
        change(contract.rollout.as_mut().unwrap());
        assert_eq!(planned(&contract, MEASURED).unwrap_err(), [found]);
    }
    let mut without = contract();
    without.rollout = None;
    assert_eq!(planned(&without, MEASURED).unwrap_err(), ["one is missing"]);
    let unmeasured = planned(&contract(), &[]).unwrap_err();
    assert_eq!(
        unmeasured,
        ["`bounce-rate`, whose baseline is neither known nor measured"]
    );
    let mut versions = usual().versions;
    versions.canary = versions.stable;
    let same = Plan::of(
        id("rollout-1"),
        versions,
        &contract(),
        &MEASURED.iter().copied().collect(),
    );
    let problems = same.unwrap_err();
    let codes: Vec<String> = problems.iter().map(|one| one.code.to_string()).collect();
    assert_eq!(codes, ["E1390"]);
}
