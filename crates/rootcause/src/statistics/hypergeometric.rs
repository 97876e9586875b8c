//! The exact test of Baton: how likely is it that covered cases fail at least this often, if
//! failures had nothing to do with them (Fisher's exact test, one-sided; Fisher 1935).

use super::log_factorials::{Deviation, stirling_rest};
use super::log_probability::LogProbability;
use super::real::{TAU, difference, product, real, real_wide};
use super::series::{ratio, tail_in_first_terms};

/// The most cases a table may have: products of two counts and of four floats stay in range.
pub const TABLE_CASES_MAX: u64 = 1 << 40;

/// All cases and the failures among them: the margins every pattern of one table shares.
///
/// A pattern covers `covered` cases, `failing` of them failures. The error of every logarithm
/// returned is at most `2^-49 (4 + |ln p|) + 2^-51 t` with `t` the terms summed, which is under
/// 20 standard deviations of the count; in tables of up to 10^8 cases and for `p > 10^-300` that is a
/// relative error of `p` below 10^-10, and below 10^-12 for the usual 10^5 cases.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hypergeometric {
    cases: u64,
    failures: u64,
    /// Stirling rests of `failures! (cases - failures)! / cases!`.
    margin_rest: f64,
}

/// The four cells of a two by two table.
#[derive(Debug, Clone, Copy)]
struct Cells {
    covered_failing: u64,
    covered_fine: u64,
    other_failing: u64,
    other_fine: u64,
}

impl Hypergeometric {
    /// Returns the test for tables of `cases` with `failures`, or `None` when there are more
    /// failures than cases or more cases than [`TABLE_CASES_MAX`].
    pub fn new(cases: u64, failures: u64) -> Option<Self> {
        let fine = cases.checked_sub(failures)?;
        (cases <= TABLE_CASES_MAX).then(|| Self {
            cases,
            failures,
            margin_rest: stirling_rest(failures) + stirling_rest(fine) - stirling_rest(cases),
        })
    }

    /// Returns the number of cases (n).
    pub fn cases(&self) -> u64 {
        self.cases
    }

    /// Returns the number of failures (k).
    pub fn failures(&self) -> u64 {
        self.failures
    }

    /// Returns the probability of exactly `failing` failures among `covered` cases,
    /// `C(k, K) C(n - k, N - K) / C(n, N)`, or `None` when that cannot occur.
    pub fn point(&self, covered: u64, failing: u64) -> Option<LogProbability> {
        let cells = self.cells(covered, failing)?;
        self.point_of(cells)
    }

    /// Returns the probability of at least `failing` failures among `covered` cases, or `None`
    /// when exactly `failing` cannot occur.
    ///
    /// Sums upward from `failing` above the mode, else downward from below it and takes the
    /// complement, so neither cancels.
    pub fn upper_tail(&self, covered: u64, failing: u64) -> Option<LogProbability> {
        let cells = self.cells(covered, failing)?;
        if failing == covered.min(self.failures) {
            return self.point_of(cells);
        }
        if failing > self.mode(covered) {
            return self.sum_up(cells);
        }
        match self.cells(covered, failing.wrapping_sub(1)) {
            Some(below) if failing > 0 => self.sum_down(below)?.complement(),
            _ => Some(LogProbability::ONE),
        }
    }

    /// Returns the probability of at most `failing` failures among `covered` cases, or `None` when
    /// exactly `failing` cannot occur.
    pub fn lower_tail(&self, covered: u64, failing: u64) -> Option<LogProbability> {
        let cells = self.cells(covered, failing)?;
        if failing <= self.mode(covered) {
            return self.sum_down(cells);
        }
        match self.cells(covered, failing + 1) {
            Some(above) => self.sum_up(above)?.complement(),
            None => Some(LogProbability::ONE),
        }
    }

    /// Returns the probability of a count at least this far out on either side, twice the smaller
    /// tail, or `None` when exactly `failing` cannot occur (Fisher's test in its central form;
    /// Hirji 2006, section 7.3).
    pub fn two_sided(&self, covered: u64, failing: u64) -> Option<LogProbability> {
        self.upper_tail(covered, failing)?
            .min(self.lower_tail(covered, failing)?)
            .times(2.0)
    }

    /// Returns the smallest [`upper_tail`](Self::upper_tail) any pattern of `covered` cases can
    /// reach, or `None` for more than all cases (Tarone 1990).
    ///
    /// With at most as many cases as failures every one fails, `C(k, N) / C(n, N)`; with more,
    /// every failure is covered, `C(N, k) / C(n, k)`.
    pub fn least_upper_tail(&self, covered: u64) -> Option<LogProbability> {
        self.point(covered, covered.min(self.failures))
    }

    /// Returns the smallest upper tail any refinement of a pattern with `failing` failures can
    /// reach, `C(k, K) / C(n, K)`: all its failures and nothing else (Terada et al. 2013).
    ///
    /// It falls as `failing` grows, so it bounds a whole branch of a search.
    pub fn refinement_bound(&self, failing: u64) -> Option<LogProbability> {
        self.point(failing, failing)
    }

    fn cells(&self, covered: u64, failing: u64) -> Option<Cells> {
        let covered_fine = covered.checked_sub(failing)?;
        let other_failing = self.failures.checked_sub(failing)?;
        let fine = self.cases - self.failures;
        Some(Cells {
            covered_failing: failing,
            covered_fine,
            other_failing,
            other_fine: fine.checked_sub(covered_fine)?,
        })
    }

    /// The most likely count: `floor((N + 1)(k + 1) / (n + 2))`.
    fn mode(&self, covered: u64) -> u64 {
        let wide = product(covered + 1, self.failures + 1) / u128::from(self.cases + 2);
        u64::try_from(wide).unwrap_or(u64::MAX)
    }

    fn point_of(&self, cells: Cells) -> Option<LogProbability> {
        let covered = cells.covered_failing + cells.covered_fine;
        let other = self.cases - covered;
        let fine = self.cases - self.failures;
        if covered == 0 || other == 0 || self.failures == 0 || fine == 0 {
            return Some(LogProbability::ONE);
        }
        let margins = [
            (covered, self.failures),
            (covered, fine),
            (other, self.failures),
            (other, fine),
        ];
        let counts = [
            cells.covered_failing,
            cells.covered_fine,
            cells.other_failing,
            cells.other_fine,
        ];
        let mut rest = self.margin_rest + stirling_rest(covered) + stirling_rest(other);
        let mut deviance = 0.0;
        let mut scale =
            real(covered) * real(other) * real(self.failures) * real(fine) / real(self.cases);
        let mut taus = 3_i32;
        for (count, (row, column)) in counts.into_iter().zip(margins) {
            rest -= stirling_rest(count);
            deviance += self.deviation(count, product(row, column)).deviance();
            if count > 0 {
                scale /= real(count);
                taus -= 1;
            }
        }
        while taus != 0 {
            let step = taus.signum();
            scale *= if step > 0 { TAU } else { 1.0 / TAU };
            taus -= step;
        }
        LogProbability::from_ln(0.5 * libm::log(scale) + rest - deviance)
    }

    fn deviation(&self, count: u64, margins: u128) -> Deviation {
        let cases = real(self.cases);
        Deviation {
            observed: real(count),
            expected: real_wide(margins) / cases,
            difference: difference(product(count, self.cases), margins) / cases,
        }
    }

    fn sum_up(&self, from: Cells) -> Option<LogProbability> {
        let sum = tail_in_first_terms(|step| {
            let (Some(failing), Some(fine)) = (
                from.other_failing.checked_sub(step - 1),
                from.covered_fine.checked_sub(step - 1),
            ) else {
                return 0.0;
            };
            ratio(
                (failing, fine),
                (from.covered_failing + step, from.other_fine + step),
            )
        });
        LogProbability::from_ln(self.point_of(from)?.ln() + libm::log(sum))
    }

    fn sum_down(&self, from: Cells) -> Option<LogProbability> {
        let sum = tail_in_first_terms(|step| {
            let (Some(failing), Some(fine)) = (
                from.covered_failing.checked_sub(step - 1),
                from.other_fine.checked_sub(step - 1),
            ) else {
                return 0.0;
            };
            ratio(
                (failing, fine),
                (from.other_failing + step, from.covered_fine + step),
            )
        });
        LogProbability::from_ln(self.point_of(from)?.ln() + libm::log(sum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(table: (u64, u64), pattern: (u64, u64), expected: f64) {
        let p = Hypergeometric::new(table.0, table.1)
            .and_then(|test| test.upper_tail(pattern.0, pattern.1))
            .map_or(f64::NAN, LogProbability::probability);
        assert!(
            (p - expected).abs() <= 1e-14 * expected,
            "{table:?} {pattern:?}: {p}"
        );
    }

    #[test]
    fn small_tables_have_their_textbook_values() {
        check((8, 4), (4, 3), 17.0 / 70.0);
        check((8, 4), (4, 4), 1.0 / 70.0);
        check((8, 4), (4, 0), 1.0);
        check((8, 4), (4, 1), 69.0 / 70.0);
        check((10, 2), (5, 2), 2.0 / 9.0);
        check((10, 0), (5, 0), 1.0);
        check((10, 10), (5, 5), 1.0);
        check((10, 3), (10, 3), 1.0);
        check((0, 0), (0, 0), 1.0);
        // Every other case fails, so at least two of the covered ones do.
        check((10, 8), (4, 2), 1.0);
    }

    #[test]
    fn what_cannot_occur_is_refused() {
        assert_eq!(Hypergeometric::new(3, 4), None);
        assert_eq!(Hypergeometric::new(TABLE_CASES_MAX + 1, 4), None);
        let test = Hypergeometric::new(10, 8).unwrap();
        for (covered, failing) in [(4, 5), (4, 1), (9, 9), (11, 8), (u64::MAX, 3)] {
            assert_eq!(test.point(covered, failing), None);
            assert_eq!(test.upper_tail(covered, failing), None);
            assert_eq!(test.lower_tail(covered, failing), None);
        }
        assert_eq!(test.least_upper_tail(11), None);
        assert_eq!(test.refinement_bound(9), None);
    }

    #[test]
    fn the_least_tail_is_reached_and_never_beaten() {
        let test = Hypergeometric::new(40, 9).unwrap();
        for covered in 0..=40 {
            let least = test.least_upper_tail(covered).unwrap();
            let tails = (0..=9).filter_map(|failing| test.upper_tail(covered, failing));
            assert_eq!(tails.min(), Some(least), "{covered}");
        }
        for failing in 0..9 {
            assert!(test.refinement_bound(failing + 1) < test.refinement_bound(failing));
        }
    }

    #[test]
    fn tails_of_a_hundred_million_cases_are_finite_and_fast() {
        let test = Hypergeometric::new(100_000_000, 50_000_000).unwrap();
        let middle = test.upper_tail(50_000_000, 25_000_000).unwrap();
        let above = test.upper_tail(50_000_000, 25_000_001).unwrap();
        // Symmetric, so the tails from the middle overlap in one point.
        let sum = middle.probability() + above.probability();
        assert!((sum - 1.0).abs() < 1e-11, "{sum}");
        let certain = test.least_upper_tail(50_000_000).unwrap();
        assert!(certain.ln() < -6.9e7);
    }
}
