//! The search: scan all candidates, keep several beginnings, add causes while they pay for
//! themselves, and put each one to the test of being replaced.
//!
//! A cause pays when the gain in ln likelihood (Kulldorff's scan statistic, 1997) exceeds ln of the
//! number of candidates that are as long, as a description of it would cost.

use super::candidates::{Candidate, Cuboids};
use super::fit::{Fit, fit};
use super::leaves::Leaf;
use super::limits::CAUSES_MAX;

/// Beginnings that are followed.
const BEGINNINGS: usize = 8;
/// Beginnings of each length among them, at least.
const BEGINNINGS_PER_LENGTH: usize = 2;
/// Rounds of replacing causes.
const REPLACEMENTS: usize = 4;
/// A further cause gains at least this part of what the first one gained.
const FURTHER_SHARE: f64 = 0.05;
/// What a further cause must gain beyond its price.
const FURTHER_MARGIN: f64 = 3.0;

/// Which way the number jumped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Whichever way the strongest candidate goes.
    #[default]
    Either,
    /// It rose.
    Up,
    /// It fell.
    Down,
}

/// What to look for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Which way the number jumped.
    pub direction: Direction,
    /// Most conditions of one cause.
    pub conditions: usize,
    /// Most causes.
    pub causes: usize,
    /// Chance of naming any cause where there is none, at most.
    pub alpha: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            direction: Direction::Either,
            conditions: super::limits::CONDITIONS_MAX,
            causes: 3,
            alpha: 0.05,
        }
    }
}

/// A set of causes with what it gains.
#[derive(Debug, Clone)]
pub(super) struct Explanation {
    /// The causes, the one that gains most first.
    pub(super) causes: Vec<Candidate>,
    /// Gain in ln likelihood over no cause.
    pub(super) gain: f64,
    /// Gain less the prices of the causes.
    pub(super) score: f64,
    /// What the model expects of each leaf.
    pub(super) fitted: Vec<f64>,
}

/// One candidate that a scan found.
#[derive(Debug, Clone, Copy)]
struct Hit {
    candidate: Candidate,
    gain: f64,
    score: f64,
    actual: f64,
    expected: f64,
}

/// The search over one table.
#[derive(Debug)]
pub(super) struct Search<'t> {
    pub(super) leaves: &'t [Leaf],
    pub(super) cuboids: &'t Cuboids,
    pub(super) settings: Settings,
}

impl Search<'_> {
    /// Returns the best explanations, best first; none where nothing pays.
    pub(super) fn run(&self) -> Vec<Explanation> {
        let none = fit(self.leaves, &[]);
        let direction = match self.settings.direction {
            Direction::Either => {
                let strongest = self.scan(&none.fitted, Direction::Either, 1);
                match strongest.first() {
                    Some(hit) if hit.actual < hit.expected => Direction::Down,
                    _ => Direction::Up,
                }
            }
            given => given,
        };
        let mut found: Vec<Explanation> = Vec::new();
        for hit in self.beginnings(&none, direction) {
            let one = self.extended(vec![hit.candidate], direction, &none);
            let known = |other: &Explanation| same(&other.causes, &one.causes);
            if one.score > 0.0 && !found.iter().any(known) {
                found.push(one);
            }
        }
        found.sort_by(|one, other| {
            let by_score = other.score.total_cmp(&one.score);
            by_score.then_with(|| one.causes.cmp(&other.causes))
        });
        found
    }

    fn beginnings(&self, none: &Fit, direction: Direction) -> Vec<Hit> {
        let hits = self.scan(&none.fitted, direction, BEGINNINGS * 4);
        let mut chosen: Vec<Hit> = Vec::new();
        let length = |hit: &Hit| {
            self.cuboids
                .sets
                .get(hit.candidate.cuboid)
                .map(|set| set.attributes.len())
        };
        for hit in &hits {
            let alike = chosen
                .iter()
                .filter(|one| length(one) == length(hit))
                .count();
            if chosen.len() < BEGINNINGS || alike < BEGINNINGS_PER_LENGTH {
                chosen.push(*hit);
            }
        }
        chosen
    }

    /// Returns a beginning with all causes that pay, each one the best given the others.
    fn extended(&self, causes: Vec<Candidate>, direction: Direction, none: &Fit) -> Explanation {
        let most = self.settings.causes.clamp(1, CAUSES_MAX);
        let mut best = self.explanation(causes, none);
        loop {
            best = self.replaced(best, direction, none);
            if best.causes.len() >= most {
                return best;
            }
            let added = self
                .scan(&best.fitted, direction, 3)
                .into_iter()
                .map(|hit| {
                    let mut longer = best.causes.clone();
                    longer.push(hit.candidate);
                    self.explanation(longer, none)
                });
            let added = added.max_by(|one, other| one.score.total_cmp(&other.score));
            let Some(added) = added else {
                return best;
            };
            if !pays(&best, &added) {
                return best;
            }
            best = added;
        }
    }

    /// Replaces causes by better ones given the others, until none is better.
    fn replaced(&self, mut best: Explanation, direction: Direction, none: &Fit) -> Explanation {
        if best.causes.len() < 2 {
            return best;
        }
        for _ in 0..REPLACEMENTS {
            let mut better = false;
            for place in 0..best.causes.len() {
                let mut others = best.causes.clone();
                others.remove(place);
                let rest = self.explanation(others.clone(), none);
                for hit in self.scan(&rest.fitted, direction, 3) {
                    let mut causes = others.clone();
                    causes.insert(place, hit.candidate);
                    let one = self.explanation(causes, none);
                    if one.score > best.score + 1e-6 {
                        best = one;
                        better = true;
                    }
                }
                if !pays(&rest, &best) {
                    best = rest;
                    better = true;
                    break;
                }
            }
            if !better || best.causes.len() < 2 {
                break;
            }
        }
        best
    }

    /// Returns the explanation by some causes.
    pub(super) fn explanation(&self, causes: Vec<Candidate>, none: &Fit) -> Explanation {
        let leaves: Vec<Vec<usize>> = causes
            .iter()
            .map(|cause| self.cuboids.leaves(*cause))
            .collect();
        let parts: Vec<&[usize]> = leaves.iter().map(Vec::as_slice).collect();
        let Fit { fitted, likelihood } = fit(self.leaves, &parts);
        let gain = likelihood - none.likelihood;
        let prices = causes.iter().map(|cause| self.cuboids.penalty(*cause));
        let score = gain - prices.sum::<f64>();
        Explanation {
            causes,
            gain,
            score,
            fitted,
        }
    }

    /// Returns the candidates that pay most given what is fitted, best first, at most `most`; of
    /// candidates with the same leaves the shortest.
    fn scan(&self, fitted: &[f64], direction: Direction, most: usize) -> Vec<Hit> {
        let all: f64 = self.leaves.iter().map(|leaf| leaf.actual).sum();
        let mut hits: Vec<Hit> = Vec::new();
        let mut sums: Vec<(f64, f64)> = Vec::new();
        for (place, set) in self.cuboids.sets.iter().enumerate() {
            sums.clear();
            sums.resize(set.cells, (0.0, 0.0));
            for ((cell, leaf), fitted) in set.cell.iter().zip(self.leaves).zip(fitted) {
                let slot = usize::try_from(*cell).ok();
                if let Some(sum) = slot.and_then(|slot| sums.get_mut(slot)) {
                    sum.0 += leaf.actual;
                    sum.1 += fitted;
                }
            }
            for (cell, (actual, expected)) in (0_u32..).zip(&sums) {
                let is_wanted = match direction {
                    Direction::Either => true,
                    Direction::Up => actual > expected,
                    Direction::Down => actual < expected,
                };
                let worst = match hits.get(most.saturating_sub(1)) {
                    Some(hit) => hit.score,
                    None => f64::NEG_INFINITY,
                };
                // The quadratic bound of the gain is cheap and settles most candidates.
                let distance = actual - expected;
                let rest = (all - expected).max(f64::MIN_POSITIVE);
                let bound = distance * distance / expected + distance * distance / rest;
                if !is_wanted || bound - set.penalty <= worst {
                    continue;
                }
                let gain = gain(*actual, *expected, all);
                let hit = Hit {
                    candidate: Candidate {
                        cuboid: place,
                        cell,
                    },
                    gain,
                    score: gain - set.penalty,
                    actual: *actual,
                    expected: *expected,
                };
                insert(&mut hits, hit, most);
            }
        }
        hits
    }
}

/// Returns whether one more cause is worth its price.
fn pays(without: &Explanation, with: &Explanation) -> bool {
    with.score > without.score + FURTHER_MARGIN
        && with.gain - without.gain > FURTHER_SHARE * with.gain
}

/// Returns Kulldorff's scan statistic: the gain of giving some leaves a level of their own.
fn gain(actual: f64, expected: f64, all: f64) -> f64 {
    let part = |actual: f64, expected: f64| {
        if actual > 0.0 && expected > 0.0 {
            actual * libm::log(actual / expected)
        } else {
            0.0
        }
    };
    (part(actual, expected) + part(all - actual, all - expected)).max(0.0)
}

/// Puts a hit in its place, unless the same leaves are there already in fewer conditions.
fn insert(hits: &mut Vec<Hit>, hit: Hit, most: usize) {
    let is_alias = |one: &Hit| {
        (one.gain - hit.gain).abs() <= 1e-9 * hit.gain
            && (one.actual - hit.actual).abs() <= 1e-9 * hit.actual
            && (one.expected - hit.expected).abs() <= 1e-9 * hit.expected
    };
    // Sets come shortest first, so what is there is no longer.
    if hits.iter().any(is_alias) {
        return;
    }
    let place = hits.partition_point(|one| one.score >= hit.score);
    if place < most {
        hits.insert(place, hit);
        hits.truncate(most);
    }
}

fn same(one: &[Candidate], other: &[Candidate]) -> bool {
    one.len() == other.len() && one.iter().all(|cause| other.contains(cause))
}
