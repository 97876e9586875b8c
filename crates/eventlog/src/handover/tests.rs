//! The map of small logs, counted by hand.

use super::*;
use crate::blameless::{People, SMALL_GROUPS};
use crate::model::{Builder, Event, Log};

/// A log of cases; each step is `PARTY` or `PARTY/PERSON`, `-` names no party; minutes apart.
pub(crate) fn log_of(cases: &[&str]) -> Log {
    let mut builder = Builder::new(Vec::new());
    for (at, steps) in cases.iter().enumerate() {
        let id = format!("case-{at:04}");
        for (minute, step) in (0..).zip(steps.split(' ')) {
            let (party, person) = match step.split_once('/') {
                Some((party, person)) => (party, Some(person)),
                None => (step, None),
            };
            let event = Event {
                case: &id,
                time: minute * 60_000_000,
                order: minute,
                activity: "updated",
                party: Some(party).filter(|party| *party != "-"),
                person,
                values: &[],
            };
            builder.push(&event).unwrap();
        }
    }
    builder.finish(|_, _| None).0
}

fn check(cases: &[&str], expected: [u64; 5]) {
    let map = build(&log_of(cases), People::Vouched, None);
    let totals = map.totals;
    let found = [
        totals.handed_over_cases,
        totals.handovers,
        totals.after_gap,
        totals.ping_pong_cases,
        map.edges.iter().map(|edge| edge.returned).sum(),
    ];
    assert_eq!(found, expected, "{cases:?}");
}

// spec: CASES-10
#[test]
fn a_handover_is_two_events_in_a_row_that_name_two_parties() {
    check(&["a a b b"], [1, 1, 0, 0, 0]);
    check(&["a - b"], [0, 0, 1, 0, 0]);
    check(&["- a - a"], [0, 0, 0, 0, 0]);
    check(&["a b a"], [1, 2, 0, 1, 1]);
    check(&["a b - a"], [1, 1, 1, 1, 1]);
    check(&["a b c a"], [1, 3, 0, 0, 0]);
    check(&["a b", "a b c", "c"], [2, 3, 0, 0, 0]);
}

// spec: CASES-11
#[test]
fn an_edge_says_what_became_of_its_handovers() {
    let mut cases = vec!["a/p b/q b"; 20];
    cases.extend(["a b a", "a c", "a/p c/q c", "b c"]);
    // Cases that stay with `c` make it large enough to be named.
    cases.extend(["c"; 20]);
    let log = log_of(&cases);
    let failed: Vec<_> = (0..log.cases()).map(|case| Some(case >= 20)).collect();
    let failures = Failures {
        name: "late",
        failed: &failed,
    };
    let map = build(&log, People::Vouched, Some(failures));
    let edge = map.edges.first().unwrap();
    assert_eq!((edge.from.as_str(), edge.to.as_str()), ("a", "b"));
    assert_eq!((edge.handovers, edge.cases, edge.returned), (21, 21, 1));
    assert_eq!((edge.passed_on, edge.without_person), (0, Some(1)));
    assert_eq!(edge.waiting.known, 21);
    assert_eq!(edge.waiting.p90_seconds, Some(60));
    let count = |cases, failures| Count { cases, failures };
    // Only cases that `a` handed over are compared: the one that `b` gave to `c` is not.
    let expected = Split {
        with: count(21, 1),
        without: count(2, 2),
    };
    assert_eq!(edge.failures, Some(expected));
    let nameless = map.outcome.unwrap().without_person.unwrap();
    assert_eq!(nameless.with, count(3, 3));
    assert_eq!(nameless.without, count(21, 1));
}

// spec: CASES-12
#[test]
fn a_party_of_few_people_or_cases_has_no_name() {
    let large = |party: &str| {
        let step = |at: u32| format!("{party}/{party}{}", at % 5);
        (0..20).map(step).collect::<Vec<_>>()
    };
    let mut cases = large("large");
    cases.extend(large("other"));
    // Many cases, one person; many people, few cases; nobody known.
    cases.extend(vec!["solo/x".to_owned(); 30]);
    cases.extend((0..10).map(|at| format!("rare/r{at}")));
    cases.extend(vec!["unknown".to_owned(); 30]);
    let cases: Vec<_> = cases.iter().map(String::as_str).collect();
    let names = |people| {
        let map = build(&log_of(&cases), people, None);
        let names: Vec<_> = map.parties.into_iter().map(|party| party.name).collect();
        (names, map.folded.parties)
    };
    let (shown, folded) = names(People::Counted);
    assert_eq!(shown, [SMALL_GROUPS, "large", "other"]);
    assert_eq!(folded, 3);
    // `rare` alone would be known by elimination, so the smallest other party joins it.
    let (shown, folded) = names(People::Vouched);
    assert_eq!(shown, [SMALL_GROUPS, "other", "solo", "unknown"]);
    assert_eq!(folded, 2);
}
