//! One search from labels to patterns: which engine counts which sets, and what the level is.

use std::collections::HashSet;

use rayon::prelude::*;

use super::bitmaps::{Plan, Vertical};
use super::blocks::{self, Block, cover};
use super::boxes::Table;
use super::cubes::{self, Cube};
use super::found::{Found, Pattern};
use super::kinds::{KINDS, Kind, Levels};
use super::level::{Census, Screen, Target};
use super::rows::Rows;
use super::settings::{Engine, Error, Labels, Level, PATTERNS_MAX, Settings};
use super::space::{Set, Space};
use crate::encode::{Bitmap, Encoded};
use crate::statistics::{Cut, Hypergeometric, LogProbability, real};

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
    let mut run = Run {
        space: &space,
        test,
        settings,
        strands: strands(&space, test, settings),
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

/// Hypotheses that share a level.
struct Strand {
    target: Target,
    screen: Screen,
    census: Census,
}

impl Strand {
    /// Returns the level that follows from what was counted so far.
    fn cut(&self, test: &Hypergeometric) -> Result<Cut, Error> {
        self.census.cut(test, self.target)
    }
}

/// Returns the strands of a search: one for all hypotheses, or one for each kind.
fn strands(space: &Space, test: Hypergeometric, settings: &Settings) -> Vec<Strand> {
    let strand = |target, hypotheses| Strand {
        target,
        screen: Screen::new(test, LogProbability::ONE, settings.support.failures),
        census: Census::new(&test, settings.support.cases, (target, hypotheses)),
    };
    let kinds = (0..KINDS).zip(space.by_kind);
    match settings.level {
        Level::FamilyWise(alpha) => vec![strand(Target::Rate(alpha), space.hypotheses)],
        Level::ByKind(alpha) => {
            let shares = space.by_kind.iter().filter(|count| **count > 0).count();
            let share = alpha / real(u64::try_from(shares).unwrap_or(u64::MAX).max(1));
            kinds
                .map(|(_, hypotheses)| strand(Target::Rate(share), hypotheses))
                .collect()
        }
        Level::Given(levels) => kinds
            .map(|(kind, hypotheses)| strand(Target::Given(levels.of_kind(kind)), hypotheses))
            .collect(),
    }
}

struct Run<'a> {
    space: &'a Space,
    test: Hypergeometric,
    settings: &'a Settings,
    strands: Vec<Strand>,
    found: Vec<Pattern>,
    left_out: u64,
}

impl Run<'_> {
    fn search(&mut self, all: &Rows, failing: &Rows) -> Result<(), Error> {
        let (in_cubes, mut in_bitmaps) = divide(self.space, (all.len, self.settings));
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
            let kind = |set: &Set| self.space.kind(set);
            in_bitmaps.sort_by_key(kind);
            for sets in in_bitmaps.chunk_by(|one, two| kind(one) == kind(two)) {
                let place = sets.first().map_or(0, |set| self.place(kind(set)));
                let Some(strand) = self.strands.get_mut(place) else {
                    continue;
                };
                let plan = Plan {
                    screen: &strand.screen,
                    census: &strand.census,
                };
                let harvest = vertical.search(sets, &plan);
                strand.census.add(&harvest.census);
                self.add(harvest.found);
                self.update()?;
            }
        }
        Ok(())
    }

    /// Returns the place of the strand of a kind.
    fn place(&self, kind: usize) -> usize {
        kind.min(self.strands.len().saturating_sub(1))
    }

    /// Adds what was counted of each strand.
    fn add_census(&mut self, counted: &[Census]) {
        for (strand, census) in self.strands.iter_mut().zip(counted) {
            strand.census.add(census);
        }
    }

    fn fresh(&self) -> Vec<Census> {
        let strands = self.strands.iter();
        strands.map(|strand| strand.census.fresh()).collect()
    }

    /// Counts some blocks, then their hypotheses, then looks for patterns at the level that follows.
    fn cubes(&mut self, blocks: &[Block], rows: (&Rows, &Rows)) -> Result<(), Error> {
        let cubes = cubes::count(self.space, blocks, rows);
        let work: Vec<(&Block, &Cube)> = blocks.iter().zip(&cubes).collect();
        if self
            .strands
            .iter()
            .any(|strand| strand.census.is_counting())
        {
            let counted: Vec<Vec<Census>> = work.par_iter().map(|work| self.count(*work)).collect();
            for census in &counted {
                self.add_census(census);
            }
            self.update()?;
        }
        let harvests: Vec<(Vec<Census>, Vec<Pattern>)> =
            work.par_iter().map(|work| self.look(*work)).collect();
        for (census, found) in harvests {
            self.add_census(&census);
            self.add(found);
        }
        self.update()
    }

    /// Counts the hypotheses of the sets of a block that are categories alone.
    fn count(&self, (block, cube): (&Block, &Cube)) -> Vec<Census> {
        let mut counted = self.fresh();
        for set in &block.sets {
            let columns = self.space.of_set(set);
            if columns.iter().any(|column| column.is_number()) {
                continue;
            }
            let place = self.place(self.space.kind(set));
            let Some(census) = counted.get_mut(place) else {
                continue;
            };
            let cases = cubes::sum(self.space, block, set, &cube.cases);
            Table {
                columns: &columns,
                cases: &cases,
                failures: &[],
            }
            .count(census);
        }
        counted
    }

    /// Looks for patterns in the sets of a block; counts the hypotheses of those with numbers.
    fn look(&self, (block, cube): (&Block, &Cube)) -> (Vec<Census>, Vec<Pattern>) {
        let mut counted = self.fresh();
        let mut found = Vec::new();
        for set in &block.sets {
            let place = self.place(self.space.kind(set));
            let (Some(strand), Some(census)) = (self.strands.get(place), counted.get_mut(place))
            else {
                continue;
            };
            let cases = cubes::sum(self.space, block, set, &cube.cases);
            let failures = cubes::sum(self.space, block, set, &cube.failures);
            Table {
                columns: &self.space.of_set(set),
                cases: &cases,
                failures: &failures,
            }
            .search(&strand.screen, census, &mut found);
        }
        (counted, found)
    }

    /// Takes the levels that follow from what was counted so far.
    fn update(&mut self) -> Result<(), Error> {
        for strand in &mut self.strands {
            let cut = strand.cut(&self.test)?;
            if cut.level != strand.screen.level() {
                strand.screen = Screen::new(self.test, cut.level, self.settings.support.failures);
            }
        }
        Ok(())
    }

    fn add(&mut self, found: Vec<Pattern>) {
        self.found.extend(found);
        if self.found.len() >= 2 * PATTERNS_MAX {
            self.found.sort_unstable_by(Pattern::order);
            let beyond = self.found.split_off(PATTERNS_MAX);
            let reaches = |pattern: &&Pattern| {
                let place = self.place(self.space.kind_of(&pattern.items));
                let strand = self.strands.get(place);
                strand.is_some_and(|strand| pattern.p <= strand.screen.level())
            };
            let left_out = beyond.iter().filter(reaches).count();
            self.left_out += u64::try_from(left_out).unwrap_or(u64::MAX);
        }
    }

    fn finish(mut self) -> Found {
        let cuts = self.strands.iter().map(|strand| {
            let cut = strand.cut(&self.test);
            cut.map_or((LogProbability::ONE, 0), |cut| (cut.level, cut.testable))
        });
        let (levels, testable): (Vec<LogProbability>, Vec<u64>) = cuts.unzip();
        let levels = Levels::of_kinds(&levels);
        let space = self.space;
        self.found
            .retain(|pattern| pattern.p <= levels.of_kind(space.kind_of(&pattern.items)));
        self.found.sort_unstable_by(Pattern::order);
        let beyond = self.found.len().saturating_sub(PATTERNS_MAX);
        self.found.truncate(PATTERNS_MAX);
        Found {
            cases: self.test.cases(),
            failures: self.test.failures(),
            patterns: self.found,
            left_out: self.left_out + u64::try_from(beyond).unwrap_or(u64::MAX),
            hypotheses: self.space.hypotheses,
            testable: testable.iter().sum(),
            level: levels.strictest(),
            levels,
            kinds: kinds(space, &levels, &testable),
        }
    }
}

/// Returns the kinds that have hypotheses; none when all share one level.
fn kinds(space: &Space, levels: &Levels, testable: &[u64]) -> Vec<Kind> {
    if testable.len() < KINDS {
        return Vec::new();
    }
    let counted = (0..KINDS).zip(space.by_kind).zip(testable);
    let counted = counted.filter(|((_, hypotheses), _)| *hypotheses > 0);
    counted
        .map(|((kind, hypotheses), testable)| Kind {
            conditions: kind / 2 + 1,
            numbers: kind % 2 == 1,
            hypotheses,
            testable: *testable,
            level: levels.of_kind(kind),
        })
        .collect()
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
