//! The level by relabeling: how small the least p-value of all hypotheses gets by chance alone
//! (Westfall and Young 1993). Hypotheses that overlap are not counted twice, as Tarone's do.
//!
//! The cases of every hypothesis stay as they are, so they are counted once; a relabeling counts
//! the failing cases alone, and looks closer only at cells with enough of them (Llinares-López et
//! al. 2015).

use rayon::prelude::*;

use super::bitmaps::{Plan, Vertical};
use super::blocks::{Block, cover};
use super::boxes::Table;
use super::cubes::{self, Counter};
use super::engine::divide;
use super::kinds::Levels;
use super::level::{Census, Screen, Target};
use super::rows::Rows;
use super::settings::{Error, Labels, Level, Settings, Shuffles};
use super::space::{Set, Space};
use crate::encode::{Bitmap, Encoded};
use crate::statistics::{Hypergeometric, LogProbability, Stream, real};

/// How much larger the level is taken first than Tarone's, as a difference of logarithms, and
/// by how much it grows until enough relabelings reach it.
const WIDER: f64 = 2.5;

/// Cells looked at together; most have too few failures and are left in one go.
const GLANCE: usize = 64;

/// How far below the least p-value that is too likely the level stays, as a difference of
/// logarithms.
const BELOW: f64 = 1e-9;

/// Returns the level at which at most the share `alpha` of relabelings, the true labels counted
/// as one, finds anything; never less than `tarone`, the level that
/// [`search`](super::search) takes, nor more than `alpha`.
///
/// # Errors
///
/// When the labels do not fit the table, the error rate is none, or there are so few permutations
/// that even a single one is more than the error rate.
pub fn westfall_young(
    encoded: &Encoded,
    labels: &Labels,
    (settings, tarone): (&Settings, LogProbability),
    shuffles: &Shuffles,
) -> Result<LogProbability, Error> {
    let Level::FamilyWise(alpha) = settings.level else {
        return Err(Error::Alpha);
    };
    let space = Space::of(encoded, settings)?;
    level_of(
        &space,
        (encoded, labels),
        (settings, alpha, tarone),
        shuffles,
    )
}

/// Returns the same for each kind of hypotheses, which all have an equal share of the error rate:
/// never less than `tarone`, the levels that [`search`](super::search) takes by kind.
///
/// # Errors
///
/// As for one level; a share of the error rate takes as many more permutations as there are kinds.
pub fn westfall_young_by_kind(
    encoded: &Encoded,
    labels: &Labels,
    (settings, tarone): (&Settings, Levels),
    shuffles: &Shuffles,
) -> Result<Levels, Error> {
    let Level::ByKind(alpha) = settings.level else {
        return Err(Error::Alpha);
    };
    let space = Space::of(encoded, settings)?;
    let kinds: Vec<usize> = (0_usize..)
        .zip(space.by_kind)
        .filter(|(_, hypotheses)| *hypotheses > 0)
        .map(|(kind, _)| kind)
        .collect();
    let share = alpha / real(u64::try_from(kinds.len()).unwrap_or(u64::MAX).max(1));
    let mut levels = tarone;
    for kind in kinds {
        let alone = space.of_kind(kind);
        let level = (settings, share, tarone.of_kind(kind));
        let level = level_of(&alone, (encoded, labels), level, shuffles)?;
        levels.set(kind, level);
    }
    Ok(levels)
}

/// Returns the level of the hypotheses of a space.
fn level_of(
    space: &Space,
    (encoded, labels): (&Encoded, &Labels),
    (settings, alpha, tarone): (&Settings, f64, LogProbability),
    shuffles: &Shuffles,
) -> Result<LogProbability, Error> {
    let most = LogProbability::from_probability(alpha).ok_or(Error::Alpha)?;
    let allowed = allowed(alpha, shuffles.permutations).ok_or(Error::Permutations)?;
    let urn = Urn::of(encoded, labels, shuffles.strata).ok_or(Error::Rows)?;
    let test = Hypergeometric::new(urn.cases(), urn.failures()).ok_or(Error::Rows)?;
    if test.failures() == 0 || test.failures() == test.cases() {
        return Ok(tarone);
    }
    let stage = Stage::new(encoded, space, (labels, settings), test);
    let mut least: Vec<Option<LogProbability>> = (0..shuffles.permutations).map(|_| None).collect();
    let mut level = tarone;
    loop {
        level = LogProbability::from_ln(level.ln() + WIDER)
            .unwrap_or(most)
            .min(most);
        let needs = stage.needs(level);
        least = (0_u32..)
            .zip(least)
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|(permutation, known)| {
                known.or_else(|| {
                    let failed = urn.draw(shuffles.key, permutation);
                    stage.least(&failed, &needs)
                })
            })
            .collect();
        let mut reached: Vec<LogProbability> = least.iter().copied().flatten().collect();
        reached.sort_unstable();
        if let Some(first_beyond) = reached.get(allowed) {
            let below = LogProbability::from_ln(first_beyond.ln() - BELOW);
            return Ok(below.unwrap_or(tarone).max(tarone));
        }
        if level == most {
            return Ok(most);
        }
    }
}

/// Returns how many relabelings may reach the level, so that with the true labels their share is
/// at most `alpha`; `None` when not even the true labels may.
fn allowed(alpha: f64, permutations: u32) -> Option<usize> {
    let most = alpha * (f64::from(permutations) + 1.0);
    // At most 2^32, and the loop of a search by halves needs no cast.
    let (mut low, mut high) = (0_u32, permutations);
    while low < high {
        let middle = high - (high - low) / 2;
        if f64::from(middle) <= most {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    usize::try_from(low).ok()?.checked_sub(1)
}

/// The rows of each stratum, and how many of them fail.
pub(super) struct Urn {
    rows: usize,
    strata: Vec<(u32, Vec<usize>, usize)>,
}

impl Urn {
    pub(super) fn of(encoded: &Encoded, labels: &Labels, strata: Option<&[u32]>) -> Option<Self> {
        let rows = encoded.rows();
        let fits = |bitmap: &Bitmap| bitmap.rows() == rows;
        if !fits(labels.failed)
            || !labels.among.is_none_or(fits)
            || strata.is_some_and(|strata| strata.len() != rows)
        {
            return None;
        }
        let stratum = |row: usize| {
            strata
                .and_then(|strata| strata.get(row))
                .copied()
                .unwrap_or(0)
        };
        let mut sorted: Vec<(u32, usize)> = (0..rows)
            .filter(|row| labels.among.is_none_or(|among| among.contains(*row)))
            .map(|row| (stratum(row), row))
            .collect();
        sorted.sort_unstable();
        let strata = sorted
            .chunk_by(|one, two| one.0 == two.0)
            .map(|members| {
                let rows: Vec<usize> = members.iter().map(|(_, row)| *row).collect();
                let failures = rows
                    .iter()
                    .filter(|row| labels.failed.contains(**row))
                    .count();
                (members.first().map_or(0, |(name, _)| *name), rows, failures)
            })
            .collect();
        Some(Self { rows, strata })
    }

    fn cases(&self) -> u64 {
        self.strata.iter().fold(0, |sum, (_, rows, _)| {
            sum + u64::try_from(rows.len()).unwrap_or(u64::MAX)
        })
    }

    fn failures(&self) -> u64 {
        self.strata.iter().fold(0, |sum, (_, _, failures)| {
            sum + u64::try_from(*failures).unwrap_or(u64::MAX)
        })
    }

    /// Returns the rows that fail in one relabeling: from each stratum as many as fail in truth,
    /// drawn without replacement (the first steps of a Fisher–Yates shuffle).
    pub(super) fn draw(&self, key: u64, permutation: u32) -> Bitmap {
        let mut drawn = Bitmap::empty(self.rows);
        for (stratum, rows, failures) in &self.strata {
            let mut stream = Stream::new(key, permutation, *stratum);
            let mut rest = rows.clone();
            for first in 0..*failures {
                let left = u32::try_from(rest.len() - first).unwrap_or(u32::MAX);
                let chosen = first + usize::try_from(stream.below(left)).unwrap_or_default();
                rest.swap(first, chosen);
                if let Some(row) = rest.get(first) {
                    drawn.insert(*row);
                }
            }
        }
        drawn
    }
}

/// What stays the same in every relabeling.
struct Stage<'a> {
    encoded: &'a Encoded,
    space: &'a Space,
    all: Rows<'a>,
    blocks: Vec<Block>,
    /// Cases of the sets of each block, by cell.
    cases: Vec<Vec<Vec<u32>>>,
    in_bitmaps: Vec<Set>,
    census: Census,
    test: Hypergeometric,
    failures_min: u64,
}

/// What a level asks of each cell.
struct Needs {
    screen: Screen,
    /// The fewest failures of the cells of the sets of each block.
    fewest: Vec<Vec<Vec<u32>>>,
}

impl<'a> Stage<'a> {
    fn new(
        encoded: &'a Encoded,
        space: &'a Space,
        (labels, settings): (&Labels, &Settings),
        test: Hypergeometric,
    ) -> Self {
        let all = Rows::of(encoded, space, labels.among);
        let (in_cubes, in_bitmaps) = divide(space, (all.len, settings));
        // Relabelings count the failing rows many times and the others once.
        let failures = usize::try_from(test.failures()).unwrap_or(usize::MAX);
        let blocks = cover(space, &in_cubes, failures);
        let tables: Vec<Vec<u32>> = blocks
            .par_chunks(16)
            .flat_map_iter(|blocks| cubes::tables(space, blocks, &all))
            .collect();
        let cases = blocks
            .iter()
            .zip(&tables)
            .map(|(block, table)| {
                block
                    .sets
                    .iter()
                    .map(|set| cubes::sum(space, block, set, table))
                    .collect()
            })
            .collect();
        let given = Target::Given(LogProbability::ONE);
        Self {
            encoded,
            space,
            all,
            blocks,
            cases,
            in_bitmaps,
            census: Census::new(&test, settings.support.cases, (given, space.hypotheses)),
            test,
            failures_min: settings.support.failures,
        }
    }

    fn needs(&self, level: LogProbability) -> Needs {
        let screen = Screen::new(self.test, level, self.failures_min);
        let support = u32::try_from(self.census.support()).unwrap_or(u32::MAX);
        let need = |cases: &u32| {
            if *cases < support {
                u32::MAX
            } else {
                screen.fewest(*cases)
            }
        };
        let fewest = self
            .cases
            .iter()
            .map(|sets| {
                sets.iter()
                    .map(|cases| cases.iter().map(need).collect())
                    .collect()
            })
            .collect();
        Needs { screen, fewest }
    }

    /// Returns the least p-value of a relabeling when it reaches the level.
    fn least(&self, failed: &Bitmap, needs: &Needs) -> Option<LogProbability> {
        let failing = Rows::of(self.encoded, self.space, Some(failed));
        let mut counter = Counter::new();
        let mut least: Option<LogProbability> = None;
        let mut table = Vec::new();
        for ((block, cases), fewest) in self.blocks.iter().zip(&self.cases).zip(&needs.fewest) {
            let input = cubes::strided(self.space, block, &failing);
            table.clear();
            table.resize(block.cells, 0);
            for stretch in cubes::stretches(failing.len) {
                counter.count(&input, stretch, &mut table);
            }
            for ((set, cases), fewest) in block.sets.iter().zip(cases).zip(fewest) {
                let summed;
                let failures = if set.columns().len() == block.columns.len() {
                    &table
                } else {
                    summed = cubes::sum(self.space, block, set, &table);
                    &summed
                };
                let found = self.least_of_set(set, (cases, failures), (fewest, &needs.screen));
                least = least.into_iter().chain(found).min();
            }
        }
        let in_bitmaps = self.least_in_bitmaps(&failing, &needs.screen);
        least.into_iter().chain(in_bitmaps).min()
    }

    fn least_of_set(
        &self,
        set: &Set,
        (cases, failures): (&[u32], &[u32]),
        (fewest, screen): (&[u32], &Screen),
    ) -> Option<LogProbability> {
        let columns = self.space.of_set(set);
        if columns.iter().any(|column| column.is_number()) {
            let mut census = self.census.fresh();
            let mut found = Vec::new();
            Table {
                columns: &columns,
                cases,
                failures,
            }
            .search(screen, &mut census, &mut found);
            return found.iter().map(|pattern| pattern.p).min();
        }
        let mut least: Option<LogProbability> = None;
        let glances = fewest
            .chunks(GLANCE)
            .zip(failures.chunks(GLANCE))
            .zip(cases.chunks(GLANCE));
        for ((fewest, failures), cases) in glances {
            let enough = fewest
                .iter()
                .zip(failures)
                .fold(0, |any, (fewest, failures)| {
                    any | u8::from(failures >= fewest)
                });
            if enough == 0 {
                continue;
            }
            for ((fewest, failures), cases) in fewest.iter().zip(failures).zip(cases) {
                if failures >= fewest {
                    let bound = least.unwrap_or(LogProbability::ONE);
                    least = screen.better(*cases, *failures, bound).or(least);
                }
            }
        }
        least
    }

    fn least_in_bitmaps(&self, failing: &Rows, screen: &Screen) -> Option<LogProbability> {
        if self.in_bitmaps.is_empty() {
            return None;
        }
        let vertical = Vertical::of(self.space, &self.in_bitmaps, (&self.all, failing));
        let plan = Plan {
            screen,
            census: &self.census,
        };
        self.in_bitmaps
            .chunk_by(|one, two| one.columns().len() == two.columns().len())
            .flat_map(|sets| vertical.search(sets, &plan).found)
            .map(|pattern| pattern.p)
            .min()
    }
}
