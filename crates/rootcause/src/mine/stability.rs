//! How often a cause is selected again when the earlier cases are drawn anew: each counts as often
//! as a Poisson variable of mean 1 says (Hanley and `MacGibbon` 2006; Meinshausen and Bühlmann 2010
//! on the frequency of selection). The conditions in play stay those of the whole search.

use super::bits::Weights;
use super::cells::Cells;
use super::cover::{Chosen, Rules, Source, cover};
use super::ground::{Ground, Pattern};
use crate::statistics::{Stream, real};
use crate::wire::{Fixed, Stability};

/// Candidates per resample, most evidence first.
const POOL_MAX: usize = 300;
/// Jaccard index of failing cases from which another description counts as the same cause.
const SAME: f64 = 0.9;
/// 2^32 times the chance that a Poisson variable of mean 1 is at most 0, 1, … 6.
const POISSON: [u32; 7] = [
    1_580_030_169,
    3_160_060_337,
    3_950_075_422,
    4_213_413_783,
    4_279_248_374,
    4_292_415_292,
    4_294_609_778,
];

/// A fixed list of candidates.
struct Fixture(Vec<Pattern>);

impl Source for Fixture {
    fn candidates(&mut self, _: &mut Ground<'_>, _: &[Chosen]) -> Vec<Pattern> {
        self.0.clone()
    }

    fn sharpen(&self, _: &mut Ground<'_>, _: &Cells<'_>, pattern: Pattern) -> Pattern {
        pattern
    }
}

/// Returns how often each cause is selected again; nothing when no resample is asked for.
pub(crate) fn stability(
    ground: &mut Ground<'_>,
    chosen: &[Chosen],
    pool: &[Pattern],
    (rules, resamples): (Rules, u32),
) -> Vec<Option<Stability>> {
    let mut selected = vec![0_u64; chosen.len()];
    let mut candidates: Vec<Pattern> = chosen.iter().map(|one| one.pattern.clone()).collect();
    for pattern in pool.iter().take(POOL_MAX) {
        if !candidates.contains(pattern) {
            candidates.push(pattern.clone());
        }
    }
    let key = key(ground);
    for resample in 0..resamples {
        let weights = drawn(ground, key, resample);
        let (again, _) = cover(ground, &weights, rules, &mut Fixture(candidates.clone()));
        for (count, cause) in selected.iter_mut().zip(chosen) {
            *count += u64::from(again.iter().any(|other| is_same(ground, cause, other)));
        }
    }
    let stability = selected.into_iter().map(|count| {
        let selected = Fixed::round(real(count) / real(u64::from(resamples)))?;
        Some(Stability {
            resamples,
            selected,
        })
    });
    stability.collect()
}

fn is_same(ground: &Ground<'_>, cause: &Chosen, other: &Chosen) -> bool {
    if cause.pattern == other.pattern {
        return true;
    }
    let (one, two) = (ground.failing(&cause.rows), ground.failing(&other.rows));
    let shared = one.count_and(&two);
    real(shared) >= SAME * real(one.count() + two.count() - shared)
}

/// The weights of one resample of the earlier cases.
fn drawn(ground: &Ground<'_>, key: u64, resample: u32) -> Weights {
    let mut stream = Stream::new(key, resample, 0);
    let draw = |row: usize| {
        let chance = stream.bits();
        let times = POISSON.iter().take_while(|&&below| chance >= below).count();
        let times = u8::try_from(times).unwrap_or_default();
        if ground.earlier.counts(row) { times } else { 0 }
    };
    let numbers: Vec<u8> = (0..ground.table.ids.len()).map(draw).collect();
    Weights::of(&numbers)
}

/// A key that depends on the cases: the first eight bytes of the digest of their ids and outcomes.
pub(crate) fn key(ground: &Ground<'_>) -> u64 {
    let mut bytes = Vec::new();
    for (id, failed) in ground.table.ids.iter().zip(&ground.table.failed) {
        bytes.extend_from_slice(id.as_bytes());
        bytes.push(u8::from(*failed));
    }
    let digest = baton_terms::Digest::of(&bytes);
    let first = digest.as_bytes().iter().take(8);
    first.fold(0, |key, &byte| key << 8 | u64::from(byte))
}
