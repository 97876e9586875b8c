//! Tests of change points on seeded series: none where nothing changes, the day where something does.
#![expect(
    clippy::as_conversions,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    reason = "small numbers of tests"
)]

use super::*;
use crate::wire::Fixed;

/// Numbers from a seed (`SplitMix64`, Steele, Lea and Flood 2014).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn is(&mut self, chance: f64) -> bool {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64 <= chance
    }
}

/// Days of a varying number of cases whose chance of failure is given per day.
fn series(seed: u64, days: usize, chance: impl Fn(usize) -> f64) -> Vec<Day> {
    let mut numbers = Numbers(seed);
    (0..days)
        .map(|day| {
            let cases = 5 + numbers.next() % 40;
            let failures = (0..cases).filter(|_| numbers.is(chance(day))).count();
            Day {
                day: 17_000 + day as i64,
                cases,
                failures: failures as u64,
            }
        })
        .collect()
}

fn alpha(millionths: i64) -> Fixed {
    Fixed::from_millionths(millionths)
}

fn found(days: &[Day], level: i64) -> Vec<i64> {
    let dates: Vec<String> = (0..4_000).map(|day| date(17_000 + day)).collect();
    change_points(days, alpha(level))
        .iter()
        .map(|change| dates.iter().position(|date| *date == change.day).unwrap() as i64)
        .collect()
}

#[test]
fn a_constant_rate_is_called_changed_within_alpha() {
    for (days, chance) in [(40, 0.02), (40, 0.3), (150, 0.08)] {
        let runs = 200;
        let false_ones = (0..runs)
            .filter(|seed| !found(&series(*seed, days, |_| chance), 50_000).is_empty())
            .count();
        // 5% of 200 and its 99.9% binomial limit.
        assert!(false_ones <= 21, "{days} days at {chance}: {false_ones}");
    }
}

#[test]
fn a_change_is_dated_and_nothing_is_added_to_it() {
    for (after, near) in [(0.25, 5), (0.4, 2)] {
        let (mut exact, mut added) = (0, 0);
        for seed in 0..20 {
            let days = series(seed, 120, |day| if day < 70 { 0.08 } else { after });
            let places = found(&days, 50_000);
            exact += usize::from(places.iter().any(|place| (place - 70).abs() <= near));
            added += usize::from(places.len() > 1);
        }
        assert!(
            exact >= 19 && added <= 3,
            "{after}: {exact} found, {added} added"
        );
    }
}

#[test]
fn a_short_bump_has_two_ends() {
    for seed in 0..10 {
        let bump = |day: usize| if (100..110).contains(&day) { 0.5 } else { 0.08 };
        let places = found(&series(seed, 300, bump), 50_000);
        assert!(places.len() >= 2, "seed {seed}: {places:?}");
        assert!(places.iter().any(|place| (place - 100).abs() <= 1));
        assert!(places.iter().any(|place| (place - 110).abs() <= 1));
    }
}

#[test]
fn days_that_share_their_fate_do_not_look_like_changes() {
    let mut false_ones = 0;
    for seed in 0..40 {
        // Whole days go wrong: each day has its own rate around 20%.
        let mut numbers = Numbers(seed + 1_000);
        let of_day: Vec<f64> = (0..120)
            .map(|_| if numbers.is(0.25) { 0.5 } else { 0.1 })
            .collect();
        let days = series(seed, 120, |day| of_day[day]);
        assert!(
            dispersion(&days).to_f64() > 1.5,
            "seed {seed}: {:?}",
            dispersion(&days)
        );
        false_ones += usize::from(!found(&days, 50_000).is_empty());
    }
    assert!(false_ones <= 7, "{false_ones} of 40");
}

#[test]
fn the_order_of_days_carries_no_meaning_and_odd_days_do_no_harm() {
    let days = series(3, 60, |day| if day < 30 { 0.05 } else { 0.5 });
    let mut reversed = days.clone();
    reversed.reverse();
    // A day in two parts, one day without cases, and more failures than cases.
    let last = reversed.pop().unwrap();
    reversed.push(Day {
        cases: 1,
        failures: 0,
        ..last
    });
    reversed.push(Day {
        cases: last.cases - 1,
        ..last
    });
    reversed.push(Day {
        day: 17_500,
        cases: 0,
        failures: 7,
    });
    let expected = change_points(&days, alpha(50_000));
    assert_eq!(expected.len(), 1);
    assert_eq!(change_points(&reversed, alpha(50_000)), expected);
    assert_eq!(change_points(&[], alpha(50_000)), []);
    assert_eq!(change_points(&days[..1], alpha(50_000)), []);
    assert_eq!(change_points(&days, alpha(0)), []);
}

#[test]
fn a_long_history_is_taken_in_blocks() {
    let days: Vec<Day> = (0..9_000)
        .map(|day| Day {
            day,
            cases: 4,
            failures: u64::from(day >= 6_000),
        })
        .collect();
    let changes = change_points(&days, alpha(50_000));
    let dates: Vec<&str> = changes.iter().map(|change| change.day.as_str()).collect();
    assert_eq!(dates, [date(6_000)]);
    assert_eq!(changes[0].before.value, Some(Fixed::from_millionths(0)));
    assert_eq!(
        changes[0].after.value,
        Some(Fixed::from_millionths(250_000))
    );
}
