//! Small fits whose answers are known.

use baton_eventlog::blameless::People;
use baton_eventlog::cases::Closing;

use super::capacity::seen;
use super::*;
use crate::chance::{Chance, Draws, Purpose, Source};
use crate::history::tests::{MONDAY, log_of, weeks_of_work};
use crate::history::{Exit, HOUR, History, Stretch, Visit, WEEK};

fn draws(number: u32) -> Draws {
    Chance::new(5, 0).draws(Purpose::Stay, Source::Arrival, (number, 0))
}

#[test]
fn an_interval_has_its_ends_at_ranks() {
    assert_eq!(interval((0..38).collect()), None);
    assert_eq!(interval((1..=40).collect()), Some([1, 20, 40]));
    // Between the 5th and the 196th of 200 lie 191 of 201 places for one more.
    assert_eq!(interval((1..=200).rev().collect()), Some([5, 100, 196]));
    assert_eq!(
        Spread::of(vec![3, 1, 2]),
        Spread {
            count: 3,
            median: Some(2),
            p90: Some(3)
        }
    );
    assert_eq!(Spread::of(Vec::new()).median, None);
}

#[test]
fn a_trend_is_told_by_all_orders() {
    let of = |series: &[f64]| trend(series).unwrap();
    // 2 of the 5! orders are as steady as a rise throughout.
    let rising = of(&[1.0, 2.0, 4.0, 5.0, 9.0]);
    assert!(
        (rising.probability - 2.0 / 120.0).abs() < 1e-12,
        "{rising:?}"
    );
    assert!((rising.slope - 1.5).abs() < 1.0, "{rising:?}");
    let level = of(&[1.0, 3.0, 2.0, 2.5, 1.5]);
    assert!(level.probability > 0.8, "{level:?}");
    assert!((of(&[4.0, 2.0]).slope + 2.0).abs() < 1e-12);
    assert_eq!(trend(&[1.0]), None);
}

#[test]
fn what_is_not_steady_yet_is_left_out() {
    assert_eq!(
        warm_up(&[10.2, 6.9, 3.1, 6.3, 4.4, 4.3, 3.8, 3.1, 3.2], 4),
        4
    );
    assert_eq!(warm_up(&[3.0, 3.1, 2.9, 3.0, 3.1, 2.9], 4), 0);
    assert_eq!(warm_up(&[9.0, 1.0, 1.0], 4), 0);
    assert_eq!(warm_up(&[], 4), 0);
}

#[test]
fn open_time_is_counted_and_used_up() {
    let day = 24 * HOUR;
    // Monday to Friday, 9 to 17.
    let office = Opening::of((0..5).map(|at| (at * day + 9 * HOUR, at * day + 17 * HOUR))).unwrap();
    assert_eq!(office.total(), 40 * HOUR);
    let at = |days: i64, hours: i64| MONDAY + days * day + hours * HOUR;
    for (start, end, open) in [
        (at(0, 0), at(7, 0), 40),
        (at(0, 16), at(1, 10), 2),
        (at(4, 20), at(7, 9), 0),
        (at(1, 12), at(1, 10), 0),
    ] {
        assert_eq!(office.between(start, end), open * HOUR, "{start} {end}");
    }
    for (start, open, expected) in [
        (at(0, 10), 2, at(0, 12)),
        (at(0, 16), 1, at(0, 17)),
        (at(0, 16), 2, at(1, 10)),
        (at(4, 16), 9, at(7, 17)),
        (at(5, 3), 0, at(7, 9)),
        (at(2, 12), 0, at(2, 12)),
    ] {
        assert_eq!(office.after(start, open * HOUR), expected, "{start} {open}");
    }
    // Sunday night to Monday morning, in two pieces that touch.
    let night = Opening::of([(WEEK - HOUR, WEEK + HOUR), (HOUR, 2 * HOUR)]).unwrap();
    assert_eq!(night.total(), 3 * HOUR);
    assert_eq!(night.after(at(6, 22), HOUR), at(7, 0));
    assert_eq!(Opening::of([(5, 5)]), None);
}

fn visit(from: Option<u32>, wait: i64, end: i64) -> Visit {
    Visit {
        case: 0,
        from,
        team: 1,
        activity: 0,
        start: MONDAY,
        touch: Some(MONDAY + wait),
        done: MONDAY + end,
        end: MONDAY + end,
        exit: Exit::Leave,
    }
}

fn situation(from: Option<u32>) -> Situation {
    Situation {
        from,
        team: 1,
        activity: 0,
        period: Period::of(MONDAY),
        week: None,
    }
}

#[test]
fn narrow_bins_give_way_to_wider_ones() {
    // Twenty visits from team 0, and three from team 2 that are too few to stand alone.
    let mut visits = vec![visit(Some(0), 10, 20); 20];
    visits.extend([visit(Some(2), 90, 100); 3]);
    let pools = Pools::of(&visits, MONDAY + WEEK);
    let course = |from| {
        let waits = (0..200).map(|number| pools.draw(&situation(from), &mut draws(number)));
        waits
            .map(|course| course.unwrap().wait.unwrap())
            .collect::<Vec<_>>()
    };
    assert!(course(Some(0)).iter().all(|wait| *wait == 10));
    let wide = course(Some(2));
    assert!(wide.contains(&10) && wide.contains(&90));
}

#[test]
fn what_is_still_open_counts_as_longer_and_never_as_it_is() {
    // Half of the visits take 10, a quarter takes 1,000 and is known, a quarter is open after 500.
    let cut = MONDAY + 500;
    let mut visits = vec![visit(Some(0), 5, 10); 40];
    visits.extend([visit(Some(0), 300, 400); 20]);
    visits.extend([visit(Some(0), 5, 350); 1]);
    visits.extend([visit(Some(0), 100, 90_000); 20]);
    let pools = Pools::of(&visits, cut);
    assert_eq!(pools.open, 20);
    let stays: Vec<i64> = (0..400)
        .map(|number| {
            pools
                .draw(&situation(Some(0)), &mut draws(number))
                .unwrap()
                .stay()
        })
        .collect();
    assert!(stays.iter().all(|stay| [10, 400, 350].contains(stay)));
    // None took longer than 500, so the longest known stands for them: 40 of 81 are long.
    let long = stays.iter().filter(|stay| **stay == 400).count();
    assert!((160..240).contains(&long), "{long}");
    let longer = pools
        .draw_longer(&situation(Some(0)), (50, false), &mut draws(1))
        .unwrap();
    assert_eq!(longer.wait, Some(300));
    assert_eq!(
        pools.draw_longer(&situation(Some(0)), (5_000, true), &mut draws(1)),
        None
    );
}

#[test]
fn a_team_is_seen_with_the_most_it_had_in_work() {
    let begin = MONDAY;
    let mut cases = vec![
        vec![
            (begin, "new", "a"),
            (begin + 10, "seen", "a"),
            (begin + 100, "done", "a"),
        ],
        vec![
            (begin, "new", "a"),
            (begin + 20, "seen", "a"),
            (begin + 50, "done", "a"),
        ],
        // Begins as the one before ends, and one without any work.
        vec![
            (begin, "new", "a"),
            (begin + 50, "seen", "a"),
            (begin + 60, "done", "a"),
        ],
        vec![(begin, "new", "a"), (begin + 30, "done", "a")],
    ];
    cases.extend(vec![
        vec![(begin, "new", "a"), (begin + 200, "done", "a")];
        20
    ]);
    let history = History::of(&log_of(&cases), People::Vouched, &Closing::default());
    let seen = seen(&history, Stretch::whole(&history)).unwrap();
    assert_eq!(seen.first().unwrap().in_work_most, 2);
    assert_eq!(seen.first().unwrap().opening.total(), HOUR);
    assert!(!seen.first().unwrap().has_own_hours);
}

#[test]
fn chance_has_the_mean_it_is_asked_for() {
    for mean in [0.3, 4.0, 40.0] {
        let sum: u32 = (0..2_000)
            .map(|number| poisson(mean, &mut draws(number)))
            .sum();
        let found = f64::from(sum) / 2_000.0;
        // Four standard errors.
        assert!(
            (found - mean).abs() < 4.0 * (mean / 2_000.0_f64).sqrt(),
            "{found} for {mean}"
        );
    }
    assert_eq!(poisson(0.0, &mut draws(1)), 0);
}

#[test]
fn weeks_are_split_and_the_backlog_is_what_was_open() {
    let history = History::of(
        &weeks_of_work(12, 100),
        People::Vouched,
        &Closing::default(),
    );
    let split = Split::of(&history, 3, None).unwrap();
    assert_eq!(
        (split.held_out.weeks(), split.held_out.first - split.fit.end),
        (3, 0)
    );
    assert_eq!(Split::of(&history, 3, Some(5)).unwrap().fit.weeks(), 5);
    assert_eq!(Split::of(&history, 9, None), None);
    let fitted = Fitted::of(&history, split).unwrap();
    assert!(fitted.backlog.len() < 20);
    let cut = split.cut();
    for underway in &fitted.backlog {
        assert!(underway.visit.start < cut && underway.visit.end >= cut);
    }
    assert_eq!(
        fitted.arrivals.weeks.iter().sum::<u64>(),
        42 * u64::try_from(split.fit.weeks()).unwrap()
    );
}
