//! What stands out over all cases without being shown on the earlier ones: a short list beside the
//! causes, never counted among them, so that a weak cause is not lost between "found" and "nothing".
//!
//! A suspect is significant at an error rate of 90% where a cause is at 5%: a log with nothing to
//! find gives less than one of them on average, and each says how many such chance would bring.

use super::bits::{Bits, Weights};
use super::candidates::Candidates;
use super::cells::Cells;
use super::cover::{Chosen, Rules, Side, Source, further};
use super::effect::{log10, rounded, table};
use super::ground::{Ground, Pattern};
use super::sharpen::sharpen;
use crate::statistics::{Confidence, LogProbability, koopman, real, wilson};
use crate::wire::{Fixed, Suspect};

/// Most suspects.
const SUSPECTS_MAX: usize = 5;
/// The error rate suspects are taken at.
const RATE: f64 = 0.9;

/// A fixed list of candidates, their limits sharpened when they are chosen.
struct Pool(Vec<Pattern>);

impl Source for Pool {
    fn candidates(&mut self, _: &mut Ground<'_>, _: &[Chosen]) -> Vec<Pattern> {
        self.0.clone()
    }

    fn sharpen(&self, ground: &mut Ground<'_>, cells: &Cells<'_>, pattern: Pattern) -> Pattern {
        sharpen(ground, cells, pattern)
    }
}

/// Returns the suspects that are left over all cases once the causes are given.
pub(crate) fn suspects(
    ground: &Ground<'_>,
    candidates: &Candidates<'_>,
    (causes, rules): (&[Chosen], Rules),
) -> Vec<Suspect> {
    let size = ground.table.ids.len();
    let mut both = ground.later.clone();
    both.or(&Bits::of((0..size).map(|row| ground.earlier.counts(row))));
    // Among the cases of a cause all that goes with it stands out: one search, of the others.
    let mut left = both.clone();
    for cause in causes.iter().filter(|one| one.side == Side::Covered) {
        left.and_not(&cause.rows);
    }
    let mut whole = Ground::new(ground.table, both.clone(), Bits::first(0, size));
    let Ok((pool, levels)) = candidates.loosely(&mut whole, &left, RATE) else {
        return Vec::new();
    };
    let rules = Rules {
        levels,
        causes_max: SUSPECTS_MAX,
        ..rules
    };
    let weights = Weights::once(both);
    let found = further(&mut whole, &weights, rules, (&mut Pool(pool), causes));
    let ranks = 1_u32..;
    found
        .iter()
        .zip(ranks)
        .filter_map(|(one, rank)| said(&whole, one, rank))
        .collect()
}

fn said(ground: &Ground<'_>, one: &Chosen, rank: u32) -> Option<Suspect> {
    let table = table(ground, &ground.all(), &one.rows)?;
    let conditions = ground.items(&one.pattern);
    Some(Suspect {
        rank,
        conditions: conditions
            .into_iter()
            .map(|item| item.condition(ground.table))
            .collect(),
        cases: table.covered(),
        failures: table.failing(),
        rate: rounded(wilson(table.covered(), table.failing(), Confidence::P95)),
        other_rate: Fixed::round(real(table.others_failing()) / real(table.others().max(1)))?,
        risk_ratio: rounded(koopman(&table, Confidence::P95)),
        log10_p: log10(one.p),
        by_chance: by_chance(one.p, one.level),
    })
}

/// Returns at most how many such suspects chance alone would bring about: each kind has its share
/// of the rate, which is what patterns at its level bring in all.
fn by_chance(p: LogProbability, level: LogProbability) -> Fixed {
    Fixed::round(RATE * libm::exp((p.ln() - level.ln()).min(0.0))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_at_its_level_is_as_frequent_as_the_rate_says() {
        let p = |p| LogProbability::from_probability(p).unwrap();
        for (found, level, expected) in [(0.01, 0.01, 900_000), (0.001, 0.01, 90_000)] {
            assert_eq!(by_chance(p(found), p(level)).millionths(), expected);
        }
    }
}
