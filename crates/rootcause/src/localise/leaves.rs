//! What is and what was expected of every leaf, on the scale of counts.
//!
//! A share is expected to be that of all leaves, or that of the leaf before the jump, shrunk towards
//! all leaves by how much leaves differ at all (the beta-binomial prior of `DerSimonian` and Laird's
//! moment estimate, 1986). Then both are divided so that each leaf counts for what it tells: see
//! [`super::noise`].

use super::noise::{Unrest, of_counts, of_forecasts};
use super::numbers::real;
use super::table::{Measure, Table};

/// Pseudo-cases of the prior, at least and at most.
const PRIOR: (f64, f64) = (2.0, 1e6);

/// One leaf.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Leaf {
    /// What is, in effective counts.
    pub(super) actual: f64,
    /// What was expected, in effective counts; above zero.
    pub(super) expected: f64,
}

/// What a leaf should have been, before weighting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Expectation {
    /// What is.
    pub(super) actual: f64,
    /// What was expected.
    pub(super) expected: f64,
    /// Relative variance of the expectation itself.
    pub(super) doubt: f64,
}

/// What is known of all leaves before anything is explained.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    /// What each leaf should have been.
    pub(super) expectations: Vec<Expectation>,
    /// How restless leaves are.
    pub(super) unrest: Unrest,
    least: f64,
}

impl Ground {
    /// Returns what is known of the leaves of a table.
    pub(super) fn of(table: &Table) -> Self {
        let expectations = match table.measure {
            Measure::Share => of_all(table),
            Measure::ShareWithBefore => of_before(table),
            Measure::Forecast => of_forecast(table),
        };
        let unrest = match table.measure {
            Measure::Forecast => of_forecasts(&expectations),
            _ => of_counts(&expectations),
        };
        Self {
            least: least_expected(&expectations),
            expectations,
            unrest,
        }
    }

    /// Returns the leaves on the scale of counts. A leaf whose explained level lies above its
    /// expectation is as restless as that level; `explained` gives the levels as factors of the
    /// expectations, or nothing before anything is explained.
    pub(super) fn weighted(&self, explained: &[f64]) -> Vec<Leaf> {
        let factors = explained.iter().copied().chain(std::iter::repeat(1.0));
        self.expectations
            .iter()
            .zip(factors)
            .map(|(leaf, factor)| {
                let expected = leaf.expected.max(self.least);
                let level = expected * factor.max(1.0);
                let surplus = (self.unrest.of_leaf + leaf.doubt) * level;
                let spread = self.unrest.of_count + surplus;
                Leaf {
                    actual: leaf.actual / spread,
                    expected: expected / spread,
                }
            })
            .collect()
    }
}

/// Something can always be expected a little, or one count where none was would decide everything.
fn least_expected(leaves: &[Expectation]) -> f64 {
    let positive = leaves.iter().filter(|leaf| leaf.expected > 0.0);
    let smallest = positive
        .map(|leaf| leaf.expected)
        .fold(f64::INFINITY, f64::min);
    if smallest.is_finite() {
        smallest * 0.5
    } else {
        1.0
    }
}

fn of_all(table: &Table) -> Vec<Expectation> {
    let [value, total, ..] = table.sums(0..table.leaves());
    let rate = real(value) / real(total).max(f64::MIN_POSITIVE);
    let leaves = table.amounts.iter();
    leaves
        .map(|[value, total, ..]| Expectation {
            actual: real(*value),
            expected: real(*total) * rate,
            doubt: 0.0,
        })
        .collect()
}

fn of_before(table: &Table) -> Vec<Expectation> {
    let [_, _, value, total] = table.sums(0..table.leaves());
    if total == 0 {
        return of_all(table);
    }
    // Half a case keeps the rate from being zero.
    let rate = (real(value) + 0.5) / (real(total) + 1.0);
    let prior = prior(table, rate);
    let leaves = table.amounts.iter();
    leaves
        .map(|[value, total, before_value, before_total]| {
            let known = real(*before_value) + prior * rate;
            let of_leaf = known / (real(*before_total) + prior);
            Expectation {
                actual: real(*value),
                expected: real(*total) * of_leaf,
                doubt: 1.0 / known,
            }
        })
        .collect()
}

/// Returns how many cases the rate of all leaves counts for in the expectation of one.
fn prior(table: &Table, rate: f64) -> f64 {
    let (mut spread, mut all, mut squares, mut leaves) = (0.0, 0.0, 0.0, 0.0);
    for [_, _, value, total] in table.amounts.iter().filter(|amounts| amounts[3] > 0) {
        let (value, total) = (real(*value), real(*total));
        let difference = value / total - rate;
        spread += total * difference * difference;
        all += total;
        squares += total * total;
        leaves += 1.0;
    }
    let by_chance = (leaves - 1.0_f64) * rate * (1.0 - rate);
    let scale = all - squares / all;
    let between = (spread - by_chance) / scale;
    if between > 0.0 && scale > 0.0 {
        (rate * (1.0 - rate) / between - 1.0).clamp(PRIOR.0, PRIOR.1)
    } else {
        PRIOR.1
    }
}

fn of_forecast(table: &Table) -> Vec<Expectation> {
    let leaves = table.amounts.iter();
    leaves
        .map(|[actual, forecast, ..]| Expectation {
            actual: real(*actual),
            expected: real(*forecast),
            doubt: 0.0,
        })
        .collect()
}
