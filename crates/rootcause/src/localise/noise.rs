//! How restless leaves are without any cause, estimated so that a minority of changed leaves does
//! not matter.
//!
//! The variance of a leaf is taken as `of_count * e + of_leaf * e^2` for an expectation `e`: the
//! first part is that of counting, the second one of forecasts that are wrong by a percentage. A leaf
//! of `e` then tells as much as a count of `e^2 / variance`, so no large leaf with a careless
//! forecast outshouts the others.

use super::leaves::Expectation;
use super::numbers::median;

/// The median distance from the middle of a normal distribution, in standard deviations.
const QUARTILE: f64 = 0.674_489_750_196_081_7;
/// Expected counts from which deviations are nearly normal.
const EXPECTED_MIN: f64 = 3.0;
/// Leaves below which nothing beyond counting can be told.
const LEAVES_MIN: usize = 12;
/// Leaves that are looked at; of more, every second, third and so on in the order of size.
const LEAVES_MAX: usize = 20_000;
/// No forecast is trusted beyond this relative standard deviation.
const LEAST: f64 = 1e-3;
/// Rounds in which the two parts of the variance are made to agree.
const ROUNDS: usize = 8;
/// Halvings of an interval in a search for a variance.
const HALVINGS: usize = 40;

/// How restless leaves are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Unrest {
    /// Variance per count.
    pub(super) of_count: f64,
    /// Relative variance per leaf.
    pub(super) of_leaf: f64,
}

/// A leaf as its relative deviation.
#[derive(Debug, Clone, Copy)]
struct Deviation {
    /// What is, divided by what was expected, less the middle of all leaves.
    ratio: f64,
    /// One divided by what was expected.
    inverse: f64,
    /// Relative variance that is known beforehand.
    known: f64,
}

/// Returns the unrest of counts: that of counting (Poisson), and what large leaves show beyond it.
pub(super) fn of_counts(leaves: &[Expectation]) -> Unrest {
    let large = leaves.iter().filter(|leaf| leaf.expected >= EXPECTED_MIN);
    let mut leaves = deviations(large.copied().collect());
    for leaf in &mut leaves {
        leaf.known += leaf.inverse;
    }
    let of_leaf = if leaves.len() < LEAVES_MIN {
        0.0
    } else {
        solved(&leaves, |leaf, variance| leaf.known + variance)
    };
    Unrest {
        of_count: 1.0,
        of_leaf,
    }
}

/// Returns the unrest of forecasts: the part of counting from the smaller half of the leaves, the
/// part of forecasts from the larger half, in turns until both agree.
pub(super) fn of_forecasts(leaves: &[Expectation]) -> Unrest {
    let known = leaves.iter().filter(|leaf| leaf.expected > 0.0);
    let leaves = deviations(known.copied().collect());
    let (small, large) = leaves.split_at(leaves.len() / 2);
    let floor = LEAST * LEAST;
    if small.len() < LEAVES_MIN {
        return Unrest {
            of_count: 0.0,
            of_leaf: solved(&leaves, |_, variance| variance).max(floor),
        };
    }
    let (mut of_count, mut of_leaf) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        of_leaf = solved(large, |leaf, variance| of_count * leaf.inverse + variance);
        of_count = solved(small, |leaf, variance| variance * leaf.inverse + of_leaf);
    }
    Unrest {
        of_count,
        of_leaf: if of_count > 0.0 {
            of_leaf
        } else {
            of_leaf.max(floor)
        },
    }
}

/// Returns the leaves as deviations in the order of their size.
fn deviations(mut leaves: Vec<Expectation>) -> Vec<Deviation> {
    leaves.sort_unstable_by(|one, other| {
        let by_size = one.expected.total_cmp(&other.expected);
        by_size.then(one.actual.total_cmp(&other.actual))
    });
    let step = leaves.len().div_ceil(LEAVES_MAX).max(1);
    let mut ratios: Vec<f64> = leaves
        .iter()
        .step_by(step)
        .map(|leaf| leaf.actual / leaf.expected)
        .collect();
    let middle = median(&mut ratios);
    leaves
        .iter()
        .step_by(step)
        .map(|leaf| Deviation {
            ratio: leaf.actual / leaf.expected - middle,
            inverse: 1.0 / leaf.expected,
            known: leaf.doubt,
        })
        .collect()
}

/// Returns the variance at which half of the leaves lie within the quartiles of their normal
/// distributions; zero when more do anyway.
fn solved(leaves: &[Deviation], variance: impl Fn(&Deviation, f64) -> f64) -> f64 {
    let is_enough = |guess: f64| {
        let within = leaves.iter().filter(|leaf| {
            let limit = QUARTILE * variance(leaf, guess).max(0.0).sqrt();
            leaf.ratio.abs() <= limit
        });
        within.count() * 2 >= leaves.len()
    };
    if is_enough(0.0) {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        if is_enough(high) {
            break;
        }
        high *= 4.0;
    }
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if is_enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}
