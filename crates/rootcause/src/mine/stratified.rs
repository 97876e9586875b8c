//! The exact test of a cause given the causes before it: within each cell of cases that the same
//! earlier causes cover, the failures are dealt out at random; the sum over the cells is compared
//! with what was observed (the exact conditional test of Mantel and Haenszel 1959, Agresti 1992).
//!
//! With one cell it is the hypergeometric test. A pattern that is a union of cells has nothing left
//! to show, so what is already explained can never come back under another name.

use crate::statistics::{FourfoldTable, LogProbability, real, stratified_upper_tail};

/// One cell: cases and failures, how many of them the pattern covers, and the failures it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stratum {
    /// Cases of the cell (n).
    pub(crate) cases: u64,
    /// Failures of the cell (k).
    pub(crate) failures: u64,
    /// Cases of the cell the pattern covers (N).
    pub(crate) covered: u64,
    /// Failures among them (K).
    pub(crate) failing: u64,
}

impl Stratum {
    /// Expected covered failures when nothing but chance deals them out.
    fn expected(self) -> f64 {
        real(self.covered) * real(self.failures) / real(self.cases.max(1))
    }

    /// Failures above the rate of the other cases of the cell; 0 where there are none.
    fn excess(self) -> f64 {
        let others = self.cases - self.covered;
        if others == 0 {
            return 0.0;
        }
        let rate = real(self.failures - self.failing) / real(others);
        real(self.failing) - real(self.covered) * rate
    }

    fn is_informative(self) -> bool {
        self.covered > 0
            && self.covered < self.cases
            && self.failures > 0
            && self.failures < self.cases
    }

    /// Covered failures expected when the odds of failing are `odds` times those of the others.
    fn expected_at(self, odds: f64) -> f64 {
        let (covered, failures) = (real(self.covered), real(self.failures));
        let least = real(self.cases) - failures - covered;
        let linear = least + odds * (failures + covered);
        let root = (linear * linear + 4.0 * (1.0 - odds) * odds * covered * failures).max(0.0);
        2.0 * odds * covered * failures / (linear + root.sqrt())
    }

    /// How fast the expected covered failures grow with the logarithm of the odds, where `failing`
    /// are expected.
    fn variance(self, failing: f64) -> f64 {
        let (covered, failures) = (real(self.covered), real(self.failures));
        let others_fine = real(self.cases) - covered - failures + failing;
        let cells = [failing, covered - failing, failures - failing, others_fine];
        let inverse: f64 = cells.iter().map(|cell| 1.0 / cell.max(1e-12)).sum();
        1.0 / inverse
    }

    /// Deviance of `failing` covered failures from chance: the sum of o ln(o / e) over four cells.
    fn deviance(self, failing: f64) -> f64 {
        let (cases, failures) = (real(self.cases), real(self.failures));
        let covered = real(self.covered);
        let term = |observed: f64, row: f64, column: f64| {
            if observed > 0.0 {
                observed * libm::log(observed * cases / (row * column))
            } else {
                0.0
            }
        };
        let (others, fine) = (cases - covered, cases - failures);
        term(failing, covered, failures)
            + term(covered - failing, covered, fine)
            + term(failures - failing, others, failures)
            + term(fine - covered + failing, others, fine)
    }
}

/// How much a pattern shows within the cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Evidence {
    /// Failures above the rate of the other cases of each cell.
    pub(crate) excess: f64,
    /// Half the deviance of a common odds ratio: about `-ln p`, for ranking.
    pub(crate) deviance: f64,
}

/// Largest odds ratio looked at, as a logarithm.
const LN_ODDS_MAX: f64 = 25.0;
/// Newton steps towards the odds ratio, and how near is near enough.
const STEPS_MAX: u32 = 60;
const NEAR: f64 = 1e-9;

/// Returns what the strata show; no deviance when the failures are not above chance.
pub(crate) fn evidence(strata: &[Stratum]) -> Evidence {
    let excess = strata.iter().map(|stratum| stratum.excess()).sum();
    let informative: Vec<Stratum> = strata
        .iter()
        .copied()
        .filter(|stratum| stratum.is_informative())
        .collect();
    let deviance = match (informative.as_slice(), common_ln_odds(&informative)) {
        (_, None) => 0.0,
        ([one], Some(_)) => one.deviance(real(one.failing)),
        (many, Some(ln_odds)) => {
            let odds = libm::exp(ln_odds);
            let deviances = many
                .iter()
                .map(|stratum| stratum.deviance(stratum.expected_at(odds)));
            deviances.sum()
        }
    };
    Evidence { excess, deviance }
}

/// The odds ratio at which the observed sum is expected, when it is above one: Newton's method
/// from that of Mantel and Haenszel, kept within what is known of it.
fn common_ln_odds(informative: &[Stratum]) -> Option<f64> {
    let observed: f64 = informative
        .iter()
        .map(|stratum| real(stratum.failing))
        .sum();
    let expected: f64 = informative.iter().map(|stratum| stratum.expected()).sum();
    if observed <= expected {
        return None;
    }
    let (mut low, mut high) = (0.0, LN_ODDS_MAX);
    let mut at = start(informative).clamp(low, high);
    for _ in 0..STEPS_MAX {
        let odds = libm::exp(at);
        let (mut sum, mut slope) = (0.0, 0.0);
        for stratum in informative {
            let failing = stratum.expected_at(odds);
            sum += failing;
            slope += stratum.variance(failing);
        }
        if sum < observed {
            low = at;
        } else {
            high = at;
        }
        let next = at + (observed - sum) / slope;
        let next = if next > low && next < high {
            next
        } else {
            0.5 * (low + high)
        };
        let moved = (next - at).abs();
        at = next;
        if moved < NEAR {
            break;
        }
    }
    Some(at)
}

/// The logarithm of the odds ratio of Mantel and Haenszel (1959).
fn start(informative: &[Stratum]) -> f64 {
    let (mut top, mut bottom) = (0.0, 0.0);
    for stratum in informative {
        let others_fine = stratum.cases + stratum.failing - stratum.covered - stratum.failures;
        let cases = real(stratum.cases);
        top += real(stratum.failing) * real(others_fine) / cases;
        let (fine, others) = (
            stratum.covered - stratum.failing,
            stratum.failures - stratum.failing,
        );
        bottom += real(fine) * real(others) / cases;
    }
    if bottom > 0.0 && top > 0.0 {
        libm::log(top / bottom)
    } else {
        LN_ODDS_MAX
    }
}

/// Returns whether the exact test reaches a level; the deviance, from which the logarithm of the
/// tail differs by a few units, decides where it is clear.
pub(crate) fn reaches(strata: &[Stratum], level: LogProbability) -> bool {
    let (deviance, asked) = (evidence(strata).deviance, -level.ln());
    deviance >= 0.5 * asked && (deviance >= 2.0 * asked || upper_tail(strata) <= level)
}

/// Returns the exact probability of at least the observed failures.
pub(crate) fn upper_tail(strata: &[Stratum]) -> LogProbability {
    let tables: Vec<FourfoldTable> = strata
        .iter()
        .filter_map(|stratum| {
            FourfoldTable::within(
                (stratum.cases, stratum.failures),
                (stratum.covered, stratum.failing),
            )
        })
        .collect();
    stratified_upper_tail(&tables).unwrap_or(LogProbability::ONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stratum(cases: u64, failures: u64, covered: u64, failing: u64) -> Stratum {
        Stratum {
            cases,
            failures,
            covered,
            failing,
        }
    }

    #[test]
    fn deviance_ranks_as_the_exact_tail_does() {
        let mut last = (0.0, 0.0);
        for failing in 20..40 {
            let strata = [stratum(900, 90, 60, failing), stratum(400, 200, 30, 20)];
            let now = (evidence(&strata).deviance, -upper_tail(&strata).ln());
            assert!(now.0 > last.0 && now.1 > last.1, "{now:?}");
            assert!((now.0 - now.1).abs() < 4.0, "{now:?}");
            last = now;
        }
    }

    #[test]
    fn what_earlier_causes_cover_shows_nothing_again() {
        let covered = [stratum(100, 50, 100, 50), stratum(900, 90, 0, 0)];
        assert_eq!(upper_tail(&covered), LogProbability::ONE);
        assert_eq!(
            evidence(&covered),
            Evidence {
                excess: 0.0,
                deviance: 0.0
            }
        );
    }
}
