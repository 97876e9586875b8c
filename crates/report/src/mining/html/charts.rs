//! The page's drawings: inline SVG without text of its own, so that it can take any width; numbers
//! and labels stand beside it. Each has a text alternative, and none a meaning that only color carries.
//!
//! Coordinates are integers from 0 to [`SIDE`]; strokes keep their width whatever the stretch.

use baton_rootcause::wire::{Coverage, Fixed, Interval, Overview, Period};
use maud::{Markup, html};

use super::super::numbers::{percent, share};
use crate::plain;

/// Units of a drawing from edge to edge.
const SIDE: i64 = 10_000;

/// Returns `share` as a coordinate on a scale that ends at `most`.
fn across(share: Fixed, most: Fixed) -> i64 {
    let most = most.millionths().max(1);
    (share.millionths().clamp(0, most) * SIDE) / most
}

/// Returns the end of a scale that holds every share: the next of a few round
/// percentages.
pub(super) fn scale_for(shares: impl Iterator<Item = Fixed>) -> Fixed {
    let most = shares.map(Fixed::millionths).max().unwrap_or(0);
    let ends =
        [1, 2, 3, 4, 5, 8, 10, 15, 20, 30, 40, 50, 60, 80, 100].map(|percent| percent * 10_000);
    let end = ends
        .into_iter()
        .find(|&end| end >= most)
        .unwrap_or(1_000_000);
    Fixed::from_millionths(end)
}

/// Draws the failure rate of a cause with its interval, and the rate of all others.
pub(super) fn interval(rate: &Interval, others: Fixed, most: Fixed) -> Markup {
    let value = rate.value.unwrap_or_default();
    let (low, high) = (rate.low.unwrap_or(value), rate.high.unwrap_or(value));
    let said = format!(
        "{} fail, between {} and {}; {} of the others",
        percent(value),
        percent(low),
        percent(high),
        percent(others)
    );
    let at = |share| across(share, most);
    html! {
        svg.interval viewBox="-150 0 10300 1000" preserveAspectRatio="none" role="img" aria-label=(said) {
            title { (said) }
            path.axis d=(format!("M0 500H{SIDE}")) {}
            path.others d=(format!("M{} 120V880", at(others))) {}
            path.whisker d=(format!("M{} 500H{}", at(low), at(high))) {}
            path.whisker d=(format!("M{0} 320V680M{1} 320V680", at(low), at(high))) {}
            path.dot d=(format!("M{} 500h0", at(value))) {}
        }
    }
}

/// Draws the share of failures covered over the share of cases covered, cause by cause.
pub(super) fn coverage(steps: &[Coverage], overview: &Overview) -> Markup {
    let point = |cases: u64, failures: u64| {
        let x = share(cases, overview.cases);
        let y = share(failures, overview.failures);
        let one = Fixed::from_millionths(1_000_000);
        (across(x, one), SIDE - across(y, one))
    };
    let points: Vec<_> = steps
        .iter()
        .map(|step| point(step.cases, step.failures))
        .collect();
    let from_origin: Vec<_> = std::iter::once((0, SIDE))
        .chain(points.iter().copied())
        .collect();
    let said = steps.last().map_or_else(String::new, |last| {
        format!(
            "{} of the cases hold {} of the failures",
            percent(share(last.cases, overview.cases)),
            percent(share(last.failures, overview.failures))
        )
    });
    html! {
        svg.chart.square viewBox="-150 -150 10300 10300" preserveAspectRatio="none" role="img" aria-label=(said) {
            title { (said) }
            (grid())
            path.even d=(format!("M0 {SIDE}L{SIDE} 0")) {}
            path.line d=(polyline(&from_origin)) {}
            path.dot d=(dots(&points)) {}
        }
    }
}

/// Draws the failure rate per period, with the number of cases below and the days of change.
pub(super) fn over_time(periods: &[Period], changes: &[&str], most: Fixed) -> Markup {
    let count = i64::try_from(periods.len()).unwrap_or(i64::MAX).max(1);
    let x = |at: usize| {
        let at = i64::try_from(at).unwrap_or(0);
        (at * 2 + 1) * SIDE / (count * 2)
    };
    let busiest = periods.iter().map(|period| period.cases).max().unwrap_or(0);
    let rates = periods
        .iter()
        .enumerate()
        .filter(|(_, period)| period.cases > 0);
    let points: Vec<_> = rates
        .map(|(at, period)| {
            let rate = share(period.failures, period.cases);
            (x(at), SIDE - across(rate, most))
        })
        .collect();
    let width = (SIDE * 7 / (count * 10)).max(1);
    let first = periods.first().map_or("", |period| &period.start);
    let last = periods.last().map_or("", |period| &period.start);
    let said = format!(
        "The failure rate from {} to {}, on a scale up to {}",
        plain(first),
        plain(last),
        percent(most)
    );
    html! {
        svg.chart viewBox="-150 -150 10300 10300" preserveAspectRatio="none" role="img" aria-label=(said) {
            title { (said) }
            (grid())
            @for (at, period) in periods.iter().enumerate() {
                @let height = across(share(period.cases, busiest), Fixed::from_millionths(4_000_000));
                rect.volume x=(x(at) - width / 2) y=(SIDE - height) width=(width) height=(height) {}
            }
            @for day in changes {
                path.change d=(format!("M{0} 0V{SIDE}", at_day(periods, day))) {}
            }
            path.line d=(polyline(&points)) {}
            path.dot d=(dots(&points)) {}
        }
    }
}

/// Draws cases with failures of one cause per period.
pub(super) fn spark(periods: &[(u64, u64)], most: Fixed) -> Markup {
    let count = i64::try_from(periods.len()).unwrap_or(i64::MAX).max(1);
    let width = (SIDE * 8 / (count * 10)).max(1);
    html! {
        svg.spark viewBox="0 0 10000 10000" preserveAspectRatio="none" aria-hidden="true" {
            @for (at, (failures, cases)) in periods.iter().enumerate() {
                @let at = i64::try_from(at).unwrap_or(0);
                @let height = across(share(*failures, *cases), most);
                rect.bar x=(at * SIDE / count) y=(SIDE - height) width=(width) height=(height) {}
            }
            path.axis d=(format!("M0 {SIDE}H{SIDE}")) {}
        }
    }
}

/// Returns where the period that holds `day` begins.
fn at_day(periods: &[Period], day: &str) -> i64 {
    let count = i64::try_from(periods.len()).unwrap_or(i64::MAX).max(1);
    let before = periods
        .iter()
        .filter(|period| period.start.as_str() <= day)
        .count();
    let at = i64::try_from(before.saturating_sub(1)).unwrap_or(0);
    at * SIDE / count
}

/// Returns the path through points.
fn polyline(points: &[(i64, i64)]) -> String {
    let points: Vec<String> = points.iter().map(|(x, y)| format!("{x} {y}")).collect();
    if points.is_empty() {
        return String::new();
    }
    format!("M{}", points.join("L"))
}

/// Returns the path of a dot at each point: a line without length, whose ends are round.
fn dots(points: &[(i64, i64)]) -> String {
    let dots: Vec<String> = points.iter().map(|(x, y)| format!("M{x} {y}h0")).collect();
    dots.concat()
}

fn grid() -> Markup {
    html! {
        @for quarter in 0..=4_i64 {
            path.grid d=(format!("M0 {0}H{SIDE}", quarter * SIDE / 4)) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_a_round_number_and_nothing_is_drawn_outside() {
        let fixed = Fixed::from_millionths;
        for (most, end) in [
            (0, 10_000),
            (7_100, 10_000),
            (366_000, 400_000),
            (990_000, 1_000_000),
        ] {
            assert_eq!(scale_for([fixed(most)].into_iter()), fixed(end));
        }
        assert_eq!(across(fixed(2_000_000), fixed(1_000_000)), SIDE);
        assert_eq!(across(fixed(-5), fixed(1_000_000)), 0);
        let period = |start: &str| Period {
            start: start.to_owned(),
            cases: 1,
            failures: 0,
        };
        let periods = [period("2026-01-01"), period("2026-02-01")];
        assert_eq!(at_day(&periods, "2026-02-01"), SIDE / 2);
        assert_eq!(at_day(&periods, "2025-02-01"), 0);
    }
}
