//! One ratio over strata of other drivers: what is left of a cause when like is compared with like.

use super::fourfold::FourfoldTable;
use super::real::{product, real, real_wide};
use super::savings::LogRatio;

/// A ratio moves by more than this when it is adjusted: then the cause was confounded (a quarter;
/// Rothman, Greenland and Lash 2008, chapter 15, speak of 10% to 20% as already noticeable).
const CONFOUNDED_LN: f64 = 0.223_143_551_314_209_76;

/// Returns the Mantel-Haenszel risk ratio with the variance of its logarithm after Greenland and
/// Robins (1985), or `None` when one of its two sums is zero. Strata in which only one side
/// has cases say nothing and change nothing.
pub fn mantel_haenszel(strata: &[FourfoldTable]) -> Option<LogRatio> {
    let (mut top, mut bottom, mut spread) = (0.0, 0.0, 0.0);
    for table in strata {
        let (covered, others, cases) = (table.covered(), table.others(), table.cases());
        if covered == 0 || others == 0 {
            continue;
        }
        let n = real(cases);
        top += real_wide(product(table.failing(), others)) / n;
        bottom += real_wide(product(table.others_failing(), covered)) / n;
        // n1 n0 t - a b n, with t = a + b, as a sum of what is not negative.
        let from_covered = real_wide(product(table.failing(), covered)) * real(table.others_fine());
        let from_others = real_wide(product(table.others_failing(), others)) * real(table.fine());
        spread += (from_covered + from_others) / (n * n);
    }
    if top <= 0.0 || bottom <= 0.0 {
        return None;
    }
    LogRatio::new(libm::log(top / bottom), spread / (top * bottom))
}

/// Returns the Mantel-Haenszel odds ratio (1959), or `None` when one of its two sums is zero.
pub fn mantel_haenszel_odds_ratio(strata: &[FourfoldTable]) -> Option<f64> {
    let (mut top, mut bottom) = (0.0, 0.0);
    for table in strata.iter().filter(|table| table.is_informative()) {
        let n = real(table.cases());
        top += real_wide(product(table.failing(), table.others_fine())) / n;
        bottom += real_wide(product(table.others_failing(), table.fine())) / n;
    }
    let ratio = top / bottom;
    (top > 0.0 && bottom > 0.0 && ratio.is_finite()).then_some(ratio)
}

/// Returns all strata in one table, or `None` when their counts are too large together.
pub fn pooled(strata: &[FourfoldTable]) -> Option<FourfoldTable> {
    let mut sums = [(0_u64, 0_u64); 2];
    for table in strata {
        let sides = [
            (table.covered(), table.failing()),
            (table.others(), table.others_failing()),
        ];
        for (sum, side) in sums.iter_mut().zip(sides) {
            *sum = (sum.0.checked_add(side.0)?, sum.1.checked_add(side.1)?);
        }
    }
    let [covered, others] = sums;
    FourfoldTable::new(covered, others)
}

/// Returns whether the direction reverses: the crude ratio and the adjusted one lie on opposite
/// sides of one (Simpson 1951; Blyth 1972).
pub fn is_reversed(crude: LogRatio, adjusted: LogRatio) -> bool {
    crude.ln * adjusted.ln < 0.0
}

/// Returns whether the ratio moves by more than a quarter when it is adjusted.
pub fn is_confounded(crude: LogRatio, adjusted: LogRatio) -> bool {
    (crude.ln - adjusted.ln).abs() > CONFOUNDED_LN
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::{Confidence, breslow_day};

    /// Applicants and admitted of the six largest departments, women and men (Bickel, Hammel and
    /// O'Connell 1975, as published with R in `UCBAdmissions`).
    const DEPARTMENTS: [[(u64, u64); 2]; 6] = [
        [(108, 89), (825, 512)],
        [(25, 17), (560, 353)],
        [(593, 202), (325, 120)],
        [(375, 131), (417, 138)],
        [(393, 94), (191, 53)],
        [(341, 24), (373, 22)],
    ];

    /// Rejection as the failure, being a woman as the cause.
    fn departments() -> Vec<FourfoldTable> {
        DEPARTMENTS
            .iter()
            .map(|[women, men]| {
                let rejected = |(all, admitted): (u64, u64)| (all, all - admitted);
                FourfoldTable::new(rejected(*women), rejected(*men)).unwrap()
            })
            .collect()
    }

    #[test]
    fn admissions_of_berkeley_reverse_when_departments_are_compared() {
        let strata = departments();
        let whole = [pooled(&strata).unwrap()];
        let crude = mantel_haenszel(&whole).unwrap();
        let adjusted = mantel_haenszel(&strata).unwrap();
        assert!(is_reversed(crude, adjusted), "{crude:?} {adjusted:?}");
        let odds = mantel_haenszel_odds_ratio(&whole).unwrap();
        assert!((odds - 1.841).abs() < 5e-4, "{odds}");
        let odds = mantel_haenszel_odds_ratio(&strata).unwrap();
        assert!((odds - 0.904_704).abs() < 1e-5, "{odds}");
        // One department differs from the others, so one number does not describe them all.
        assert!(breslow_day(&strata).unwrap().p.probability() < 0.01);
    }

    /// A proxy: it fails more often only because it is common where the true cause is.
    #[test]
    fn a_proxy_loses_its_ratio_when_the_cause_is_held() {
        let with_cause = FourfoldTable::new((900, 450), (100, 50)).unwrap();
        let without = FourfoldTable::new((1_000, 50), (9_000, 450)).unwrap();
        let crude = mantel_haenszel(&[pooled(&[with_cause, without]).unwrap()]).unwrap();
        let adjusted = mantel_haenszel(&[with_cause, without]).unwrap();
        assert!(libm::exp(crude.ln) > 4.0);
        assert!((libm::exp(adjusted.ln) - 1.0).abs() < 1e-12);
        assert!(is_confounded(crude, adjusted) && !is_reversed(crude, adjusted));
    }

    #[test]
    fn one_stratum_has_the_plain_ratio_and_its_variance() {
        let table = FourfoldTable::new((40, 36), (80, 16)).unwrap();
        let found = mantel_haenszel(&[table]).unwrap();
        assert!((libm::exp(found.ln) - 4.5).abs() < 1e-14);
        let variance = 1.0 / 36.0 - 1.0 / 40.0 + 1.0 / 16.0 - 1.0 / 80.0;
        assert!((found.variance - variance).abs() < 1e-15);
        let interval = found.estimate(Confidence::P95);
        assert!(interval.low.unwrap() < 4.5 && interval.high.unwrap() > 4.5);
    }

    #[test]
    fn strata_that_say_nothing_change_nothing() {
        let table = FourfoldTable::new((40, 36), (80, 16)).unwrap();
        let alone = FourfoldTable::new((40, 36), (0, 0)).unwrap();
        assert_eq!(
            mantel_haenszel(&[alone, table, alone]),
            mantel_haenszel(&[table])
        );
        assert_eq!(mantel_haenszel(&[alone]), None);
        assert_eq!(mantel_haenszel(&[]), None);
        assert_eq!(mantel_haenszel_odds_ratio(&[alone]), None);
    }
}
