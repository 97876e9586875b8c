//! The hypotheses of one set of columns: every box of a table of counts, one item per axis.
//!
//! Categories come first among the axes, so the numbers of each combination of values are one
//! stretch of the table; of the boxes in it, the one with most evidence is kept.

use super::found::Pattern;
use super::level::{Census, Screen};
use super::space::{Column, WIDTH_MAX};
use crate::encode::Item;
use crate::statistics::LogProbability;

/// Counts of one set of columns: cells in the order of the codes, the last column fastest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    /// The columns, categories first.
    pub(super) columns: &'a [&'a Column],
    /// Cases by cell.
    pub(super) cases: &'a [u32],
    /// Failures by cell.
    pub(super) failures: &'a [u32],
}

impl<'a> Table<'a> {
    fn categories(&self) -> &'a [&'a Column] {
        let end = self
            .columns
            .iter()
            .take_while(|column| !column.is_number())
            .count();
        self.columns.get(..end).unwrap_or_default()
    }

    /// Returns the columns of numbers, and the cells of one combination of values.
    fn numbers(&self) -> (&'a [&'a Column], usize) {
        let numbers = self
            .columns
            .get(self.categories().len()..)
            .unwrap_or_default();
        (
            numbers,
            numbers
                .iter()
                .map(|column| usize::from(column.size))
                .product(),
        )
    }

    /// Counts the hypotheses of a table without numbers.
    pub(super) fn count(&self, census: &mut Census) {
        let support = u32::try_from(census.support()).unwrap_or(u32::MAX);
        for cases in self.cases {
            if *cases >= support {
                census.count(u64::from(*cases));
            }
        }
    }

    /// Adds the patterns that reach the level of `screen` to `found`; counts the hypotheses of
    /// tables with numbers, whose boxes are looked at here alone.
    pub(super) fn search(&self, screen: &Screen, census: &mut Census, found: &mut Vec<Pattern>) {
        let support = u32::try_from(census.support()).unwrap_or(u32::MAX);
        let (numbers, cells) = self.numbers();
        if numbers.is_empty() {
            for (cell, (cases, failures)) in self.cases.iter().zip(self.failures).enumerate() {
                if *cases >= support
                    && screen.may_reach(*cases, *failures)
                    && let Some(p) = screen.reached(*cases, *failures)
                {
                    let items = items(self.columns, cell);
                    found.push(pattern(items, (*cases, *failures), p));
                }
            }
            return;
        }
        let stretches = self
            .cases
            .chunks_exact(cells)
            .zip(self.failures.chunks_exact(cells));
        for (place, counts) in stretches.enumerate() {
            if let Some((of_numbers, counts, p)) = best_box(numbers, counts, screen, census) {
                let mut items = items(self.categories(), place);
                items.extend(of_numbers);
                found.push(pattern(items, counts, p));
            }
        }
    }
}

/// Returns a pattern with its items in the order of their attributes.
pub(super) fn pattern(
    mut items: Vec<Item>,
    (cases, failures): (u32, u32),
    p: LogProbability,
) -> Pattern {
    items.sort_unstable();
    Pattern {
        items,
        cases: u64::from(cases),
        failures: u64::from(failures),
        p,
    }
}

/// Counts the boxes of `columns`, which are numbers, in a table of cases and failures; returns the
/// items, counts and p-value of the one with most evidence, if one reaches the level of `screen`.
pub(super) fn best_box(
    columns: &[&Column],
    (cases, failures): (&[u32], &[u32]),
    screen: &Screen,
    census: &mut Census,
) -> Option<(Vec<Item>, (u32, u32), LogProbability)> {
    let support = u32::try_from(census.support()).unwrap_or(u32::MAX);
    if !census.is_counting() && sum(failures) < screen.fewest(support) {
        return None;
    }
    let mut ranges = Ranges {
        columns,
        support,
        screen,
        census,
        runs: [(0, 0); WIDTH_MAX],
        best: None,
    };
    ranges.search(0, cases, failures);
    let best = ranges.best?;
    let items = best.items(columns).collect();
    Some((items, (best.cases, best.failures), best.p))
}

/// Returns the items of the categories of a cell.
fn items(columns: &[&Column], cell: usize) -> Vec<Item> {
    let mut rest = cell;
    let mut items = Vec::with_capacity(WIDTH_MAX);
    for column in columns.iter().rev() {
        let size = usize::from(column.size).max(1);
        let code = u16::try_from(rest % size).unwrap_or_default();
        items.push(Item::of_code(column.attribute, code));
        rest /= size;
    }
    items
}

/// The boxes of one stretch of numbers.
struct Ranges<'a> {
    columns: &'a [&'a Column],
    support: u32,
    screen: &'a Screen,
    census: &'a mut Census,
    runs: [(u16, u16); WIDTH_MAX],
    best: Option<Best>,
}

/// The box with most evidence so far; of equals the one with fewest bins, then the lowest.
struct Best {
    p: LogProbability,
    cases: u32,
    failures: u32,
    runs: [(u16, u16); WIDTH_MAX],
}

impl Best {
    fn items(&self, columns: &[&Column]) -> impl Iterator<Item = Item> {
        columns
            .iter()
            .zip(self.runs)
            .map(|(column, (low, high))| column.item(low, high))
    }

    fn bins(runs: &[(u16, u16)]) -> u32 {
        runs.iter()
            .map(|(low, high)| u32::from(high - low) + 1)
            .sum()
    }
}

impl Ranges<'_> {
    /// Looks at every box over the axes from `axis`, given the counts summed over those before.
    fn search(&mut self, axis: usize, cases: &[u32], failures: &[u32]) {
        let Some(column) = self.columns.get(axis) else {
            if let (Some(cases), Some(failures)) = (cases.first(), failures.first()) {
                self.look(*cases, *failures);
            }
            return;
        };
        let (size, bins) = (column.size, column.bins);
        let inner = cases.len() / usize::from(size).max(1);
        if sum(cases) < self.support {
            return;
        }
        let mut sums = (vec![0_u32; inner], vec![0_u32; inner]);
        for low in 0..bins {
            sums.0.fill(0);
            sums.1.fill(0);
            let rows = cases.chunks_exact(inner).zip(failures.chunks_exact(inner));
            for (high, (more, failing)) in (0..bins).zip(rows).skip(usize::from(low)) {
                add(&mut sums.0, more);
                add(&mut sums.1, failing);
                if low == 0 && high + 1 == size {
                    // Every case: the pattern without this attribute.
                    continue;
                }
                self.set_run(axis, (low, high));
                self.search(axis + 1, &sums.0, &sums.1);
            }
        }
        let missing = usize::from(bins) * inner;
        if size > bins
            && let (Some(cases), Some(failures)) = (cases.get(missing..), failures.get(missing..))
        {
            self.set_run(axis, (bins, bins));
            self.search(axis + 1, cases, failures);
        }
    }

    fn set_run(&mut self, axis: usize, run: (u16, u16)) {
        if let Some(place) = self.runs.get_mut(axis) {
            *place = run;
        }
    }

    fn look(&mut self, cases: u32, failures: u32) {
        if cases < self.support {
            return;
        }
        self.census.count(u64::from(cases));
        if !self.screen.may_reach(cases, failures) {
            return;
        }
        let bound = self
            .best
            .as_ref()
            .map_or(LogProbability::ONE, |best| best.p);
        let Some(p) = self.screen.better(cases, failures, bound) else {
            return;
        };
        let replaces = self.best.as_ref().is_none_or(|best| {
            (p, Best::bins(&self.runs), &self.runs) < (best.p, Best::bins(&best.runs), &best.runs)
        });
        if replaces {
            self.best = Some(Best {
                p,
                cases,
                failures,
                runs: self.runs,
            });
        }
    }
}

fn sum(counts: &[u32]) -> u32 {
    counts.iter().fold(0, |sum, count| sum.wrapping_add(*count))
}

fn add(sums: &mut [u32], more: &[u32]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum = sum.wrapping_add(*more);
    }
}
