//! Tails of the binomial distribution: how likely are this many failures among independent cases
//! of a known rate.

use super::hypergeometric::TABLE_CASES_MAX;
use super::log_factorials::{Deviation, stirling_rest};
use super::log_probability::LogProbability;
use super::real::{TAU, difference, product, real, real_wide};
use super::series::{ratio, tail_in_first_terms};

/// Returns ln of the probability of `failing` of `cases`, at most all of them, at a risk between 0
/// and 1.
pub(super) fn ln_binomial_point(cases: u64, failing: u64, risk: f64) -> f64 {
    let fine = cases.saturating_sub(failing);
    if cases == 0 {
        return 0.0;
    }
    let expected = real(cases) * risk;
    let apart = real(failing) - expected;
    let failing_part = Deviation {
        observed: real(failing),
        expected,
        difference: apart,
    };
    let fine_part = Deviation {
        observed: real(fine),
        expected: real(cases) * (1.0 - risk),
        difference: -apart,
    };
    let mut scale = TAU * real(cases);
    for count in [failing, fine].into_iter().filter(|count| *count > 0) {
        scale /= TAU * real(count);
    }
    let rest = stirling_rest(cases) - stirling_rest(failing) - stirling_rest(fine);
    0.5 * libm::log(scale) + rest - (failing_part.deviance() + fine_part.deviance())
}

/// Independent cases that each fail at the rate `hits / of`, a ratio of two counts so that nothing
/// is rounded before it is used.
///
/// The error of every logarithm returned is bounded as for
/// [`Hypergeometric`](super::Hypergeometric).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binomial {
    cases: u64,
    hits: u64,
    misses: u64,
}

impl Binomial {
    /// Returns the distribution of failures among `cases` at the rate `hits / of`, or `None` unless
    /// `0 < hits < of` and both counts are at most [`TABLE_CASES_MAX`].
    pub fn new(cases: u64, hits: u64, of: u64) -> Option<Self> {
        let misses = of.checked_sub(hits)?;
        let fits = cases <= TABLE_CASES_MAX && of <= TABLE_CASES_MAX;
        (fits && hits > 0 && misses > 0).then_some(Self {
            cases,
            hits,
            misses,
        })
    }

    /// Returns the probability of exactly `failing` failures, or `None` for more than all cases.
    pub fn point(&self, failing: u64) -> Option<LogProbability> {
        let fine = self.cases.checked_sub(failing)?;
        if self.cases == 0 {
            return Some(LogProbability::ONE);
        }
        let mut scale = TAU * real(self.cases);
        let mut rest = stirling_rest(self.cases);
        let mut deviance = 0.0;
        for (count, share) in [(failing, self.hits), (fine, self.misses)] {
            rest -= stirling_rest(count);
            deviance += self.deviation(count, share).deviance();
            if count > 0 {
                scale /= TAU * real(count);
            }
        }
        LogProbability::from_ln(0.5 * libm::log(scale) + rest - deviance)
    }

    /// Returns the probability of at least `failing` failures, or `None` for more than all cases.
    pub fn upper_tail(&self, failing: u64) -> Option<LogProbability> {
        let fine = self.cases.checked_sub(failing)?;
        if failing > self.mode() {
            return self.sum(failing, [(failing, self.misses), (fine, self.hits)]);
        }
        match failing.checked_sub(1) {
            Some(below) => self.lower_tail(below)?.complement(),
            None => Some(LogProbability::ONE),
        }
    }

    /// Returns the probability of at most `failing` failures, or `None` for more than all cases.
    pub fn lower_tail(&self, failing: u64) -> Option<LogProbability> {
        let fine = self.cases.checked_sub(failing)?;
        if failing <= self.mode() {
            return self.sum(failing, [(fine, self.hits), (failing, self.misses)]);
        }
        if fine == 0 {
            return Some(LogProbability::ONE);
        }
        self.upper_tail(failing + 1)?.complement()
    }

    /// The most likely count: `floor((n + 1) hits / of)`.
    fn mode(&self) -> u64 {
        let wide = product(self.cases + 1, self.hits) / u128::from(self.hits + self.misses);
        u64::try_from(wide).unwrap_or(u64::MAX)
    }

    fn deviation(&self, count: u64, share: u64) -> Deviation {
        let of = self.hits + self.misses;
        Deviation {
            observed: real(count),
            expected: real_wide(product(self.cases, share)) / real(of),
            difference: difference(product(count, of), product(self.cases, share)) / real(of),
        }
    }

    /// Sums from `failing` on; each step moves one case from the second count to the first. Beside
    /// a count stands what a case loses by moving there or gains by leaving.
    fn sum(&self, failing: u64, [here, there]: [(u64, u64); 2]) -> Option<LogProbability> {
        let sum = tail_in_first_terms(|step| match there.0.checked_sub(step - 1) {
            Some(left) => ratio((left, there.1), (here.0 + step, here.1)),
            None => 0.0,
        });
        LogProbability::from_ln(self.point(failing)?.ln() + libm::log(sum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_cases_have_their_textbook_values() {
        for ((cases, hits, of), failing, point, upper) in [
            ((10, 1, 2), 5, 252.0 / 1024.0, 638.0 / 1024.0),
            ((10, 1, 2), 10, 1.0 / 1024.0, 1.0 / 1024.0),
            ((3, 1, 3), 2, 6.0 / 27.0, 7.0 / 27.0),
            ((3, 2, 3), 0, 1.0 / 27.0, 1.0),
            ((0, 2, 3), 0, 1.0, 1.0),
            ((1, 1, 2), 1, 0.5, 0.5),
        ] {
            let binomial = Binomial::new(cases, hits, of).unwrap();
            let found = binomial.point(failing).unwrap().probability();
            assert!((found - point).abs() < 1e-15, "{found} {point}");
            let found = binomial.upper_tail(failing).unwrap().probability();
            assert!((found - upper).abs() < 1e-15, "{found} {upper}");
        }
    }

    #[test]
    fn the_two_tails_overlap_in_one_point() {
        for (hits, of) in [(1, 2), (1, 100), (97, 100)] {
            let binomial = Binomial::new(60, hits, of).unwrap();
            for failing in 0..=60 {
                let both = binomial.upper_tail(failing).unwrap().probability()
                    + binomial.lower_tail(failing).unwrap().probability();
                let point = binomial.point(failing).unwrap().probability();
                assert!(
                    (both - point - 1.0).abs() < 1e-14,
                    "{failing} of {hits}/{of}"
                );
            }
        }
    }

    #[test]
    fn what_cannot_occur_is_refused() {
        for (cases, hits, of) in [(5, 0, 3), (5, 3, 3), (5, 4, 3), (u64::MAX, 1, 2)] {
            assert_eq!(Binomial::new(cases, hits, of), None);
        }
        let binomial = Binomial::new(5, 1, 3).unwrap();
        assert_eq!(binomial.upper_tail(6), None);
        assert_eq!(binomial.lower_tail(6), None);
    }
}
