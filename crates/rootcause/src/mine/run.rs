//! The run from table to parts of a report: prepare, search, cover, confirm, adjust, say.

use baton_eventlog::cases::CaseTable;

use super::aliases::aliases;
use super::assemble::{self, Mined};
use super::candidates::{Candidates, conditions};
use super::cautions;
use super::confirm::confirm;
use super::cover::{End, Rules, Side, cover};
use super::drift::drift;
use super::ground::Ground;
use super::prepare::{self, Split};
use super::settings::Settings;
use super::stability::stability;
use super::suspects::suspects;
use super::told::{self, Told};
use crate::encode::{self, BINS_MAX, Encoded};
use crate::search::{self, Depth, Engine, Level, Support};
use crate::statistics::real;
use crate::wire::{Caution, Suspect};

/// A step of a run, for showing progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Values become codes.
    Encode,
    /// Conditions and their conjunctions are counted and tested.
    Search,
    /// Causes are chosen one by one.
    Cover,
    /// Causes are held against later cases and other drivers.
    Judge,
    /// Causes are selected again on resamples.
    Resample,
}

/// Most conjunctions one search looks at; with more, it looks at shorter ones only and says so. Each
/// cause found asks for a further search of the same size, and a run should take seconds.
const HYPOTHESES_MAX: u64 = 1 << 27;

/// Fewest failures a cause must explain beyond those before it, however few failures there are.
const EXCESS_MIN: f64 = 3.0;

/// Mines a case table. The answer is the same for any order of rows and features and any number of
/// threads; it runs on the rayon pool it is called in.
pub fn mine(table: &CaseTable, settings: &Settings, progress: &mut dyn FnMut(Step)) -> Mined {
    let table = prepare::ordered(table);
    let split = prepare::split(&table, settings.raw().later);
    let mut cautions = cautions::of_table(&table, settings);
    progress(Step::Encode);
    let mut ground = Ground::new(&table, split.earlier.clone(), split.later.clone());
    let searched = match encoded(&table, &ground, &split, settings) {
        Ok(encoded) => {
            cautions.extend(cautions::of_encoding(&table, &encoded));
            progress(Step::Search);
            let found = searched(&mut ground, &encoded, (&split, settings), &mut cautions);
            let judged = found.map(|candidates| {
                judge(
                    &mut ground,
                    candidates,
                    (&split, settings),
                    (&mut cautions, progress),
                )
            });
            judged.map(|judged| (encoded.clone(), judged))
        }
        Err(error) => {
            cautions.push(cautions::not_searched(&error.to_string()));
            None
        }
    };
    assemble::assemble(&ground, (&split, settings), searched, cautions)
}

fn encoded(
    table: &CaseTable,
    ground: &Ground<'_>,
    split: &Split,
    settings: &Settings,
) -> Result<Encoded, encode::Error> {
    let rows = table.ids.len();
    let basis = encode::Bitmap::of((0..rows).map(|row| split.earlier.contains(row)));
    let failures = split.earlier.count_and(&ground.failed);
    let floor = search::floor(
        split.earlier.count(),
        failures,
        &search_settings(settings, Depth::One),
    );
    let settings = encode::Settings {
        floor,
        // Limits are sharpened afterwards; three numbers of b bins have about b^6 / 8 intervals.
        bins: BINS_MAX / 5,
    };
    Encoded::of(table, Some(&basis), &settings)
}

fn search_settings(settings: &Settings, depth: Depth) -> search::Settings {
    search::Settings {
        depth,
        support: Support {
            cases: settings.raw().cases_min,
            failures: settings.raw().failures_min,
        },
        level: Level::ByKind(settings.alpha()),
        engine: Engine::Cheapest,
    }
}

/// Returns how many conjunctions of at most `depth` conditions there are, saturating: the sum of
/// the elementary symmetric polynomials of the numbers of conditions per attribute.
fn hypotheses(attributes: impl Iterator<Item = u64>, depth: u32) -> u64 {
    let mut by_length = vec![1_u64];
    for conditions in attributes {
        for length in (0..by_length.len()).rev() {
            let longer = by_length.get(length).copied().unwrap_or(0);
            let longer = longer.saturating_mul(conditions);
            match by_length.get_mut(length + 1) {
                Some(count) => *count = count.saturating_add(longer),
                None if u32::try_from(length).is_ok_and(|length| length < depth) => {
                    by_length.push(longer);
                }
                None => {}
            }
        }
    }
    by_length.into_iter().skip(1).fold(0, u64::saturating_add)
}

/// Searches as deep as asked for, or as deep as the features allow.
fn searched<'a>(
    ground: &mut Ground<'_>,
    encoded: &'a Encoded,
    (split, settings): (&Split, &Settings),
    cautions: &mut Vec<Caution>,
) -> Option<(Candidates<'a>, u32)> {
    let asked = settings.raw().depth;
    for depth in (1..=asked).rev() {
        let Some(level) = Depth::of(depth) else {
            continue;
        };
        if depth > 1
            && hypotheses(encoded.attributes().iter().map(conditions), depth) > HYPOTHESES_MAX
        {
            continue;
        }
        let permutations = settings.raw().permutations;
        let settings = (search_settings(settings, level), permutations);
        match Candidates::search(ground, encoded, &split.earlier, settings) {
            Ok(candidates) => {
                if depth < asked {
                    cautions.push(cautions::less_deep(asked, depth));
                }
                return Some((candidates, depth));
            }
            Err(search::Error::Sets) if depth > 1 => {}
            Err(error) => {
                cautions.push(cautions::not_searched(&error.to_string()));
                return None;
            }
        }
    }
    None
}

/// The causes and all that is said of them.
pub(crate) struct Judged {
    pub(crate) depth: u32,
    pub(crate) found: search::Found,
    pub(crate) productive: u64,
    pub(crate) causes: Vec<assemble::Judged>,
    pub(crate) suspects: Vec<Suspect>,
    pub(crate) told: Told,
}

fn judge(
    ground: &mut Ground<'_>,
    (mut candidates, depth): (Candidates<'_>, u32),
    (split, settings): (&Split, &Settings),
    (cautions, progress): (&mut Vec<Caution>, &mut dyn FnMut(Step)),
) -> Judged {
    let raw = settings.raw();
    let failures = split.earlier.count_and(&ground.failed);
    let saving = real(failures) * f64::from(raw.saving_min) / 10_000.0;
    let rules = Rules {
        levels: candidates.found.levels,
        excess_min: saving.max(EXCESS_MIN),
        causes_max: usize::try_from(raw.causes_max).unwrap_or(usize::MAX),
        cases_min: raw.cases_min,
    };
    if candidates.found.left_out > 0 {
        cautions.push(cautions::left_out(candidates.found.left_out));
    }
    progress(Step::Cover);
    let weights = ground.earlier.clone();
    let drifting = drift(ground, &weights, (&candidates.pool, &rules));
    let (chosen, end) = cover(ground, &weights, rules, &mut candidates);
    if end == End::Full {
        let listed = chosen.iter().filter(|one| one.side == Side::Covered);
        cautions.push(cautions::more_causes(listed.count()));
    }
    let mut told = Told {
        drift: told::drift(ground, &drifting, &chosen),
        ..Told::default()
    };
    cautions.extend(cautions::drift(told.drift.len()));
    progress(Step::Judge);
    let confirmed = confirm(ground, &chosen, settings.alpha());
    let others: Vec<_> = chosen
        .iter()
        .map(|cause| aliases(ground, &candidates, cause))
        .collect();
    // What a full list leaves out are causes, not suspects.
    let suspects = match end {
        End::Exhausted => suspects(ground, &candidates, (&chosen, rules)),
        End::Full => Vec::new(),
    };
    progress(Step::Resample);
    let stable = match raw.resamples {
        0 => chosen.iter().map(|_| None).collect(),
        resamples => stability(ground, &chosen, &candidates.pool, (rules, resamples)),
    };
    let judged = chosen.into_iter().zip(confirmed).zip(others).zip(stable);
    let mut causes = Vec::new();
    for (((chosen, confirmed), aliases), stability) in judged {
        match chosen.side {
            Side::Covered => causes.push(assemble::Judged {
                chosen,
                confirmed,
                aliases,
                stability,
            }),
            Side::Others => told.fewer.extend(told::fewer(ground, &chosen, confirmed)),
        }
    }
    Judged {
        depth,
        productive: candidates.productive,
        found: candidates.found,
        causes,
        suspects,
        told,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conjunctions_are_counted_by_length_without_overflow() {
        let count = |attributes: &[u64], depth| hypotheses(attributes.iter().copied(), depth);
        assert_eq!(count(&[2, 3, 5], 1), 10);
        assert_eq!(count(&[2, 3, 5], 2), 10 + 31);
        assert_eq!(count(&[2, 3, 5], 3), 10 + 31 + 30);
        assert_eq!(count(&[2, 3, 5], 4), 10 + 31 + 30);
        assert_eq!(count(&[u64::MAX, u64::MAX], 2), u64::MAX);
        assert_eq!(count(&[], 3), 0);
    }
}
