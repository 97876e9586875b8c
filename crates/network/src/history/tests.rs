//! Visits and weeks of small logs, counted by hand, and a made-up log for the tests of this crate.

use baton_eventlog::blameless::People;
use baton_eventlog::cases::Closing;
use baton_eventlog::model::{Builder, Event, Log};

use super::*;
use crate::chance::{Chance, Purpose, Source};

/// Monday 2026-01-05, 00:00 UTC.
pub(crate) const MONDAY: i64 = 1_767_571_200;

/// A log of cases, each a list of (second, activity, party); `-` names no party.
pub(crate) fn log_of(cases: &[Vec<(i64, &str, &str)>]) -> Log {
    let mut builder = Builder::new(Vec::new());
    for (at, events) in cases.iter().enumerate() {
        let id = format!("case-{at:05}");
        for (order, (second, activity, party)) in (0..).zip(events) {
            let event = Event {
                case: &id,
                time: second * 1_000_000,
                order,
                activity,
                party: Some(*party).filter(|party| *party != "-"),
                person: None,
                values: &[],
            };
            builder.push(&event).unwrap();
        }
    }
    builder.finish(|_, _| None).0
}

/// Weeks of a desk that hands work to `lab` or `field`; `lab` gives a quarter back. Waits are
/// exponential, an hour at `lab` and four at `field`, times `slower` percent from week 10 on.
pub(crate) fn weeks_of_work(weeks: i64, slower: i64) -> Log {
    let mut cases = Vec::new();
    for number in 0..weeks * 42 {
        let place = (u32::try_from(number).unwrap(), 0);
        let mut draws = Chance::new(11, 0).draws(Purpose::Stay, Source::Arrival, place);
        let mut waits = |mean: f64| {
            #[expect(
                clippy::as_conversions,
                clippy::cast_possible_truncation,
                reason = "a test's own numbers"
            )]
            let wait = (-mean * libm::log(draws.unit())) as i64;
            wait
        };
        // One every four hours, somewhere in them.
        let mut at = MONDAY + number * 14_400 + waits(3_600.0) % 14_400;
        let factor = if at >= MONDAY + 10 * WEEK {
            slower
        } else {
            100
        };
        let mut events = vec![(at, "new", "desk")];
        at += waits(600.0);
        events.push((at, "seen", "desk"));
        let is_lab = number % 3 != 0;
        let (team, mean) = if is_lab {
            ("lab", 3_600.0)
        } else {
            ("field", 14_400.0)
        };
        at += waits(1_200.0);
        events.push((at, "given", team));
        at += waits(mean) * factor / 100;
        events.push((at, "seen", team));
        at += waits(2_000.0);
        if is_lab && number % 4 == 0 {
            events.push((at, "given back", "desk"));
            at += waits(900.0);
        }
        events.push((
            at,
            "closed",
            if is_lab && number % 4 == 0 {
                "desk"
            } else {
                team
            },
        ));
        cases.push(events);
    }
    log_of(&cases)
}

#[test]
fn a_visit_waits_until_the_next_event_and_ends_when_another_team_is_named() {
    let mut cases = vec![
        vec![
            (0, "new", "a"),
            (5, "note", "-"),
            (9, "given", "b"),
            (20, "seen", "b"),
            (30, "back", "a"),
        ],
        vec![(0, "new", "-")],
    ];
    // Enough cases for both to be named.
    cases.extend(vec![vec![(0, "new", "a"), (1, "given", "b")]; 20]);
    let history = History::of(&log_of(&cases), People::Vouched, &Closing::default());
    assert_eq!(history.teams, ["a", "b"]);
    assert_eq!(
        (history.cases, history.without_team, history.disordered),
        (22, 1, 0)
    );
    let [first, second, third, ..] = history.visits.as_slice() else {
        panic!("{:?}", history.visits);
    };
    assert_eq!(
        (first.from, first.team, first.wait(), first.end),
        (None, 0, Some(5), 9)
    );
    assert!(matches!(first.exit, Exit::Pass { team: 1, .. }));
    assert_eq!(
        (second.from, second.team, second.wait(), second.end),
        (Some(0), 1, Some(11), 30)
    );
    assert!(matches!(second.exit, Exit::Return { team: 0, .. }));
    assert_eq!(
        (third.from, third.wait(), third.exit),
        (Some(1), None, Exit::Leave)
    );
}

#[test]
fn small_groups_are_one_team() {
    let cases = vec![vec![(0, "new", "a"), (1, "given", "b")]; 20];
    let history = History::of(&log_of(&cases), People::Counted, &Closing::default());
    assert_eq!(history.teams, ["(small groups)"]);
    assert_eq!(history.folded, 2);
}

#[test]
fn only_the_longest_run_of_full_weeks_counts() {
    let history = History::of(&weeks_of_work(6, 100), People::Vouched, &Closing::default());
    let stretch = Stretch::whole(&history);
    assert_eq!((stretch.start_second(), stretch.weeks()), (MONDAY, 6));
    assert_eq!(stretch.end_second(), MONDAY + 6 * WEEK);
    assert!(
        stretch.holds(MONDAY) && !stretch.holds(MONDAY - 1) && !stretch.holds(stretch.end_second())
    );
    assert_eq!(hour_of_week(MONDAY), 0);
    assert_eq!(hour_of_week(MONDAY - 1), 167);
    // A thin tail of one case a week is left out.
    let mut cases = vec![vec![(MONDAY, "new", "a"), (MONDAY + 1, "given", "b")]; 30];
    cases.extend((1..9).map(|week| vec![(MONDAY + week * WEEK, "new", "a")]));
    assert_eq!(
        Stretch::whole(&History::of(
            &log_of(&cases),
            People::Vouched,
            &Closing::default()
        ))
        .weeks(),
        1
    );
}
