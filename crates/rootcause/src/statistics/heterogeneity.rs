//! Do the strata agree on one ratio, or does the cause matter in some of them only?

use super::chi_square::chi_square_tail;
use super::fourfold::FourfoldTable;
use super::log_probability::LogProbability;
use super::real::real;
use super::strata::mantel_haenszel_odds_ratio;

/// A test for unequal strata.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heterogeneity {
    /// The statistic, chi-square when all strata share one odds ratio.
    pub statistic: f64,
    /// Strata that say something, less one.
    pub degrees: u64,
    /// Probability of at least this statistic.
    pub p: LogProbability,
}

/// Returns the Breslow-Day test (1980) with the correction of Tarone (1985), or `None` with fewer
/// than two strata that say something or without a common odds ratio.
///
/// An approximation for strata that are not small: it describes a cause and decides nothing.
pub fn breslow_day(strata: &[FourfoldTable]) -> Option<Heterogeneity> {
    let odds = mantel_haenszel_odds_ratio(strata)?;
    let (mut squares, mut apart, mut spread) = (0.0, 0.0, 0.0);
    let mut informative = 0_u64;
    for table in strata.iter().filter(|table| table.is_informative()) {
        let expected = expected_at(table, odds);
        let variance = 1.0
            / (1.0 / expected.failing
                + 1.0 / expected.fine
                + 1.0 / expected.others_failing
                + 1.0 / expected.others_fine);
        if variance.is_nan() || variance <= 0.0 {
            continue;
        }
        let difference = real(table.failing()) - expected.failing;
        squares += difference * difference / variance;
        apart += difference;
        spread += variance;
        informative += 1;
    }
    let degrees = informative.checked_sub(1).filter(|degrees| *degrees > 0)?;
    let statistic = (squares - apart * apart / spread).max(0.0);
    Some(Heterogeneity {
        statistic,
        degrees,
        p: chi_square_tail(statistic, degrees)?,
    })
}

/// The cells expected at an odds ratio.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected {
    pub(super) failing: f64,
    fine: f64,
    others_failing: f64,
    others_fine: f64,
}

/// Returns the cells with the margins of `table` whose odds ratio is `odds`: the root of a quadratic
/// equation, in whichever of its two forms does not cancel.
pub(super) fn expected_at(table: &FourfoldTable, odds: f64) -> Expected {
    let (covered, others, failures) = (
        real(table.covered()),
        real(table.others()),
        real(table.failures()),
    );
    let linear = (others - failures) + odds * (covered + failures);
    let root = (linear * linear + 4.0 * (1.0 - odds) * odds * covered * failures)
        .max(0.0)
        .sqrt();
    let failing = if linear >= 0.0 {
        2.0 * odds * covered * failures / (linear + root)
    } else {
        (root - linear) / (2.0 * (1.0 - odds))
    };
    let failing = failing.clamp((failures - others).max(0.0), covered.min(failures));
    Expected {
        failing,
        fine: covered - failing,
        others_failing: failures - failing,
        others_fine: others - failures + failing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strata_of_one_odds_ratio_agree() {
        let strata = [
            FourfoldTable::new((40, 20), (40, 10)).unwrap(),
            FourfoldTable::new((400, 200), (400, 100)).unwrap(),
            FourfoldTable::new((400, 0), (400, 0)).unwrap(),
        ];
        let found = breslow_day(&strata).unwrap();
        assert_eq!(found.degrees, 1);
        assert!(found.statistic < 1e-20, "{found:?}");
        assert!(found.p.probability() > 0.999_999);
        assert_eq!(breslow_day(strata.get(..1).unwrap()), None);
        assert_eq!(breslow_day(&[]), None);
    }

    #[test]
    fn expected_cells_have_the_odds_ratio_and_the_margins() {
        for table in [
            ((10, 5), (100, 90)),
            ((1_000, 900), (10, 9)),
            ((7, 0), (9, 3)),
        ] {
            let table = FourfoldTable::new(table.0, table.1).unwrap();
            for odds in [0.01, 0.5, 1.0, 2.0, 500.0] {
                let cells = expected_at(&table, odds);
                let found = cells.failing * cells.others_fine / (cells.fine * cells.others_failing);
                assert!(
                    (found - odds).abs() < 1e-9 * odds,
                    "{table:?} {odds} {found}"
                );
            }
        }
    }
}
