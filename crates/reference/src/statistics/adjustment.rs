//! Adjustment and change, as the papers print them.

use num_rational::BigRational;

use super::Table;
use super::exact::fraction;

/// Mantel and Haenszel's risk ratio as an exact fraction; `None` when it divides by zero.
pub fn mantel_haenszel(strata: &[Table]) -> Option<BigRational> {
    let zero = fraction(0, 1);
    let (mut top, mut bottom) = (zero.clone(), zero.clone());
    for &((n1, a), (n0, b)) in strata {
        if n1 > 0 && n0 > 0 {
            top += fraction(a * n0, n1 + n0);
            bottom += fraction(b * n1, n1 + n0);
        }
    }
    (bottom != zero).then(|| top / bottom)
}

/// Variance of its logarithm, Greenland and Robins (1985), equation 13.
#[expect(clippy::many_single_char_names, reason = "the letters of the paper")]
pub fn greenland_robins(strata: &[Table]) -> f64 {
    let (mut above, mut r, mut s) = (0.0, 0.0, 0.0);
    for &((n1, a), (n0, b)) in strata {
        let [n1, a, n0, b] = [n1, a, n0, b].map(f64::from);
        let n = n1 + n0;
        above += (n1 * n0 * (a + b) - a * b * n) / (n * n);
        r += a * n0 / n;
        s += b * n1 / n;
    }
    above / (r * s)
}

/// Failures saved at the ratio of Mantel and Haenszel, and their variance by the delta method with
/// the failures and the ratio both by chance: the two are added up from what each stratum's covered
/// failures and its others' failures do to them.
#[expect(clippy::many_single_char_names, reason = "the letters of the paper")]
pub fn savings(strata: &[Table]) -> (f64, f64) {
    let (mut k, mut r, mut s) = (0.0, 0.0, 0.0);
    for &((n1, a), (n0, b)) in strata {
        let [n1, a, n0, b] = [n1, a, n0, b].map(f64::from);
        k += a;
        r += a * n0 / (n1 + n0);
        s += b * n1 / (n1 + n0);
    }
    let ratio = r / s;
    let (mut of_failures, mut of_both) = (0.0, 0.0);
    for &((n1, a), (n0, b)) in strata {
        let [n1, a, n0, b] = [n1, a, n0, b].map(f64::from);
        let variance = a - ratio * a * b / n0;
        of_failures += variance;
        of_both += n0 / (n1 + n0) * variance / r;
    }
    let share = 1.0 - s / r;
    let at_the_others_rate = k / ratio;
    let variance = share.powi(2) * of_failures
        + at_the_others_rate.powi(2) * greenland_robins(strata)
        + 2.0 * share * at_the_others_rate * of_both;
    (k * share, variance)
}

/// The statistic of Breslow and Day (1980) with the correction of Tarone (1985); expected counts by
/// halving.
#[expect(clippy::many_single_char_names, reason = "the letters of the paper")]
pub fn breslow_day(strata: &[Table]) -> f64 {
    let (mut r, mut s) = (0.0, 0.0);
    for &((n1, a), (n0, b)) in strata {
        let [n1, a, n0, b] = [n1, a, n0, b].map(f64::from);
        r += a * (n0 - b) / (n1 + n0);
        s += b * (n1 - a) / (n1 + n0);
    }
    let odds = r / s;
    let (mut squares, mut apart, mut spread) = (0.0, 0.0, 0.0);
    for &((n1, a), (n0, b)) in strata {
        let [n1, a, n0, b] = [n1, a, n0, b].map(f64::from);
        let t = a + b;
        let (mut low, mut high) = ((t - n0).max(0.0), t.min(n1));
        for _ in 0..200 {
            let x = low.midpoint(high);
            if x * (n0 - t + x) < odds * (t - x) * (n1 - x) {
                low = x;
            } else {
                high = x;
            }
        }
        let x = low.midpoint(high);
        let variance = (1.0 / x + 1.0 / (t - x) + 1.0 / (n1 - x) + 1.0 / (n0 - t + x)).recip();
        squares += (a - x).powi(2) / variance;
        apart += a - x;
        spread += variance;
    }
    squares - apart * apart / spread
}

/// The tail of chi-square: from two degrees, or from one, whose tail is that of the normal
/// distribution, by its recursion in steps of two.
pub fn chi_square_tail(value: f64, degrees: u32) -> f64 {
    let half = value / 2.0;
    let (mut tail, mut term, mut at) = if degrees.is_multiple_of(2) {
        ((-half).exp(), half * (-half).exp(), 2)
    } else {
        let first = 2.0 * (half / std::f64::consts::PI).sqrt() * (-half).exp();
        (two_sided_normal(value.sqrt()), first, 1)
    };
    while at < degrees {
        tail += term;
        at += 2;
        term *= half / (f64::from(at) / 2.0);
    }
    tail
}

/// Probability that a normal deviate exceeds `z` on either side.
fn two_sided_normal(z: f64) -> f64 {
    const STEPS: u32 = 20_000;
    let (from, to) = (z, z + 14.0);
    let width = (to - from) / f64::from(STEPS);
    let density = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let sum: f64 = (0..=STEPS)
        .map(|i| {
            let weight = if i == 0 || i == STEPS {
                1.0
            } else {
                2.0 + 2.0 * f64::from(i % 2)
            };
            weight * density(from + f64::from(i) * width)
        })
        .sum();
    2.0 * sum * width / 3.0
}

/// Rate and mix effect of each group (Kitagawa 1955), exactly. Each group is cases and failures
/// before, then after; both windows have cases.
pub fn rate_and_mix(groups: &[Table]) -> Vec<(BigRational, BigRational)> {
    let before = groups.iter().map(|group| group.0.0).sum();
    let after = groups.iter().map(|group| group.1.0).sum();
    let two = fraction(2, 1);
    groups
        .iter()
        .filter(|((c0, _), (c1, _))| c0 + c1 > 0)
        .map(|&((c0, f0), (c1, f1))| {
            let (s0, s1) = (fraction(c0, before), fraction(c1, after));
            let r0 = if c0 == 0 {
                fraction(f1, c1)
            } else {
                fraction(f0, c0)
            };
            let r1 = if c1 == 0 {
                fraction(f0, c0)
            } else {
                fraction(f1, c1)
            };
            (
                (&r1 - &r0) * (&s0 + &s1) / &two,
                (&s1 - &s0) * (&r0 + &r1) / &two,
            )
        })
        .collect()
}

/// Failures that removing causes saves, case by case: each cell is a number of cases and which
/// causes hold; `powers` the chance each cause adds.
pub fn joint_savings(
    cells: &[(u32, Vec<bool>)],
    (base, powers): (f64, &[f64]),
    removed: &[bool],
) -> f64 {
    let risk = |held: &[bool], without: &[bool]| {
        let safe: f64 = held
            .iter()
            .zip(without)
            .zip(powers)
            .filter(|((held, without), _)| **held && !**without)
            .map(|(_, power)| 1.0 - power)
            .product();
        1.0 - (1.0 - base) * safe
    };
    let none = vec![false; removed.len()];
    cells
        .iter()
        .map(|(cases, held)| f64::from(*cases) * (risk(held, &none) - risk(held, removed)))
        .sum()
}
