//! The limits of a numeric condition: found on bins, sharpened on the values themselves, and
//! rounded to the plainest number that shows (nearly) as much.

use baton_eventlog::cases::{Unit, Values};

use super::cells::Cells;
use super::ground::{Ground, Pattern};
use super::item::{Item, Test};
use super::stratified::{Stratum, evidence};

/// Cut points looked at for one limit.
const CUTS_MAX: usize = 160;
/// Deviance that may be given up for a plainer limit.
const SLACK: f64 = 1.5;
/// Deviance a limit must earn to be there at all: half the logarithm of ten thousand cases, what a
/// parameter costs by description length (Rissanen 1978).
const LIMIT_WORTH: f64 = 4.6;
/// Marks at which counts are kept.
const MARKS_MAX: usize = 64;
/// Rounds over the two limits.
const ROUNDS: u32 = 2;

/// Returns the pattern with the limits of its numbers sharpened and rounded.
pub(crate) fn sharpen(ground: &mut Ground<'_>, cells: &Cells<'_>, pattern: Pattern) -> Pattern {
    let mut items: Vec<Item> = ground.items(&pattern).into_iter().cloned().collect();
    for place in 0..items.len() {
        let context = items.iter().enumerate().filter(|(at, _)| *at != place);
        let context: Vec<Item> = context.map(|(_, item)| item.clone()).collect();
        let Some(item) = items.get(place).cloned() else {
            continue;
        };
        if let Test::Between(low, high) = item.test {
            let context = ground.pattern(context);
            let Some(line) = Line::of(ground, cells, &context, item.feature) else {
                continue;
            };
            let (low, high) = line.sharpened(low, high);
            if let Some(item) = items.get_mut(place) {
                item.test = Test::Between(low, high);
            }
        }
    }
    // A number without limits says nothing.
    items.retain(|item| item.test != Test::Between(None, None));
    if items.is_empty() {
        return pattern;
    }
    ground.pattern(items)
}

/// The earlier rows of a context, in the order of a number.
struct Line {
    unit: Unit,
    /// Distinct values, ascending.
    values: Vec<i64>,
    /// Cell and outcome of each row.
    points: Vec<(usize, bool)>,
    /// Number of points below each value; one entry more than values.
    below: Vec<usize>,
    /// Cases and failures of each cell below every [`Line::stride`]th value.
    marks: Vec<Vec<(u64, u64)>>,
    totals: Vec<(u64, u64)>,
}

impl Line {
    fn of(
        ground: &Ground<'_>,
        cells: &Cells<'_>,
        context: &[usize],
        feature: usize,
    ) -> Option<Self> {
        let Values::Number { values, unit } = &ground.table.features.get(feature)?.values else {
            return None;
        };
        let mut points: Vec<(i64, usize, bool)> = Vec::new();
        for row in ground.rows(context).rows() {
            let value = values.get(row).copied().flatten();
            if let (Some(value), Some(cell)) = (value, cells.counted(row)) {
                points.push((value, cell, ground.failed.contains(row)));
            }
        }
        points.sort_unstable();
        let mut line = Self {
            unit: *unit,
            values: Vec::new(),
            points: Vec::with_capacity(points.len()),
            below: Vec::new(),
            marks: Vec::new(),
            totals: cells.totals().collect(),
        };
        for (value, cell, failed) in points {
            if line.values.last() != Some(&value) {
                line.values.push(value);
                line.below.push(line.points.len());
            }
            line.points.push((cell, failed));
        }
        line.below.push(line.points.len());
        let mut sums = vec![(0_u64, 0_u64); cells.len()];
        for place in (0..line.below.len()).step_by(line.stride()) {
            line.marks.push(sums.clone());
            line.add(&mut sums, (place, place + line.stride()));
        }
        Some(line)
    }

    /// Values from one mark to the next.
    fn stride(&self) -> usize {
        self.values.len().div_ceil(MARKS_MAX).max(1)
    }

    /// Adds cases and failures of the values in `from..to` (places of distinct values).
    fn add(&self, sums: &mut [(u64, u64)], (from, to): (usize, usize)) {
        let end = self.points.len();
        let place = |place: usize| self.below.get(place).copied().unwrap_or(end);
        let points = self.points.get(place(from)..place(to));
        for &(cell, failed) in points.unwrap_or_default() {
            if let Some((cases, failures)) = sums.get_mut(cell) {
                *cases += 1;
                *failures += u64::from(failed);
            }
        }
    }

    /// Cases and failures of each cell below a value.
    fn sums(&self, place: usize) -> Vec<(u64, u64)> {
        let mark = place / self.stride();
        let mut sums = self.marks.get(mark).cloned().unwrap_or_default();
        self.add(&mut sums, (mark * self.stride(), place));
        sums
    }

    /// What the values in `from..to` (places of distinct values) show.
    fn deviance(&self, from: usize, to: usize) -> f64 {
        let (low, high) = (self.sums(from), self.sums(to));
        let cells = low.iter().zip(&high).zip(&self.totals);
        let strata: Vec<Stratum> = cells
            .map(|((low, high), total)| Stratum {
                cases: total.0,
                failures: total.1,
                covered: high.0.saturating_sub(low.0),
                failing: high.1.saturating_sub(low.1),
            })
            .collect();
        evidence(&strata).deviance
    }

    fn place(&self, limit: i64) -> usize {
        self.values.partition_point(|&value| value < limit)
    }

    fn sharpened(&self, low: Option<i64>, high: Option<i64>) -> (Option<i64>, Option<i64>) {
        let count = self.values.len();
        let mut from = low.map_or(0, |low| self.place(low));
        let mut to = high.map_or(count, |high| self.place(high));
        for _ in 0..ROUNDS {
            from = best(cuts(0, to), from, |cut| self.deviance(cut, to));
            to = best(cuts(from + 1, count + 1), to, |cut| {
                self.deviance(from, cut)
            });
        }
        let most = self.deviance(from, to);
        if self.deviance(0, to) >= most - LIMIT_WORTH {
            from = 0;
        } else if self.deviance(from, count) >= most - LIMIT_WORTH {
            to = count;
        }
        let least = self.deviance(from, to) - SLACK;
        let low_region = region(from, (0, to), |cut| self.deviance(cut, to) >= least);
        let low = self.plainest(low_region, from);
        let from = low.map_or(0, |low| self.place(low));
        let high_region = region(to, (from + 1, count + 1), |cut| {
            self.deviance(from, cut) >= least
        });
        (low, self.plainest(high_region, to))
    }

    /// The plainest limit that cuts at one of these places; none where no limit is needed.
    fn plainest(&self, (first, last): (usize, usize), best: usize) -> Option<i64> {
        if first == 0 || last >= self.values.len() {
            return None;
        }
        let low = self.values.get(first - 1)?.saturating_add(1);
        let high = *self.values.get(last)?;
        let wanted = *self.values.get(best.min(last))?;
        Some(plainest(low, high, wanted, self.unit))
    }
}

/// Evenly spread places in `from..to`.
fn cuts(from: usize, to: usize) -> impl Iterator<Item = usize> {
    let step = to.saturating_sub(from).div_ceil(CUTS_MAX).max(1);
    (from..to).step_by(step)
}

/// The place with the most deviance; the one it has, when none beats it.
fn best(cuts: impl Iterator<Item = usize>, now: usize, deviance: impl Fn(usize) -> f64) -> usize {
    let mut best = (deviance(now), now);
    for cut in cuts {
        let found = deviance(cut);
        if found > best.0 {
            best = (found, cut);
        }
    }
    best.1
}

/// The places around `at`, within `from..to`, up to which limits are good enough.
fn region(at: usize, (from, to): (usize, usize), good: impl Fn(usize) -> bool) -> (usize, usize) {
    let first = at - reach(at.saturating_sub(from), |steps| good(at - steps));
    let last = at + reach(to.saturating_sub(at + 1), |steps| good(at + steps));
    (first, last)
}

/// How many steps, at most `room`, are good: in doubling strides, then by halving the last one.
fn reach(room: usize, good: impl Fn(usize) -> bool) -> usize {
    let (mut near, mut stride) = (0, 1);
    while near < room && good((near + stride).min(room)) {
        near = (near + stride).min(room);
        stride *= 2;
    }
    let mut far = (near + stride).min(room + 1);
    while near + 1 < far {
        let middle = near + (far - near) / 2;
        if good(middle) {
            near = middle;
        } else {
            far = middle;
        }
    }
    near
}

/// Steps of time people think in, in seconds.
const TIMES: [i64; 13] = [
    604_800, 86_400, 43_200, 21_600, 14_400, 7_200, 3_600, 1_800, 900, 600, 300, 60, 10,
];

/// The multiple of the plainest step in `low..=high`, the nearest to `wanted` among several.
fn plainest(low: i64, high: i64, wanted: i64, unit: Unit) -> i64 {
    let found = match unit {
        Unit::Seconds => TIMES
            .iter()
            .find_map(|&step| multiple(low, high, wanted, step)),
        Unit::Count | Unit::Decimal(_) => (0..18_u32).rev().find_map(|digits| {
            let ten = 10_i64.checked_pow(digits)?;
            [ten.checked_mul(5), ten.checked_mul(2), Some(ten)]
                .into_iter()
                .flatten()
                .find_map(|step| multiple(low, high, wanted, step))
        }),
    };
    found.unwrap_or(wanted)
}

fn multiple(low: i64, high: i64, wanted: i64, step: i64) -> Option<i64> {
    let below = wanted.div_euclid(step).checked_mul(step)?;
    [below, below.checked_add(step)?]
        .into_iter()
        .chain(
            low.checked_add(step - 1)
                .and_then(|low| low.div_euclid(step).checked_mul(step)),
        )
        .filter(|multiple| (low..=high).contains(multiple))
        .min_by_key(|multiple| multiple.abs_diff(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_moved_as_far_as_they_are_good_enough() {
        for (at, from, to, least, most) in [
            (50, 0, 100, 50, 50),
            (50, 0, 100, 0, 99),
            (50, 0, 100, 37, 61),
            (0, 0, 1, 0, 0),
            (99, 0, 100, 98, 99),
        ] {
            let good = |place: usize| (least..=most).contains(&place);
            assert_eq!(region(at, (from, to), good), (least, most));
        }
    }

    #[test]
    fn a_limit_is_the_plainest_number_that_cuts_as_well() {
        for (low, high, unit, expected) in [
            (14_001, 14_922, Unit::Seconds, 14_400),
            (80_000, 90_000, Unit::Seconds, 86_400),
            (3, 4, Unit::Seconds, 3),
            (87, 93, Unit::Count, 90),
            (9, 12, Unit::Count, 10),
            (-3, 3, Unit::Count, 0),
            (41, 43, Unit::Count, 42),
            (1_951, 2_070, Unit::Decimal(2), 2_000),
        ] {
            assert_eq!(plainest(low, high, low, unit), expected, "{low}..={high}");
        }
    }
}
