//! The list of causes: the strongest first, then the strongest given that one, until nothing is
//! left that is both significant and worth saying; then every cause again given all others. All of
//! it among cases of the same block of time.
//!
//! What covers most cases is said from its other side, and is no cause: its cases are the rule.
//!
//! Why: `docs/adr/0012-when-the-list-of-causes-ends.md`, `docs/adr/0014-the-rule-and-the-time.md`.

use super::bits::{Bits, Weights};
use super::cells::Cells;
use super::ground::{Ground, ItemId, Pattern};
use super::stratified;
use crate::search::Levels;
use crate::statistics::LogProbability;

/// When the list ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// What the exact test given the causes before must stay under, by kind of pattern.
    pub(crate) levels: Levels,
    /// Failures a cause must explain beyond the causes before it.
    pub(crate) excess_min: f64,
    /// Most causes.
    pub(crate) causes_max: usize,
    /// Fewest cases of a cause.
    pub(crate) cases_min: u64,
}

impl Rules {
    /// Returns what the exact test of a pattern must stay under.
    pub(crate) fn level(&self, ground: &Ground<'_>, pattern: &[ItemId]) -> LogProbability {
        self.levels
            .level(pattern.len(), ground.has_numbers(pattern))
    }
}

/// Which side of a pattern is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The cases it covers: they fail more often.
    Covered,
    /// The others, for it covers most cases: they fail less often.
    Others,
}

/// A cause of the list.
#[derive(Debug, Clone)]
pub(crate) struct Chosen {
    /// Its conditions.
    pub(crate) pattern: Pattern,
    /// All rows it holds for.
    pub(crate) rows: Bits,
    /// Which side of it is told.
    pub(crate) side: Side,
    /// Exact p-value given the causes before it.
    pub(crate) p: LogProbability,
    /// What its p-value had to stay under.
    pub(crate) level: LogProbability,
}

/// How a list ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing significant and worth saying is left.
    Exhausted,
    /// The most causes were reached while more were left.
    Full,
}

/// Patterns told from their other side at most.
const OTHERS_MAX: usize = 5;

/// Exact tests tried per round before it counts as empty.
const TRIES_MAX: usize = 25;

/// Where candidates come from and how a chosen one is put into words.
pub(crate) trait Source {
    /// Returns patterns that may be chosen next.
    fn candidates(&mut self, ground: &mut Ground<'_>, chosen: &[Chosen]) -> Vec<Pattern>;
    /// Returns the pattern with the limits of its numbers sharpened and rounded.
    fn sharpen(&self, ground: &mut Ground<'_>, cells: &Cells<'_>, pattern: Pattern) -> Pattern;
}

/// Returns the causes in the order they were found.
pub(crate) fn cover(
    ground: &mut Ground<'_>,
    weights: &Weights,
    rules: Rules,
    source: &mut dyn Source,
) -> (Vec<Chosen>, End) {
    let mut cells = Cells::blocks(ground, weights);
    let mut chosen: Vec<Chosen> = Vec::new();
    let mut end = End::Exhausted;
    while let Some(next) = next(ground, &cells, rules, (source, &chosen)) {
        if next.side == Side::Covered && told(&chosen, Side::Covered) >= rules.causes_max {
            end = End::Full;
            break;
        }
        cells = cells.split(ground, &next.rows);
        chosen.push(next);
    }
    prune(ground, weights, rules, &mut chosen);
    (chosen, end)
}

/// How many are told from a side.
fn told(chosen: &[Chosen], side: Side) -> usize {
    chosen.iter().filter(|one| one.side == side).count()
}

/// Which side of a pattern that covers these rows may be told: none where it covers most cases, but
/// not by a single condition, or so many that hardly any others are left.
fn side(weights: &Weights, rules: Rules, (rows, length): (&Bits, usize)) -> Option<Side> {
    let covered = weights.count(rows);
    let others = weights.total().saturating_sub(covered);
    if covered <= others {
        return (covered >= rules.cases_min).then_some(Side::Covered);
    }
    (length == 1 && others >= rules.cases_min).then_some(Side::Others)
}

/// Returns what is left to say after `before`, in the order it was found, on its own weights.
pub(crate) fn further(
    ground: &mut Ground<'_>,
    weights: &Weights,
    rules: Rules,
    (source, before): (&mut dyn Source, &[Chosen]),
) -> Vec<Chosen> {
    let mut cells = before
        .iter()
        .fold(Cells::blocks(ground, weights), |cells, one| {
            cells.split(ground, &one.rows)
        });
    let mut found: Vec<Chosen> = Vec::new();
    let mut others = 0;
    while found.len() < rules.causes_max && others < OTHERS_MAX {
        let Some(next) = next(ground, &cells, rules, (&mut *source, before)) else {
            break;
        };
        cells = cells.split(ground, &next.rows);
        if next.side == Side::Covered {
            found.push(next);
        } else {
            others += 1;
        }
    }
    found
}

fn next(
    ground: &mut Ground<'_>,
    cells: &Cells<'_>,
    rules: Rules,
    (source, chosen): (&mut dyn Source, &[Chosen]),
) -> Option<Chosen> {
    let candidates = source.candidates(ground, chosen);
    let open = |side| side == Side::Covered || told(chosen, Side::Others) < OTHERS_MAX;
    let best = ranked(ground, (cells, rules), candidates, open);
    for (_, pattern, side) in best.into_iter().take(TRIES_MAX) {
        let level = rules.level(ground, &pattern);
        let plain = ground.rows(&pattern);
        let p = stratified::upper_tail(&cells.strata(&plain));
        if p > level {
            continue;
        }
        let sharp = source.sharpen(ground, cells, pattern.clone());
        let rows = ground.rows(&sharp);
        let sharp_p = stratified::upper_tail(&cells.strata(&rows));
        let same = self::side(cells.weights(), rules, (&rows, sharp.len())) == Some(side);
        let (pattern, rows, p) = if sharp_p <= level && same {
            (sharp, rows, sharp_p)
        } else {
            (pattern, plain, p)
        };
        return Some(Chosen {
            pattern,
            rows,
            side,
            p,
            level,
        });
    }
    None
}

/// The candidates that may be worth saying with their evidence beyond what their kind must show,
/// strongest first; ties by length, then by items.
fn ranked(
    ground: &Ground<'_>,
    (cells, rules): (&Cells<'_>, Rules),
    candidates: Vec<Pattern>,
    open: impl Fn(Side) -> bool,
) -> Vec<(f64, Pattern, Side)> {
    let mut rows = ground.all();
    let all = ground.all();
    let mut kept: Vec<(f64, Pattern, Side)> = Vec::new();
    for pattern in candidates {
        rows.copy_from(&all);
        ground.narrow(&mut rows, &pattern);
        let side = side(cells.weights(), rules, (&rows, pattern.len()));
        let Some(side) = side.filter(|&side| open(side)) else {
            continue;
        };
        let strata = cells.strata(&rows);
        let covered: u64 = strata.iter().map(|stratum| stratum.covered).sum();
        if covered < rules.cases_min {
            continue;
        }
        let evidence = stratified::evidence(&strata);
        // Deviance is the exact tail's logarithm up to a few units.
        let asked = -rules.level(ground, &pattern).ln();
        if evidence.excess >= rules.excess_min && evidence.deviance >= 0.5 * asked {
            kept.push((evidence.deviance - asked, pattern, side));
        }
    }
    kept.sort_by(|(one, left, _), (other, right, _)| {
        other
            .total_cmp(one)
            .then_with(|| left.len().cmp(&right.len()))
            .then_with(|| ground.items(left).cmp(&ground.items(right)))
    });
    kept.dedup_by(|one, other| one.1 == other.1);
    kept
}

/// Takes out causes that the others explain, weakest first: a stand-in for several true causes
/// may have been found before them.
fn prune(ground: &Ground<'_>, weights: &Weights, rules: Rules, chosen: &mut Vec<Chosen>) {
    while chosen.len() > 1 {
        let mut weakest: Option<(LogProbability, usize)> = None;
        for place in 0..chosen.len() {
            let others = chosen.iter().enumerate().filter(|(at, _)| *at != place);
            let cells = others.fold(Cells::blocks(ground, weights), |cells, (_, other)| {
                cells.split(ground, &other.rows)
            });
            let Some(one) = chosen.get(place) else { break };
            let strata = cells.strata(&one.rows);
            let p = stratified::upper_tail(&strata);
            let fails = p > one.level || stratified::evidence(&strata).excess < rules.excess_min;
            if fails && weakest.is_none_or(|(weak, _)| p > weak) {
                weakest = Some((p, place));
            }
        }
        let Some((_, place)) = weakest else { return };
        chosen.remove(place);
    }
}
