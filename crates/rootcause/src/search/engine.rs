//! One search from labels to patterns: which engine counts which sets, and what the level is.

use std::collections::HashSet;

use rayon::prelude::*;

use super::bitmaps::{Plan, Vertical};
use super::blocks::{self, Block, cover};
use super::boxes::Table;
use super::cubes::{self, Cube};
use super::found::{Found, Pattern};
use super::level::{Census, Screen};
use super::rows::Rows;
use super::settings::{Engine, Error, Labels, PATTERNS_MAX, Settings};
use super::space::{Set, Space};
use crate::encode::{Bitmap, Encoded};
use crate::statistics::{Hypergeometric, LogProbability};

/// Cells of all cubes that are held at once.
const CELLS_AT_ONCE: usize = 1 << 23;

/// Searches the cases of `labels` for patterns whose failures are more than chance.
///
/// # Errors
///
/// When there are too many sets of attributes, the error rate is none, or the labels do not fit
/// the table.
pub fn search(encoded: &Encoded, labels: &Labels, settings: &Settings) -> Result<Found, Error> {
    let among = labels.among;
    let fits = |bitmap: &Bitmap| bitmap.rows() == encoded.rows();
    if !fits(labels.failed) || !among.is_none_or(fits) {
        return Err(Error::Rows);
    }
    let failed = among.map_or_else(|| labels.failed.clone(), |among| among.and(labels.failed));
    let cases = among.map_or(encoded.rows(), |among| {
        usize::try_from(among.count()).unwrap_or(usize::MAX)
    });
    let cases = u64::try_from(cases).unwrap_or(u64::MAX);
    let test = Hypergeometric::new(cases, failed.count()).ok_or(Error::Rows)?;
    let space = Space::of(encoded, settings)?;
    let census = Census::new(&test, settings, space.hypotheses);
    let mut run = Run {
        space: &space,
        test,
        settings,
        screen: Screen::new(test, LogProbability::ONE, settings.support.failures),
        census,
        found: Vec::new(),
        left_out: 0,
    };
    run.update()?;
    if test.failures() > 0 && test.failures() < cases {
        let all = Rows::of(encoded, &space, among);
        let failing = Rows::of(encoded, &space, Some(&failed));
        run.search(&all, &failing)?;
    }
    Ok(run.finish())
}

struct Run<'a> {
    space: &'a Space,
    test: Hypergeometric,
    settings: &'a Settings,
    screen: Screen,
    census: Census,
    found: Vec<Pattern>,
    left_out: u64,
}

impl Run<'_> {
    fn search(&mut self, all: &Rows, failing: &Rows) -> Result<(), Error> {
        let (in_cubes, in_bitmaps) = divide(self.space, (all.len, self.settings));
        let blocks = cover(self.space, &in_cubes, all.len + failing.len);
        let mut rest = blocks.as_slice();
        while !rest.is_empty() {
            let mut cells = 0;
            let many = rest
                .iter()
                .take_while(|block| {
                    cells += block.cells;
                    cells <= CELLS_AT_ONCE
                })
                .count();
            let (now, later) = rest.split_at(many.max(1));
            self.cubes(now, (all, failing))?;
            rest = later;
        }
        if !in_bitmaps.is_empty() {
            let vertical = Vertical::of(self.space, &in_bitmaps, (all, failing));
            for sets in in_bitmaps.chunk_by(|one, two| one.columns().len() == two.columns().len()) {
                let plan = Plan {
                    screen: &self.screen,
                    census: &self.census,
                };
                let harvest = vertical.search(sets, &plan);
                self.census.add(&harvest.census);
                self.add(harvest.found);
                self.update()?;
            }
        }
        Ok(())
    }

    /// Counts some blocks, then their hypotheses, then looks for patterns at the level that follows.
    fn cubes(&mut self, blocks: &[Block], rows: (&Rows, &Rows)) -> Result<(), Error> {
        let cubes = cubes::count(self.space, blocks, rows);
        let work: Vec<(&Block, &Cube)> = blocks.iter().zip(&cubes).collect();
        if self.census.is_counting() {
            let counted: Vec<Census> = work.par_iter().map(|work| self.count(*work)).collect();
            for census in &counted {
                self.census.add(census);
            }
            self.update()?;
        }
        let harvests: Vec<(Census, Vec<Pattern>)> =
            work.par_iter().map(|work| self.look(*work)).collect();
        for (census, found) in harvests {
            self.census.add(&census);
            self.add(found);
        }
        self.update()
    }

    /// Counts the hypotheses of the sets of a block that are categories alone.
    fn count(&self, (block, cube): (&Block, &Cube)) -> Census {
        let mut census = self.census.fresh();
        for set in &block.sets {
            let columns = self.space.of_set(set);
            if columns.iter().any(|column| column.is_number()) {
                continue;
            }
            let cases = cubes::sum(self.space, block, set, &cube.cases);
            Table {
                columns: &columns,
                cases: &cases,
                failures: &[],
            }
            .count(&mut census);
        }
        census
    }

    /// Looks for patterns in the sets of a block; counts the hypotheses of those with numbers.
    fn look(&self, (block, cube): (&Block, &Cube)) -> (Census, Vec<Pattern>) {
        let mut census = self.census.fresh();
        let mut found = Vec::new();
        for set in &block.sets {
            let cases = cubes::sum(self.space, block, set, &cube.cases);
            let failures = cubes::sum(self.space, block, set, &cube.failures);
            Table {
                columns: &self.space.of_set(set),
                cases: &cases,
                failures: &failures,
            }
            .search(&self.screen, &mut census, &mut found);
        }
        (census, found)
    }

    /// Takes the level that follows from what was counted so far.
    fn update(&mut self) -> Result<(), Error> {
        let cut = self.census.cut(&self.test, self.settings.level)?;
        if cut.level != self.screen.level() {
            self.screen = Screen::new(self.test, cut.level, self.settings.support.failures);
        }
        Ok(())
    }

    fn add(&mut self, found: Vec<Pattern>) {
        self.found.extend(found);
        if self.found.len() >= 2 * PATTERNS_MAX {
            self.found.sort_unstable_by(Pattern::order);
            let beyond = self.found.split_off(PATTERNS_MAX);
            let level = self.screen.level();
            let left_out = beyond.iter().filter(|pattern| pattern.p <= level).count();
            self.left_out += u64::try_from(left_out).unwrap_or(u64::MAX);
        }
    }

    fn finish(mut self) -> Found {
        let cut = self.census.cut(&self.test, self.settings.level);
        let (level, testable) =
            cut.map_or((LogProbability::ONE, 0), |cut| (cut.level, cut.testable));
        self.found.retain(|pattern| pattern.p <= level);
        self.found.sort_unstable_by(Pattern::order);
        let beyond = self.found.len().saturating_sub(PATTERNS_MAX);
        self.found.truncate(PATTERNS_MAX);
        Found {
            cases: self.test.cases(),
            failures: self.test.failures(),
            patterns: self.found,
            left_out: self.left_out + u64::try_from(beyond).unwrap_or(u64::MAX),
            hypotheses: self.space.hypotheses,
            testable,
            level,
        }
    }
}

/// Divides the sets between cubes and bitmaps. A set in a wider one that is counted in a cube needs
/// no pass of its own, so it is read from that cube.
pub(super) fn divide(space: &Space, means: (usize, &Settings)) -> (Vec<Set>, Vec<Set>) {
    let mut within: HashSet<Set> = HashSet::new();
    let (mut in_cubes, mut in_bitmaps) = (Vec::new(), Vec::new());
    for set in space.sets.iter().rev() {
        if within.contains(set) || fits_cube(space, set, means) {
            for left_out in set.columns() {
                let rest = set.columns().iter().filter(|column| *column != left_out);
                within.insert(Set::of(&rest.copied().collect::<Vec<u32>>()));
            }
            in_cubes.push(*set);
        } else {
            in_bitmaps.push(*set);
        }
    }
    in_cubes.reverse();
    in_bitmaps.reverse();
    (in_cubes, in_bitmaps)
}

/// Returns whether a set is counted in a cube: when its table fits and costs less than intersecting
/// the bitmaps of its items, of which at most `rows / support` can be met at once.
fn fits_cube(space: &Space, set: &Set, (rows, settings): (usize, &Settings)) -> bool {
    let Some(cells) = blocks::cells(space, set.columns()) else {
        return false;
    };
    match settings.engine {
        Engine::Cubes => true,
        Engine::Bitmaps => false,
        Engine::Cheapest => {
            let last = set.columns().last().and_then(|last| space.column(*last));
            let size = last.map_or(1, |column| usize::from(column.size)).max(1);
            let support = usize::try_from(settings.support.cases.max(1)).unwrap_or(usize::MAX);
            let prefixes = (cells / size).min(rows / support + 1);
            let words = rows.div_ceil(64);
            rows / 4 + cells <= prefixes * size * words
        }
    }
}
