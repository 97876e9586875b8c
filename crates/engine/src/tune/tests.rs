//! Planted numbers that tell failing work better, and a clause that nobody misses.

use baton_eventlog::cases;
use baton_evidence::keys::Keyring;
use baton_report::backtest::{Measure, Outcome};
use baton_report::tuning::{Moved, Tuning};
use baton_terms::Diagnostic;

use super::*;
use crate::backtest::tests::{CLAUSE, CONTRACT, Kind, compiled, log, recipe};
use crate::backtest::{self, OfLog, backtest};
use crate::past::Past;

const ALWAYS: &str = "  - {id: always, title: Always, dimension: flow, weight: 1, severity: minor, expect: has(package.named), because: b, fix: f, effort: 1}\n";

/// Late work names nobody, and good work has no area: the contract holds up neither.
const KINDS: [Kind; 2] = [
    (196, (false, true), true, (false, false)),
    (196, (true, false), false, (false, false)),
];

fn contract() -> String {
    CONTRACT
        .replace("ready_min: 7000", "ready_min: 6000")
        .replace("thresholds:", &format!("{CLAUSE}{ALWAYS}thresholds:"))
}

fn with<T>(kinds: &[Kind], work: impl FnOnce(&OfLog<'_>, &Outcome) -> T) -> T {
    let (imported, mapping) = log(kinds);
    let recipe = recipe();
    let past = Past::of(&imported.log, &mapping, &recipe).unwrap();
    let declared = cases::Outcome {
        failed: "last.late".into(),
        ..cases::Outcome::default()
    };
    let packages = OfLog::new(&past, (&imported.log, &mapping), Some(&declared)).unwrap();
    let outcome = Outcome {
        name: "Late".to_owned(),
        failed: "last.late".to_owned(),
    };
    work(&packages, &outcome)
}

fn run(kinds: &[Kind], worth: u64) -> Result<Tuning, Vec<Diagnostic>> {
    let contract = compiled(&contract());
    with(kinds, |packages, outcome| {
        tune(
            packages,
            &Asked {
                contract: &contract,
                keyring: &Keyring::default(),
                outcome: Some(outcome),
                inputs: &[],
                worth,
            },
        )
    })
}

// spec: TUNE-1, TUNE-2
#[test]
fn what_earlier_cases_suggest_and_later_ones_confirm_is_recommended() {
    let found = run(&KINDS, 1).unwrap();
    let held = |held_failed| Moved {
        held_failed,
        ..Moved::default()
    };
    let recommended: Vec<_> = found
        .recommended
        .iter()
        .map(|one| (&*one.at, one.from, one.to, one.earlier, one.later))
        .collect();
    assert_eq!(
        recommended,
        [
            ("/clauses/named/weight", 1, 2, held(126), held(70)),
            ("/thresholds/review_risk", 6_000, 2_500, held(126), held(70)),
        ]
    );
    assert_eq!(found.unconfirmed, []);
    // Two changes share the 5%.
    assert_eq!(found.confidence, 9_750);
    // The change written into the contract does to the past what was said of it.
    let (before, after) = (
        contract(),
        contract().replace(
            "title: Named, dimension: flow, weight: 1",
            "title: Named, dimension: flow, weight: 2",
        ),
    );
    let (before, after) = (compiled(&before), compiled(&after));
    let tried = with(&KINDS, |packages, outcome| {
        let asked = backtest::Asked {
            before: &before,
            after: &after,
            keyring: &Keyring::default(),
            as_of: None,
            outcome: Some(outcome),
            inputs: &[],
            flips: 0,
        };
        backtest(packages, &asked).unwrap()
    });
    let mut rows = tried.decisions.iter();
    let row = rows.find(|row| row.measure == Measure::HeldUp).unwrap();
    assert_eq!((row.gained.failed, row.gained.fine), (196, 0));
    assert_eq!((row.lost.failed, row.lost.fine), (0, 0));
}

// spec: TUNE-3
#[test]
fn what_later_cases_do_not_confirm_is_listed_with_its_reason() {
    // Three in seven of those that name nobody are good work.
    let mut kinds = KINDS.to_vec();
    kinds[0].0 = 28 * 4;
    kinds.push((28 * 3, (false, true), false, (false, false)));
    let found = run(&kinds, 1).unwrap();
    assert_eq!(found.recommended, []);
    let doubts: Vec<_> = found.unconfirmed.iter().map(|one| &*one.because).collect();
    assert_eq!(doubts, ["later cases that it holds up may be good work"; 2]);
    // Where a failure is worth more, holding up some good work for it is.
    assert_eq!(run(&kinds, 4).unwrap().recommended.len(), 2);
}

// spec: TUNE-4
#[test]
fn a_clause_that_everybody_meets_may_go_and_few_cases_say_nothing() {
    let found = run(&KINDS, 1).unwrap();
    let retire: Vec<_> = found.retire.iter().map(|one| &*one.clause).collect();
    assert_eq!(retire, ["always"]);
    let always = found
        .clauses
        .iter()
        .find(|one| one.clause == "always")
        .unwrap();
    assert_eq!((always.applied, always.unmet, always.waived), (392, 0, 0));
    let few = [(40, (false, true), true, (false, false)), KINDS[1]];
    assert_eq!(run(&few, 1).unwrap_err()[0].code, TOO_LITTLE);
}
