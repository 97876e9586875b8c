//! The whole way on a made-up log whose rule is known.

use baton_eventlog::blameless::People;
use baton_eventlog::cases::Closing;
use baton_terms::Source;

use crate::history::History;
use crate::history::tests::weeks_of_work;
use crate::scenario::{self, Plan};
use crate::simulate::{Ready, Settings, fit};
use crate::wire::{Change, Input, Measure, Scenario, Simulation};

const SETTINGS: Settings = Settings {
    seed: 3,
    replications: 40,
};

fn simulate(ready: &Ready<'_>, plans: &[Plan]) -> Simulation {
    let input = Input {
        name: "log.csv".to_owned(),
        digests: Vec::new(),
    };
    ready.simulate(plans, SETTINGS, ("0.1.0", input))
}

fn plan(ready: &Ready<'_>, text: &str) -> Plan {
    let text = format!("baton: scenario/v1\nname: one\n{text}");
    scenario::read(&Source::new("scenario.yaml", text), &ready.known()).unwrap()
}

fn overall(scenario: &Scenario, measure: Measure) -> &Change {
    let mut changes = scenario.overall.iter();
    changes.find(|change| change.measure == measure).unwrap()
}

#[test]
fn weeks_like_those_fitted_are_reproduced() {
    let history = History::of(
        &weeks_of_work(14, 100),
        People::Vouched,
        &Closing::default(),
    );
    let answer = simulate(&fit(&history, 4, Some(10)).unwrap(), &[]);
    let validation = &answer.validation;
    assert!(validation.reproduces_waiting, "{validation:#?}");
    assert_eq!(validation.team_coverage.compared, 3);
    assert!(validation.team_coverage.medians >= 2, "{validation:#?}");
    assert!(answer.cautions.is_empty(), "{:?}", answer.cautions);
}

#[test]
fn weeks_unlike_those_fitted_are_told_apart() {
    // From the held-out weeks on everything waits three times as long.
    let history = History::of(
        &weeks_of_work(14, 300),
        People::Vouched,
        &Closing::default(),
    );
    let answer = simulate(&fit(&history, 4, Some(10)).unwrap(), &[]);
    assert!(!answer.validation.reproduces_waiting);
    assert!(
        answer
            .cautions
            .iter()
            .any(|caution| caution.contains("does not reproduce"))
    );
}

#[test]
fn each_lever_moves_what_it_should() {
    let history = History::of(
        &weeks_of_work(12, 100),
        People::Vouched,
        &Closing::default(),
    );
    let ready = fit(&history, 3, None).unwrap();
    let texts = [
        "arrivals: {percent: 150}",
        "arrivals: {percent: 50}",
        "arrivals: {percent: 1000}\nteams: {lab: {capacity: 1}}",
        "arrivals: {percent: 200}\nteams: {field: {wip_limit: 1}}",
        "every_team: {returns_percent: 0}",
        "every_team: {retries: {after: 1h, most: 5}, deadline: 2h}",
        "approvals: [{approvers: 1, takes: [30m, 2h]}]",
        "every_team: {hours: {zone: UTC, days: [monday], open: '09:00-17:00'}}",
        "every_team: {capacity_percent: 1000}",
    ];
    let plans: Vec<_> = texts.iter().map(|text| plan(&ready, text)).collect();
    let answer = simulate(&ready, &plans);
    let moved = |number: usize, measure| {
        let change = overall(answer.scenarios.get(number).unwrap(), measure);
        match (change.is_clear, change.difference.middle) {
            (false, _) => "not clear",
            (true, 1..) => "more",
            (true, _) => "less",
        }
    };
    assert_eq!(moved(0, Measure::Handovers), "more");
    assert_eq!(moved(1, Measure::Handovers), "less");
    assert_eq!(moved(2, Measure::WaitingP90), "more");
    assert_eq!(moved(3, Measure::WaitingP90), "more");
    assert_eq!(moved(4, Measure::Handovers), "less");
    assert_eq!(moved(5, Measure::WaitingP90), "less");
    assert_eq!(moved(5, Measure::Late), "less");
    assert_eq!(moved(6, Measure::WaitingMedian), "more");
    assert_eq!(moved(7, Measure::WaitingMedian), "more");
    // The same luck for everybody: what has no effect makes no difference at all.
    let waits = overall(answer.scenarios.get(8).unwrap(), Measure::Handovers);
    assert_eq!((waits.difference.low, waits.difference.high), (0, 0));
}

#[test]
fn the_same_seed_gives_the_same_answer_for_any_number_of_threads() {
    let history = History::of(&weeks_of_work(8, 100), People::Vouched, &Closing::default());
    let ready = fit(&history, 2, None).unwrap();
    let plans = [plan(&ready, "arrivals: {percent: 120}")];
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let three = rayon::ThreadPoolBuilder::new()
        .num_threads(3)
        .build()
        .unwrap();
    let answer = one.install(|| simulate(&ready, &plans));
    assert_eq!(answer, three.install(|| simulate(&ready, &plans)));
}

#[test]
fn a_log_too_short_or_without_handovers_is_refused() {
    let history = History::of(&weeks_of_work(5, 100), People::Vouched, &Closing::default());
    assert_eq!(
        fit(&history, 4, None).unwrap_err().code.to_string(),
        "E1420"
    );
    let alone: Vec<_> = (0..200)
        .map(|case| {
            let at = crate::history::tests::MONDAY + case * 36_000;
            vec![(at, "new", "a"), (at + 5, "done", "a")]
        })
        .collect();
    let history = History::of(
        &crate::history::tests::log_of(&alone),
        People::Vouched,
        &Closing::default(),
    );
    assert_eq!(
        fit(&history, 2, None).unwrap_err().code.to_string(),
        "E1421"
    );
}
