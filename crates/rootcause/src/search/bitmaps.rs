//! Depth first over bitmaps of items: for sets of columns whose count table would be larger than
//! the rows are many.
//!
//! A branch is left as soon as it covers fewer cases than the support; failures are counted only
//! in branches that still hold enough of them (Terada et al. 2013), and cases only where somebody
//! needs their number: when the level is given, a branch without enough failures is left at once.

use rayon::prelude::*;

use super::boxes::{best_box, pattern};
use super::found::Pattern;
use super::level::{Census, Screen};
use super::rows::Rows;
use super::space::{Column, Set, Space};
use crate::encode::{Bitmap, Item, count_both};

/// What a search over bitmaps found.
#[derive(Debug)]
pub(super) struct Harvest {
    /// The hypotheses it looked at.
    pub(super) census: Census,
    /// The patterns that reach the level of the screen.
    pub(super) found: Vec<Pattern>,
}

/// Which cases and failures an item, or a conjunction of items, holds for.
struct Branch {
    cases: Bitmap,
    failures: Bitmap,
}

impl Branch {
    fn and(&self, other: &Self) -> Self {
        Self {
            cases: self.cases.and(&other.cases),
            failures: self.failures.and(&other.failures),
        }
    }
}

/// The items of the columns that some sets need, by column and code.
pub(super) struct Vertical<'a> {
    space: &'a Space,
    items: Vec<Vec<Branch>>,
}

impl<'a> Vertical<'a> {
    /// Lays the columns of `sets` out as bitmaps.
    pub(super) fn of(space: &'a Space, sets: &[Set], (all, failing): (&Rows, &Rows)) -> Self {
        let mut needed = vec![false; space.columns.len()];
        for column in sets.iter().flat_map(Set::columns) {
            if let Some(need) = usize::try_from(*column)
                .ok()
                .and_then(|at| needed.get_mut(at))
            {
                *need = true;
            }
        }
        let items = (0_u32..)
            .zip(space.columns.iter().zip(needed))
            .map(|(place, (column, needed))| {
                if !needed {
                    return Vec::new();
                }
                let size = usize::from(column.size);
                let cases = split(all, place, size);
                let failures = split(failing, place, size);
                cases
                    .into_iter()
                    .zip(failures)
                    .map(|(cases, failures)| Branch { cases, failures })
                    .collect()
            })
            .collect();
        Self { space, items }
    }

    fn column(&self, column: u32) -> Option<(&Column, &[Branch])> {
        let items = self.items.get(usize::try_from(column).ok()?)?;
        Some((self.space.column(column)?, items))
    }

    /// Searches `sets`, which are sorted and of one width.
    pub(super) fn search(&self, sets: &[Set], plan: &Plan) -> Harvest {
        let mut tasks: Vec<(&[Set], usize)> = Vec::new();
        for group in sets.chunk_by(|one, two| one.columns().first() == two.columns().first()) {
            let first = group.first().and_then(|set| set.columns().first());
            let column = first.and_then(|column| self.space.column(*column));
            let starts = match column {
                Some(column) if !column.is_number() => usize::from(column.size),
                Some(_) => 1,
                None => 0,
            };
            tasks.extend((0..starts).map(|code| (group, code)));
        }
        let harvests: Vec<Harvest> = tasks
            .into_par_iter()
            .map(|(group, code)| {
                let mut walk = Walk {
                    vertical: self,
                    plan,
                    first: code,
                    items: Vec::new(),
                    harvest: Harvest {
                        census: plan.census.fresh(),
                        found: Vec::new(),
                    },
                };
                walk.grow(group, 0, None);
                walk.harvest
            })
            .collect();
        let mut all = Harvest {
            census: plan.census.fresh(),
            found: Vec::new(),
        };
        for harvest in harvests {
            all.census.add(&harvest.census);
            all.found.extend(harvest.found);
        }
        all
    }
}

/// What a walk goes by.
pub(super) struct Plan<'a> {
    /// Rules out counts that cannot reach the level.
    pub(super) screen: &'a Screen,
    /// Says whether and how hypotheses are counted.
    pub(super) census: &'a Census,
}

/// Splits the rows of a column by code.
fn split(rows: &Rows, column: u32, size: usize) -> Vec<Bitmap> {
    let mut split = vec![Bitmap::empty(rows.len); size];
    if let Some(codes) = rows.column(column) {
        for (row, code) in codes.iter().enumerate() {
            if let Some(bitmap) = split.get_mut(usize::from(code)) {
                bitmap.insert(row);
            }
        }
    }
    split
}

struct Walk<'a> {
    vertical: &'a Vertical<'a>,
    plan: &'a Plan<'a>,
    /// The one code of the first column that is walked.
    first: usize,
    items: Vec<Item>,
    harvest: Harvest,
}

impl Walk<'_> {
    fn support(&self) -> u64 {
        self.plan.census.support()
    }

    /// Goes through `sets`, which agree in their first `at` columns, below `branch`.
    fn grow(&mut self, sets: &[Set], at: usize, branch: Option<&Branch>) {
        for group in sets.chunk_by(|one, two| one.columns().get(at) == two.columns().get(at)) {
            let Some(set) = group.first() else { continue };
            let next = set.columns().get(at);
            let Some((column, items)) = next.and_then(|next| self.vertical.column(*next)) else {
                continue;
            };
            if column.is_number() {
                for set in group {
                    self.numbers(set.columns().get(at..).unwrap_or_default(), branch);
                }
                continue;
            }
            let last = set.columns().len() == at + 1;
            for (code, item) in items.iter().enumerate() {
                if at == 0 && self.first != code {
                    continue;
                }
                let code = u16::try_from(code).unwrap_or(u16::MAX);
                self.items.push(Item::of_code(column.attribute, code));
                if last {
                    self.leaf(item, branch);
                } else {
                    self.descend((group, at), item, branch);
                }
                self.items.pop();
            }
        }
    }

    fn descend(&mut self, (sets, at): (&[Set], usize), item: &Branch, branch: Option<&Branch>) {
        let joined;
        let below = match branch {
            None => item,
            Some(branch) => {
                if !self.plan.census.is_counting() && self.hopeless(failures(item, branch)) {
                    return;
                }
                joined = branch.and(item);
                &joined
            }
        };
        let hopeless = !self.plan.census.is_counting() && self.hopeless(below.failures.count());
        if !hopeless && below.cases.count() >= self.support() {
            self.grow(sets, at + 1, Some(below));
        }
    }

    /// Whether so few failures keep every pattern below from the level.
    fn hopeless(&self, failures: u64) -> bool {
        let support = u32::try_from(self.support()).unwrap_or(u32::MAX);
        failures < u64::from(self.plan.screen.fewest(support))
    }

    fn leaf(&mut self, item: &Branch, branch: Option<&Branch>) {
        let failing = || branch.map_or(item.failures.count(), |branch| failures(item, branch));
        if !self.plan.census.is_counting() && self.hopeless(failing()) {
            return;
        }
        let cases = match branch {
            None => item.cases.count(),
            Some(branch) => count_both(branch.cases.words(), item.cases.words()),
        };
        if cases < self.support() {
            return;
        }
        self.harvest.census.count(cases);
        let counts = (u32::try_from(cases), u32::try_from(failing()));
        if let (Ok(cases), Ok(failures)) = counts
            && self.plan.screen.may_reach(cases, failures)
            && let Some(p) = self.plan.screen.reached(cases, failures)
        {
            let found = pattern(self.items.clone(), (cases, failures), p);
            self.harvest.found.push(found);
        }
    }

    /// Looks at the boxes of some numbers below `branch`.
    fn numbers(&mut self, columns: &[u32], branch: Option<&Branch>) {
        let mut cells: (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        self.fill(columns, branch, &mut cells);
        let shapes: Vec<&Column> = columns
            .iter()
            .filter_map(|column| self.vertical.space.column(*column))
            .collect();
        let (census, screen) = (&mut self.harvest.census, self.plan.screen);
        if let Some((items, counts, p)) = best_box(&shapes, (&cells.0, &cells.1), screen, census) {
            let items = self.items.iter().copied().chain(items).collect();
            self.harvest.found.push(pattern(items, counts, p));
        }
    }

    /// Appends the counts of all cells of `columns` below `branch`, the last column fastest.
    fn fill(&self, columns: &[u32], branch: Option<&Branch>, cells: &mut (Vec<u32>, Vec<u32>)) {
        let Some((first, rest)) = columns.split_first() else {
            let count = |bitmap: &Bitmap| u32::try_from(bitmap.count()).unwrap_or(u32::MAX);
            cells
                .0
                .push(branch.map_or(0, |branch| count(&branch.cases)));
            cells
                .1
                .push(branch.map_or(0, |branch| count(&branch.failures)));
            return;
        };
        let items = self
            .vertical
            .column(*first)
            .map_or(&[][..], |(_, items)| items);
        for item in items {
            match branch {
                None => self.fill(rest, Some(item), cells),
                Some(branch) => self.fill(rest, Some(&branch.and(item)), cells),
            }
        }
    }
}

fn failures(item: &Branch, branch: &Branch) -> u64 {
    count_both(branch.failures.words(), item.failures.words())
}
