//! From daily counts to change points: scan every stretch, keep the narrowest that speaks, put each
//! change where its neighbors let it, and test it once more there.

use super::calendar::date;
use super::day::{Day, collected, in_blocks, totals};
use super::dispersion::{discounted, surplus};
use super::scan::{Split, best_split, ln_p};
use super::seeds::stretches;
use crate::statistics::real;
use crate::wire::{ChangePoint, Fixed, Interval};

/// Times that changes are moved to where their neighbors let them.
const MOVES_MAX: usize = 5;
/// 97.5% quantile of the normal distribution.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// Returns the days on which the failure rate changed.
///
/// The chance that a series whose rate never changes gets any is at most `alpha`, by exact
/// conditional tests corrected for all days looked at; elsewhere in a series that does change, too.
/// Days may come in any order; days without cases are left out. When daily rates vary clearly more
/// than chance (see [`super::dispersion`]), every day counts for as much less.
pub fn change_points(daily: &[Day], alpha: Fixed) -> Vec<ChangePoint> {
    let days = in_blocks(collected(daily.iter().copied()));
    let counted = discounted(&days, surplus(&days));
    let ln_alpha = libm::log(alpha.to_f64().clamp(0.0, 1.0));
    let mut found = narrowest(&counted, ln_alpha);
    settle(&counted, ln_alpha, &mut found);
    let ends = found.iter().map(|change| change.place);
    let starts: Vec<usize> = [0].into_iter().chain(ends.clone()).collect();
    let stops = ends.skip(1).chain([days.len()]);
    found
        .iter()
        .zip(starts)
        .zip(stops)
        .filter_map(|((change, start), stop)| {
            Some(ChangePoint {
                day: date(days.get(change.place)?.day),
                before: rate(days.get(start..change.place)?),
                after: rate(days.get(change.place..stop)?),
                log10_p: Fixed::round(change.ln_p / std::f64::consts::LN_10)?,
            })
        })
        .collect()
}

/// A change: the first day of the new rate, and ln of its corrected p-value.
#[derive(Debug, Clone, Copy)]
struct Change {
    place: usize,
    ln_p: f64,
}

/// Returns the changes of the narrowest stretches that speak against one rate, in order of days.
fn narrowest(days: &[Day], ln_alpha: f64) -> Vec<Change> {
    let mut speaking = Vec::new();
    for stretch in stretches(days.len()) {
        let Some(inside) = days.get(stretch.days.clone()) else {
            continue;
        };
        let Some(Split { place, ln_tail }) = best_split(inside) else {
            continue;
        };
        let allowed = ln_alpha + stretch.ln_share;
        if ln_tail > allowed {
            continue;
        }
        let ln_p = (ln_p(inside, ln_tail) - stretch.ln_share).min(0.0);
        if ln_p <= ln_alpha {
            let change = Change {
                place: stretch.days.start + place,
                ln_p,
            };
            speaking.push((stretch.days, change));
        }
    }
    // Narrowest first; among equals the clearest, then the earliest.
    speaking.sort_by(|(days, change), (other_days, other)| {
        let by_length = days.len().cmp(&other_days.len());
        let by_strength = by_length.then(change.ln_p.total_cmp(&other.ln_p));
        by_strength.then(change.place.cmp(&other.place))
    });
    let mut chosen: Vec<Change> = Vec::new();
    for (days, change) in speaking {
        let explained = |one: &Change| days.start < one.place && one.place < days.end;
        if !chosen.iter().any(explained) {
            chosen.push(change);
        }
    }
    chosen.sort_by_key(|change| change.place);
    chosen.dedup_by_key(|change| change.place);
    chosen
}

/// Moves every change to the best split between its neighbors, and takes back those that do not
/// hold there, the weakest first.
fn settle(days: &[Day], ln_alpha: f64, found: &mut Vec<Change>) {
    for _ in 0..MOVES_MAX {
        let before: Vec<usize> = found.iter().map(|change| change.place).collect();
        for number in 0..found.len() {
            if let Some(split) = between(days, found, number)
                && let Some(change) = found.get_mut(number)
            {
                change.place = split.place;
            }
        }
        if found.iter().map(|change| change.place).eq(before) {
            break;
        }
    }
    loop {
        let tested: Vec<f64> = (0..found.len())
            .map(|number| held(days, found, number))
            .collect();
        let weakest = tested
            .iter()
            .enumerate()
            .max_by(|(_, one), (_, other)| one.total_cmp(other));
        let Some((number, ln_p)) = weakest else {
            return;
        };
        if *ln_p <= ln_alpha {
            for (change, ln_p) in found.iter_mut().zip(&tested) {
                change.ln_p = change.ln_p.max(*ln_p);
            }
            return;
        }
        found.remove(number);
    }
}

/// Returns the days from the change before a change up to the change after it.
fn around(days: &[Day], found: &[Change], number: usize) -> (usize, usize) {
    let place = |number: usize| found.get(number).map(|change| change.place);
    let start = number.checked_sub(1).and_then(place).unwrap_or(0);
    (start, place(number + 1).unwrap_or(days.len()))
}

fn between(days: &[Day], found: &[Change], number: usize) -> Option<Split> {
    let (start, end) = around(days, found, number);
    let split = best_split(days.get(start..end)?)?;
    Some(Split {
        place: start + split.place,
        ..split
    })
}

/// Returns ln of the p-value of a change between its neighbors, corrected for the share of all
/// splits that lie there.
fn held(days: &[Day], found: &[Change], number: usize) -> f64 {
    let (start, end) = around(days, found, number);
    let inside = days.get(start..end).unwrap_or_default();
    let Some(split) = best_split(inside) else {
        return 0.0;
    };
    let splits = |length: usize| real(u64::try_from(length).unwrap_or(u64::MAX)).max(2.0) - 1.0;
    let looks = libm::log(splits(days.len()) / splits(inside.len()));
    (ln_p(inside, split.ln_tail) + looks).min(0.0)
}

/// Returns a failure rate with its Wilson score interval (1927) of 95%.
fn rate(days: &[Day]) -> Interval {
    let (cases, failures) = totals(days);
    if cases == 0 {
        return Interval {
            value: None,
            low: None,
            high: None,
        };
    }
    let (cases, failures) = (real(cases), real(failures));
    let share = failures / cases;
    let square = NORMAL_975 * NORMAL_975;
    let middle = failures + square / 2.0;
    let width = NORMAL_975 * libm::sqrt(failures * (1.0 - share) + square / 4.0);
    Interval {
        value: Fixed::round(share),
        low: Fixed::round(((middle - width) / (cases + square)).max(0.0)),
        high: Fixed::round(((middle + width) / (cases + square)).min(1.0)),
    }
}
