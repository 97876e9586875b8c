//! Intervals from what they claim, not from their formulas: a value is inside when its test does
//! not refuse the table.

use super::Table;

/// Both limits of Wilson's interval (1927): where `(k / n - p)^2 = z^2 p (1 - p) / n`, by halving.
pub fn wilson((cases, failures): (u32, u32), z: f64) -> (f64, f64) {
    let (n, rate) = (f64::from(cases), f64::from(failures) / f64::from(cases));
    let inside = |p: f64| (rate - p).powi(2) <= z * z * p * (1.0 - p) / n + 1e-18;
    (edge(0.0, rate, |p| !inside(p)), edge(rate, 1.0, inside))
}

/// Both limits of Clopper and Pearson (1934): where the tail of this many or more, or of this many or
/// fewer, is `tail`.
pub fn clopper_pearson((cases, failures): (u32, u32), tail: f64) -> (f64, f64) {
    let upper =
        |p: f64, from: u32| -> f64 { (from..=cases).map(|k| binomial_point(cases, k, p)).sum() };
    let low = if failures == 0 {
        0.0
    } else {
        edge(0.0, 1.0, |p| upper(p, failures) < tail)
    };
    let high = if failures == cases {
        1.0
    } else {
        edge(0.0, 1.0, |p| 1.0 - upper(p, failures + 1) >= tail)
    };
    (low, high)
}

fn binomial_point(cases: u32, failures: u32, p: f64) -> f64 {
    let hits = (0..failures).fold(1.0, |product, i| {
        product * p * f64::from(cases - i) / f64::from(i + 1)
    });
    (failures..cases).fold(hits, |product, _| product * (1.0 - p))
}

/// Whether the score test of Koopman (1984) accepts a risk ratio: Pearson's chi-square against the most
/// likely rates with that ratio, found by comparing likelihoods.
pub fn ratio_is_inside(table: Table, ratio: f64, z: f64) -> bool {
    let other = likeliest(table, (0.0, 1.0_f64.min(1.0 / ratio)), |other| {
        ratio * other
    });
    pearson(table, ratio * other, other) <= z * z
}

/// Whether the score test of Miettinen and Nurminen (1985) accepts a risk difference.
pub fn difference_is_inside(table: Table, difference: f64, z: f64) -> bool {
    let range = (0.0_f64.max(-difference), 1.0_f64.min(1.0 - difference));
    let other = likeliest(table, range, |other| other + difference);
    let all = f64::from(table.0.0) + f64::from(table.1.0);
    pearson(table, other + difference, other) * (all - 1.0) / all <= z * z
}

/// Pearson's chi-square of two groups against given rates.
fn pearson(((n1, k1), (n0, k0)): Table, rate1: f64, rate0: f64) -> f64 {
    [(n1, k1, rate1), (n0, k0, rate0)]
        .into_iter()
        .map(|(n, k, rate)| {
            let apart = f64::from(k) - f64::from(n) * rate;
            let variance = f64::from(n) * rate * (1.0 - rate);
            if apart.abs() < 1e-12 {
                0.0
            } else {
                apart * apart / variance
            }
        })
        .sum()
}

/// The rate of the others with the largest likelihood, by thirds.
fn likeliest(
    ((n1, k1), (n0, k0)): Table,
    (mut low, mut high): (f64, f64),
    of: impl Fn(f64) -> f64,
) -> f64 {
    let part = |count: u32, share: f64| {
        if count == 0 {
            0.0
        } else {
            f64::from(count) * share.max(0.0).ln()
        }
    };
    let likelihood = |other: f64| {
        let rate = of(other);
        part(k1, rate) + part(n1 - k1, 1.0 - rate) + part(k0, other) + part(n0 - k0, 1.0 - other)
    };
    for _ in 0..200 {
        let (left, right) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
        if likelihood(left) < likelihood(right) {
            low = left;
        } else {
            high = right;
        }
    }
    low.midpoint(high)
}

/// Where `holds` turns from true to false, by halving.
fn edge(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..100 {
        let middle = low.midpoint(high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low.midpoint(high)
}
