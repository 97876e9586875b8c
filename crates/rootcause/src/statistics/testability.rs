//! How small a p-value must be when many patterns are looked at: the cut of Tarone and LAMP, which
//! does not count patterns that could never have been significant.

use super::log_probability::LogProbability;
use super::real::real;

/// How far below a hypothesis that is not counted the cut stays, as a difference of logarithms;
/// far above rounding and far below anything that matters.
const BELOW: f64 = 1e-9;

/// Hypotheses that share the smallest p-value they could reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Testable {
    /// The smallest p-value one of them could reach.
    pub least: LogProbability,
    /// How many there are.
    pub hypotheses: u64,
}

/// The level each hypothesis is tested at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// A hypothesis is significant when its p-value is at most this.
    pub level: LogProbability,
    /// Hypotheses that could reach it: the number corrected for.
    pub testable: u64,
    /// All hypotheses looked at, for comparison: Bonferroni would divide by this.
    pub hypotheses: u64,
}

/// Returns the largest level `d` with `d * |{h : least(h) <= d}| <= alpha`, so that the chance of
/// any false discovery is at most `alpha`; `None` unless `0 < alpha < 1`.
///
/// Tarone (1990), "A modified Bonferroni method for discrete data"; Terada et al. (2013),
/// "Statistical significance of combinatorial regulations". The order of `groups` does not matter, and several may
/// share a value. Without hypotheses the level is `alpha`.
pub fn tarone_cut(groups: &[Testable], alpha: f64) -> Option<Cut> {
    if !(alpha > 0.0 && alpha < 1.0) {
        return None;
    }
    let mut sorted: Vec<Testable> = groups
        .iter()
        .copied()
        .filter(|group| group.hypotheses > 0)
        .collect();
    sorted.sort_by_key(|group| group.least);
    let hypotheses = sum(&sorted);
    let ln_alpha = libm::log(alpha);
    let mut best = Cut {
        level: LogProbability::from_ln(ln_alpha)?,
        testable: 0,
        hypotheses,
    };
    let mut testable = 0_u64;
    let mut rest = sorted.into_iter().peekable();
    if rest.peek().is_none_or(|first| first.least > best.level) {
        return Some(best);
    }
    while let Some(group) = rest.next() {
        testable = testable.saturating_add(group.hypotheses);
        let ceiling = match rest.peek() {
            Some(next) if next.least == group.least => continue,
            Some(next) => next.least.ln() - BELOW,
            None => 0.0,
        };
        let level = ln_alpha - libm::log(real(testable));
        if level < group.least.ln() {
            break;
        }
        best.level = LogProbability::from_ln(level.min(ceiling))?;
        best.testable = testable;
    }
    if best.testable == 0 {
        // Even the first group is too large to be tested: Bonferroni over it rejects nothing.
        best.testable = testable;
        best.level = LogProbability::from_ln(ln_alpha - libm::log(real(testable)))?;
    }
    Some(best)
}

fn sum(groups: &[Testable]) -> u64 {
    groups
        .iter()
        .fold(0, |sum, group| sum.saturating_add(group.hypotheses))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(groups: &[(f64, u64)], alpha: f64, level: f64, testable: u64) {
        let groups: Vec<Testable> = groups
            .iter()
            .map(|&(least, hypotheses)| Testable {
                least: LogProbability::from_probability(least).unwrap(),
                hypotheses,
            })
            .collect();
        let cut = tarone_cut(&groups, alpha).unwrap();
        let found = cut.level.probability();
        assert!((found - level).abs() < 1e-8 * level, "{groups:?}: {found}");
        assert_eq!(cut.testable, testable, "{groups:?}");
    }

    #[test]
    fn hypotheses_that_can_never_be_significant_are_not_counted() {
        check(&[], 0.05, 0.05, 0);
        check(&[(0.2, 1_000)], 0.05, 0.05, 0);
        check(&[(1e-9, 1)], 0.05, 0.05, 1);
        check(&[(1e-9, 5), (0.02, 1_000)], 0.05, 0.01, 5);
        check(&[(0.02, 1_000), (1e-9, 3), (1e-9, 2)], 0.05, 0.01, 5);
        check(&[(1e-9, 5), (0.009, 1)], 0.05, 0.009, 5);
        check(&[(1e-9, 5), (0.008, 1)], 0.05, 0.05 / 6.0, 6);
        check(&[(1e-9, 5), (0.008, 1), (0.2, 10)], 0.05, 0.05 / 6.0, 6);
        check(&[(1e-3, 100)], 0.05, 5e-4, 100);
    }

    #[test]
    fn the_level_keeps_its_promise_and_no_larger_one_does() {
        let alpha = 0.05;
        for seed in 1..200_u64 {
            let groups: Vec<Testable> = (1..8)
                .map(|idx| {
                    let hash = seed
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .rotate_left(idx * 7);
                    Testable {
                        least: LogProbability::from_ln(-real(hash % 1_000) / 100.0).unwrap(),
                        hypotheses: hash % 29,
                    }
                })
                .collect();
            let cut = tarone_cut(&groups, alpha).unwrap();
            let counted = |level: LogProbability| {
                groups
                    .iter()
                    .filter(|g| g.least <= level)
                    .map(|g| g.hypotheses)
                    .sum::<u64>()
            };
            let promise = |level: LogProbability| real(counted(level)) * level.probability();
            let useful = counted(cut.level) > 0;
            assert!(
                promise(cut.level) <= alpha * (1.0 + 1e-12),
                "{groups:?} {cut:?}"
            );
            for larger in [1e-6, 0.01, 0.1, 1.0, 3.0] {
                let level = LogProbability::from_ln(cut.level.ln() + larger).unwrap();
                let wider = counted(level) > counted(cut.level);
                let keeps = promise(level) <= alpha * (1.0 - 1e-9);
                assert!(!(useful && keeps && wider), "{groups:?} {cut:?} {larger}");
            }
        }
        assert_eq!(tarone_cut(&[], 0.0), None);
        assert_eq!(tarone_cut(&[], f64::NAN), None);
    }
}
