//! Probabilities as exact fractions.

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;

use super::Table;

/// `n` over `k`.
fn choose(n: u32, k: u32) -> BigInt {
    if k > n {
        return BigInt::from(0);
    }
    let product = (0..k).fold(BigUint::from(1_u8), |product, i| {
        product * (n - i) / (i + 1)
    });
    BigInt::from(product)
}

/// Ways to cover exactly `failing` of all failures.
fn ways((cases, failures): (u32, u32), (covered, failing): (u32, u32)) -> BigInt {
    choose(failures, failing) * choose(cases - failures, covered - failing)
}

/// Probability of exactly `failing` among `covered`, drawn from `cases` with `failures`.
pub fn hypergeometric_point(all: (u32, u32), pattern: (u32, u32)) -> BigRational {
    BigRational::new_raw(ways(all, pattern), choose(all.0, pattern.0))
}

/// Probability of at least `failing`.
pub fn hypergeometric_tail(all: (u32, u32), (covered, failing): (u32, u32)) -> BigRational {
    let counts = failing..=covered.min(all.1);
    let ways = counts.map(|count| ways(all, (covered, count))).sum();
    BigRational::new_raw(ways, choose(all.0, covered))
}

/// Probability of at least `failing` among `cases` that fail at the rate `hits / of` each.
pub fn binomial_tail(cases: u32, (hits, of): (u32, u32), failing: u32) -> BigRational {
    poisson_binomial_tail(&vec![(hits, of); cases.try_into().unwrap_or(0)], failing)
}

/// Probability of at least `failing` among cases that each fail at their own rate: coefficients of
/// the product of `(1 - p) + p z`.
pub fn poisson_binomial_tail(rates: &[(u32, u32)], failing: u32) -> BigRational {
    let counts = rates
        .iter()
        .map(|&(hits, of)| vec![fraction(of - hits, of), fraction(hits, of)]);
    tail_of_sum(counts, failing)
}

/// Probability that covered cases of all strata together fail at least as often as they did, with
/// all margins of every stratum fixed.
pub fn stratified_tail(strata: &[Table]) -> BigRational {
    let observed = strata.iter().map(|table| table.0.1).sum();
    let counts = strata
        .iter()
        .map(|&((covered, failing), (others, others_failing))| {
            let all = (covered + others, failing + others_failing);
            (0..=covered)
                .map(|count| {
                    if count <= all.1 && covered - count <= all.0 - all.1 {
                        hypergeometric_point(all, (covered, count))
                    } else {
                        fraction(0, 1)
                    }
                })
                .collect()
        });
    tail_of_sum(counts, observed)
}

/// Share of all ways to choose which `covered` clusters a pattern falls on that reach the excess of
/// the first `covered` ones. Each cluster is cases and failures.
pub fn cluster_tail(clusters: &[(u32, u32)], covered: u32) -> BigRational {
    let cases: i64 = clusters.iter().map(|cluster| i64::from(cluster.0)).sum();
    let failures: i64 = clusters.iter().map(|cluster| i64::from(cluster.1)).sum();
    let excess = |chosen: u32| -> i64 {
        let chosen = clusters
            .iter()
            .enumerate()
            .filter(|(idx, _)| chosen & (1 << idx) != 0);
        chosen
            .map(|(_, cluster)| cases * i64::from(cluster.1) - failures * i64::from(cluster.0))
            .sum()
    };
    let observed = excess((1 << covered) - 1);
    let ways = (0..1_u32 << clusters.len()).filter(|chosen| chosen.count_ones() == covered);
    let (mut reached, mut all) = (0, 0);
    for chosen in ways {
        all += 1;
        reached += u32::from(excess(chosen) >= observed);
    }
    fraction(reached, all)
}

/// Natural logarithm of a positive fraction, to about 15 digits.
pub fn ln(value: &BigRational) -> f64 {
    let bits = |part: &BigInt| i64::try_from(part.bits()).unwrap_or(0);
    let shift = 64 - (bits(value.numer()) - bits(value.denom()));
    let scaled = if shift >= 0 {
        (value.numer() << shift) / value.denom()
    } else {
        value.numer() / (value.denom() << -shift)
    };
    let digits = scaled.to_string().parse::<f64>().unwrap_or(f64::NAN);
    let shift = shift.to_string().parse::<f64>().unwrap_or(f64::NAN);
    digits.ln() - shift * std::f64::consts::LN_2
}

fn tail_of_sum(counts: impl Iterator<Item = Vec<BigRational>>, at_least: u32) -> BigRational {
    let mut total = vec![fraction(1, 1)];
    for count in counts {
        let mut next = vec![fraction(0, 1); total.len() + count.len() - 1];
        for (i, left) in total.iter().enumerate() {
            for (slot, right) in next.iter_mut().skip(i).zip(&count) {
                *slot += left * right;
            }
        }
        total = next;
    }
    sum(total
        .into_iter()
        .skip(at_least.try_into().unwrap_or(usize::MAX)))
}

fn sum(parts: impl Iterator<Item = BigRational>) -> BigRational {
    parts.fold(fraction(0, 1), |sum, part| sum + part)
}

pub(super) fn fraction(above: u32, below: u32) -> BigRational {
    BigRational::new(BigInt::from(above), BigInt::from(below))
}
