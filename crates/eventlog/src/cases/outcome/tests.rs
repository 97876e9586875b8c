//! What outcomes say about one case, expression by expression.

use super::*;
use crate::cases::settings::Outcome;
use crate::model::{Builder, Column, Event, Kind, Log};

/// Three events an hour apart: opened by `a`, handed to `b`, back at `a` and closed.
fn log() -> Log {
    let columns = vec![
        Column::new("made_sla", Kind::Boolean),
        Column::new("hours", Kind::Number { scale: 1 }),
        Column::new("rank", Kind::Number { scale: 0 }),
        Column::new("due", Kind::Time),
        Column::new("closed code", Kind::Text),
    ];
    let mut builder = Builder::new(columns);
    let events = [
        (
            "opened",
            "a",
            [Some("true"), Some("25"), Some("3"), Some("60"), None],
        ),
        (
            "updated",
            "b",
            [Some("true"), None, Some("2"), Some("60"), None],
        ),
        (
            "closed",
            "a",
            [Some("false"), Some("-15"), None, None, Some("7")],
        ),
    ];
    for (hour, (activity, party, values)) in (0..).zip(events) {
        let event = Event {
            case: "INC 1",
            time: hour * 3_600_000_000,
            order: hour,
            activity,
            party: Some(party),
            person: None,
            values: &values,
        };
        builder.push(&event).unwrap();
    }
    let number = |text: &str, kind| match kind {
        Kind::Boolean => Some(i64::from(text == "true")),
        Kind::Time => Some(text.parse::<i64>().ok()? * 60_000_000),
        _ => text.parse().ok(),
    };
    builder.finish(number).0
}

fn verdict(outcome: &Outcome) -> Verdict {
    let log = log();
    let mut outcomes = Outcomes::compile(&log, outcome).unwrap();
    let first = outcomes.verdict(0, 0..3);
    // Remembered answers are the same answers.
    assert_eq!(outcomes.verdict(0, 0..3), first);
    first
}

fn check(failed: &str, expected: Option<bool>) {
    let outcome = Outcome {
        failed: failed.into(),
        ..Outcome::default()
    };
    assert_eq!(verdict(&outcome).failed, expected, "{failed}");
}

// spec: CASES-1
#[test]
fn an_outcome_reads_the_first_and_last_event_and_the_whole_case() {
    check("last.made_sla == false", Some(true));
    check("first.made_sla == false", Some(false));
    check(
        "last.party == first.party && last.activity == 'closed'",
        Some(true),
    );
    check("last[\"closed code\"] == '7'", Some(true));
    check("has(first.rank) && !has(last.rank)", Some(true));
    check("case.rank == 2", Some(true));
    check("first.hours == 2.5 && last.hours == -1.5", Some(true));
    check("end > first.due", Some(true));
    check("start == timestamp('1970-01-01T00:00:00Z')", Some(true));
    check("elapsed == duration('2h')", Some(true));
    check("count.updated == 1 && count['closed'] == 1", Some(true));
    check(
        "handovers == 2 && bounces == 1 && parties == 2 && events == 3",
        Some(true),
    );
    check("id == 'INC 1'", Some(true));
    check("size(first) == 6 && size(count) == 3", Some(true));
}

// spec: CASES-2
#[test]
fn what_is_missing_makes_the_outcome_unknown() {
    check("last.rank > 1", None);
    check("last.due < end", None);
    check("last.rank > 1 || true", Some(true));
}

// spec: CASES-3
#[test]
fn a_cost_is_a_number_or_hours() {
    for (cost, expected) in [
        ("elapsed", Some(2_000)),
        ("duration('90m')", Some(1_500)),
        ("first.hours", Some(2_500)),
        ("last.hours", Some(-1_500)),
        ("events", Some(3_000)),
        ("last.rank", None),
    ] {
        let outcome = Outcome {
            failed: "true".into(),
            cost: Some(cost.into()),
            ..Outcome::default()
        };
        assert_eq!(verdict(&outcome).cost, expected, "{cost}");
    }
}

#[test]
fn problems_of_all_expressions_come_at_once_with_their_places() {
    let outcome = Outcome {
        failed: "last.made_sal == false".into(),
        decided: Some("count.Closed > 0".into()),
        cost: Some("'much'".into()),
        at: "/outcomes/0".to_owned(),
        ..Outcome::default()
    };
    let log = log();
    let problems = Outcomes::compile(&log, &outcome).err().unwrap();
    let places: Vec<_> = problems
        .iter()
        .map(|problem| &*problem.place.pointer)
        .collect();
    let expected = [
        "/outcomes/0/failed",
        "/outcomes/0/decided",
        "/outcomes/0/cost",
    ];
    assert_eq!(places, expected, "{problems:#?}");
    assert!(problems[0].hint.contains("made_sla"), "{problems:#?}");
}

#[test]
fn what_an_outcome_reads_is_known() {
    let log = log();
    let reads = |failed: &str, column| {
        let outcome = Outcome {
            failed: failed.into(),
            ..Outcome::default()
        };
        Outcomes::compile(&log, &outcome).unwrap().reads(column)
    };
    assert!(reads("last.made_sla", "made_sla"));
    assert!(!reads("last.made_sla", "hours"));
    assert!(reads("has(case.hours)", "hours"));
    assert!(reads("size(first) > 1", "due"));
    assert!(reads("last['closed code'] == ''", "closed code"));
    assert!(!reads("elapsed > duration('1h')", "due"));
}
