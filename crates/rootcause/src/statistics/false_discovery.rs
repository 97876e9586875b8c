//! The share of false discoveries among what is reported: q-values of Benjamini and Hochberg
//! (1995), and of Benjamini and Yekutieli (2001) for tests that depend on each other in any way.

use super::log_probability::LogProbability;
use super::real::real;

/// What is assumed about how the tests depend on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dependence {
    /// Independent or positively dependent: Benjamini and Hochberg.
    Positive,
    /// Any dependence: Benjamini and Yekutieli, larger by `1 + 1/2 + ... + 1/m`.
    Arbitrary,
}

/// Returns the q-value of each p-value, in the order given: the smallest false discovery rate at
/// which it would be reported.
///
/// `hypotheses` is the number of all hypotheses looked at. It may exceed the p-values given, when
/// only the smallest are; the q-values are then what they would be with all of them or larger. A
/// number below the p-values given counts as that.
pub fn q_values(
    p_values: &[LogProbability],
    hypotheses: u64,
    dependence: Dependence,
) -> Vec<LogProbability> {
    let given = u64::try_from(p_values.len()).unwrap_or(u64::MAX);
    let hypotheses = hypotheses.max(given);
    let ln_factor = libm::log(real(hypotheses))
        + match dependence {
            Dependence::Positive => 0.0,
            Dependence::Arbitrary => libm::log(harmonic(hypotheses)),
        };
    let mut order: Vec<(LogProbability, usize)> = p_values
        .iter()
        .copied()
        .enumerate()
        .map(|(idx, p)| (p, idx))
        .collect();
    order.sort_unstable();
    let mut q_values = vec![LogProbability::ONE; p_values.len()];
    let mut smallest = LogProbability::ONE;
    for ((p, idx), rank) in order.into_iter().rev().zip((1..=given).rev()) {
        let scaled = p.ln() + (ln_factor - libm::log(real(rank)));
        smallest = smallest.min(LogProbability::from_ln(scaled).unwrap_or(LogProbability::ONE));
        if let Some(q) = q_values.get_mut(idx) {
            *q = smallest;
        }
    }
    q_values
}

/// Returns `1 + 1/2 + ... + 1/n`; by its asymptotic series from 64 on, exact to rounding.
fn harmonic(n: u64) -> f64 {
    const SUMMED_MAX: u64 = 64;
    const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;
    if n <= SUMMED_MAX {
        return (1..=n).rev().fold(0.0, |sum, i| sum + 1.0 / real(i));
    }
    let inverse = 1.0 / real(n);
    let square = inverse * inverse;
    let series = square * (1.0 / 12.0 - square * (1.0 / 120.0 - square / 252.0));
    libm::log(real(n)) + EULER_GAMMA + (0.5 * inverse - series)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(p: &[f64], hypotheses: u64, dependence: Dependence, q: &[f64]) {
        let p: Vec<LogProbability> = p
            .iter()
            .map(|&p| LogProbability::from_probability(p).unwrap())
            .collect();
        let found = q_values(&p, hypotheses, dependence);
        assert_eq!(found.len(), q.len());
        for (found, expected) in found.iter().zip(q) {
            assert!(
                (found.probability() - expected).abs() < 1e-15,
                "{found:?} {expected}"
            );
        }
    }

    #[test]
    fn q_values_follow_their_definition() {
        use Dependence::{Arbitrary, Positive};
        check(&[], 0, Positive, &[]);
        check(&[0.03], 1, Positive, &[0.03]);
        check(
            &[0.01, 0.02, 0.03, 0.04],
            4,
            Positive,
            &[0.04, 0.04, 0.04, 0.04],
        );
        check(
            &[0.04, 0.01, 0.9, 0.01],
            4,
            Positive,
            &[0.16 / 3.0, 0.02, 0.9, 0.02],
        );
        check(&[0.01, 0.02], 10, Positive, &[0.1, 0.1]);
        check(&[0.01, 0.02], 0, Positive, &[0.02, 0.02]);
        check(&[0.01, 0.02], 2, Arbitrary, &[0.03, 0.03]);
        check(&[0.5, 0.6], 2, Arbitrary, &[0.9, 0.9]);
    }

    #[test]
    fn the_harmonic_sum_meets_its_series() {
        let mut sum = 0.0;
        for n in 1..1_000 {
            sum += 1.0 / real(n);
            assert!((harmonic(n) - sum).abs() < 1e-14, "{n}");
        }
    }
}
