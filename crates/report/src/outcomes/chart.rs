//! An outcome week by week, drawn: its value with limits, its target, its baseline.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::model::{Line, Reading, Week};
use super::view::{amount, target};
use crate::plain;

/// Units of a drawing from edge to edge.
const SIDE: i64 = 10_000;
/// Basis points in the whole.
const WHOLE: i64 = 10_000;

/// Draws an outcome, or nothing where no week has a value.
pub(super) fn chart(line: &Line, weeks: &[Week]) -> Markup {
    let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else {
        return html! {};
    };
    if line.weeks.iter().all(|week| week.value.is_none()) {
        return html! { p.soft { "No week has a value yet." } };
    }
    let most = most(line);
    let y = |value: i64| SIDE - share_of(value, most);
    let baseline = (line.baseline.as_ref()).and_then(|baseline| baseline.reading.value);
    let said = format!(
        "{} from {} to {}, on a scale up to {}",
        plain(&line.id),
        first.name,
        last.name,
        amount(&line.unit, most)
    );
    html! {
        figure {
            span.y-label { (amount(&line.unit, most)) }
            svg.chart.weeks viewBox="-150 -150 10300 10300" preserveAspectRatio="none" role="img" aria-label=(said) {
                title { (said) }
                @for quarter in 0..=4_i64 { path.grid d=(format!("M0 {0}H{SIDE}", quarter * SIDE / 4)) {} }
                @if let Some(baseline) = baseline { path.baseline d=(format!("M0 {0}H{SIDE}", y(baseline))) {} }
                @if let Some(target) = line.target { path.target d=(format!("M0 {0}H{SIDE}", y(target))) {} }
                path.limits d=(limits(&line.weeks, most)) {}
                path.line d=(path(&line.weeks, most)) {}
                path.dot d=(dots(&line.weeks, most)) {}
            }
            span.scale.small { span { (first.name) } span { (last.name) } }
            ul.legend {
                li { (key("line")) "value of the week" }
                @if line.weeks.iter().any(|week| week.low.is_some() || week.high.is_some()) { li { (key("limits")) "95% interval" } }
                @if line.target.is_some() { li { (key("target")) "target: " (target(line)) } }
                @if let Some(baseline) = baseline { li { (key("baseline")) "baseline: " (amount(&line.unit, baseline)) } }
            }
        }
    }
}

fn key(class: &str) -> Markup {
    html! { svg.weeks viewBox="0 0 28 10" aria-hidden="true" { path class=(class) d="M0 5H28" {} } }
}

/// Returns the end of a scale that holds every value, the target and the baseline; limits beyond it are cut.
fn most(line: &Line) -> i64 {
    let baseline = (line.baseline.as_ref()).and_then(|baseline| baseline.reading.value);
    let values = line.weeks.iter().filter_map(|week| week.value);
    let values = values.chain(line.target).chain(baseline);
    let most = values.max().unwrap_or(0).max(1);
    let roomy = most.saturating_add(most / 4).max(4);
    if line.unit == "basis-points" && most <= WHOLE {
        return round_up(roomy, 500).min(WHOLE);
    }
    round_up(roomy, if roomy >= 600 { 60 } else { 1 })
}

fn round_up(value: i64, step: i64) -> i64 {
    value.saturating_add(step - 1) / step * step
}

fn share_of(value: i64, most: i64) -> i64 {
    value.clamp(0, most).saturating_mul(SIDE) / most.max(1)
}

/// Returns the points of weeks, and nothing where a week has none.
fn points(weeks: &[Reading], most: i64) -> Vec<Option<(i64, i64)>> {
    let count = i64::try_from(weeks.len()).unwrap_or(i64::MAX).max(1);
    let point = |(at, week): (i64, &Reading)| {
        let x = (at * 2 + 1) * SIDE / (count * 2);
        Some((x, SIDE - share_of(week.value?, most)))
    };
    (0..).zip(weeks).map(point).collect()
}

/// Returns the line through weeks; it breaks where a week has no value.
fn path(weeks: &[Reading], most: i64) -> String {
    let mut path = String::new();
    let mut is_drawn = false;
    for point in points(weeks, most) {
        if let Some((x, y)) = point {
            let step = if is_drawn { 'L' } else { 'M' };
            // Writing to a String can't fail.
            let _ = write!(path, "{step}{x} {y}");
        }
        is_drawn = point.is_some();
    }
    path
}

fn dots(weeks: &[Reading], most: i64) -> String {
    let points = points(weeks, most).into_iter().flatten();
    let dots: Vec<String> = points.map(|(x, y)| format!("M{x} {y}h0")).collect();
    dots.concat()
}

fn limits(weeks: &[Reading], most: i64) -> String {
    let points = points(weeks, most);
    let both = weeks.iter().zip(points);
    let upright = |(week, point): (&Reading, Option<(i64, i64)>)| {
        let (x, _) = point?;
        let low = SIDE - week.low.map_or(0, |low| share_of(low, most));
        let high = SIDE - week.high.map_or(SIDE, |high| share_of(high, most));
        (week.low.is_some() || week.high.is_some()).then(|| format!("M{x} {low}V{high}"))
    };
    let upright: Vec<String> = both.filter_map(upright).collect();
    upright.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_breaks_where_nothing_is_known_and_stays_inside() {
        let reading = |value: Option<i64>| Reading {
            value,
            low: value.map(|value| value - 1),
            high: None,
            sample: 1,
        };
        let weeks = [Some(0), Some(5), None, Some(50)].map(reading);
        assert_eq!(path(&weeks, 10), "M1250 10000L3750 5000M8750 0");
        assert_eq!(dots(&weeks, 10), "M1250 10000h0M3750 5000h0M8750 0h0");
        assert_eq!(limits(&weeks, 10), "M1250 10000V0M3750 6000V0M8750 0V0");
    }
}
