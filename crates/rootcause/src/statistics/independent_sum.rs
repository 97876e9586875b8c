//! Exact tails of sums over strata: the test of a cause within strata of other drivers, and the
//! test of a count against cases of different risks.

use super::chi_square::normal_tail;
use super::fourfold::FourfoldTable;
use super::hypergeometric::TABLE_CASES_MAX;
use super::log_probability::LogProbability;
use super::real::{TAU, difference, real};
use super::tilted::{Moments, Part, TILT_MAX, Tilted, convolution};

/// Halvings and Newton steps in the search for a tilt.
const HALVINGS: usize = 60;
const NEWTON_STEPS_MAX: usize = 60;
/// So close to the mean the saddlepoint formula divides nothing by nothing.
const CENTER: f64 = 1e-3;

/// Cases that share one risk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RiskGroup {
    /// Number of cases.
    pub cases: u64,
    /// The risk of each, from 0 to 1.
    pub risk: f64,
}

/// Returns the probability that covered cases of all strata together fail at least as often as they
/// did, when within each stratum failures are dealt out at random; `None` without a stratum in which
/// both sides have cases and both outcomes occur, and for more cases than [`TABLE_CASES_MAX`].
///
/// The exact conditional test of Cochran, Mantel and Haenszel, one-sided (Mehta, Patel and Gray
/// 1985), exact up to [`CONVOLUTION_STEPS_MAX`](super::CONVOLUTION_STEPS_MAX) steps; beyond, where
/// counts run into many thousands, by the lattice saddlepoint of Lugannani and Rice (1980; Daniels
/// 1987), whose relative error is then below 10^-3. The order of strata does not matter.
pub fn stratified_upper_tail(strata: &[FourfoldTable]) -> Option<LogProbability> {
    let mut sorted: Vec<FourfoldTable> = strata
        .iter()
        .copied()
        .filter(FourfoldTable::is_informative)
        .collect();
    sorted.sort_unstable();
    let cases = sorted
        .iter()
        .try_fold(0_u64, |sum, table| sum.checked_add(table.cases()))?;
    if cases > TABLE_CASES_MAX {
        return None;
    }
    let observed = sorted.iter().map(FourfoldTable::failing).sum();
    let parts: Vec<Part> = sorted.into_iter().map(Part::Stratum).collect();
    if parts.is_empty() {
        return None;
    }
    upper_tail(&parts, observed)
}

/// Returns the probability of at least `failing` failures among independent cases of these risks, or
/// `None` when there are fewer cases, fewer that can fail, more cases than
/// [`TABLE_CASES_MAX`], or a risk outside 0 to 1.
///
/// The Poisson-binomial tail, exact up to
/// [`CONVOLUTION_STEPS_MAX`](super::CONVOLUTION_STEPS_MAX) steps and by saddlepoint beyond, as
/// [`stratified_upper_tail`]. The order of groups does not matter.
pub fn poisson_binomial_upper_tail(groups: &[RiskGroup], failing: u64) -> Option<LogProbability> {
    let cases = groups
        .iter()
        .try_fold(0_u64, |sum, group| sum.checked_add(group.cases))?;
    let is_risk = |group: &RiskGroup| (0.0..=1.0).contains(&group.risk);
    if cases > TABLE_CASES_MAX || !groups.iter().all(is_risk) {
        return None;
    }
    let mut sorted: Vec<RiskGroup> = groups.to_vec();
    sorted.sort_by(|one, other| {
        one.risk
            .total_cmp(&other.risk)
            .then(one.cases.cmp(&other.cases))
    });
    let certain: u64 = sorted
        .iter()
        .filter(|group| group.risk >= 1.0)
        .map(|group| group.cases)
        .sum();
    let parts: Vec<Part> = sorted
        .into_iter()
        .filter(|group| group.cases > 0 && group.risk > 0.0 && group.risk < 1.0)
        .map(|group| Part::Group {
            cases: group.cases,
            risk: group.risk,
        })
        .collect();
    upper_tail(&parts, failing.saturating_sub(certain))
}

/// Returns the tail of a sum of parts, or `None` above the largest sum.
fn upper_tail(parts: &[Part], observed: u64) -> Option<LogProbability> {
    let (least, most) = parts.iter().fold((0, 0), |(least, most), part| {
        let (low, high) = part.range();
        (least + low, most + high)
    });
    if observed <= least {
        return Some(LogProbability::ONE);
    }
    if observed > most {
        return None;
    }
    if observed == most {
        let points = parts.iter().map(|part| part.ln_point(part.range().1));
        return LogProbability::from_ln(points.sum::<Option<f64>>()?);
    }
    let tilt = tilt_towards(parts, real(observed));
    // Below the mean the tail is large and is summed as it is.
    match convolution(&tilt_all(parts, tilt.max(0.0))?) {
        Some(sum) => exact(&sum, tilt.max(0.0), observed),
        None => saddlepoint(parts, tilt, observed),
    }
}

fn tilt_all(parts: &[Part], tilt: f64) -> Option<Vec<Tilted>> {
    parts.iter().map(|part| part.tilted(tilt)).collect()
}

/// Returns about the tilt that moves the mean to `target`.
fn tilt_towards(parts: &[Part], target: f64) -> f64 {
    let (mut low, mut high) = (-TILT_MAX, TILT_MAX);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        let mean: f64 = parts.iter().map(|part| part.mean(middle)).sum();
        if mean < target {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Takes the tilt back over the tail of the tilted sum.
fn exact(sum: &Tilted, tilt: f64, observed: u64) -> Option<LogProbability> {
    let skipped = usize::try_from(observed.saturating_sub(sum.low)).ok()?;
    let ahead = real(sum.low.saturating_sub(observed));
    let step = libm::exp(-tilt);
    // Horner's rule from the far end: smallest terms first.
    let tail = sum
        .weights
        .iter()
        .skip(skipped)
        .rev()
        .fold(0.0, |tail, weight| tail * step + weight);
    let shift = tilt * (apart(sum.start, observed) - ahead);
    let ln = libm::log(tail) + shift + sum.log_weight;
    LogProbability::from_ln(ln)
}

/// The formula of Lugannani and Rice with the first continuity correction of Daniels (1987).
fn saddlepoint(parts: &[Part], tilt: f64, observed: u64) -> Option<LogProbability> {
    let target = real(observed);
    let center = moments(parts, 0.0)?;
    if (target - center.mean).abs() < CENTER * center.variance.sqrt() {
        // The limit of the formula: one half, half of the point there, and what skewness takes.
        let skewness = center.third / (center.variance * center.variance.sqrt());
        let density = 1.0 / TAU.sqrt();
        let half = 0.5 + density * (0.5 / center.variance.sqrt() - skewness / 6.0);
        return LogProbability::from_probability(half);
    }
    let mut tilt = tilt;
    for _ in 0..NEWTON_STEPS_MAX {
        let here = moments(parts, tilt)?;
        let step = (here.mean - target) / here.variance;
        tilt = (tilt - step).clamp(-TILT_MAX, TILT_MAX);
        if step.abs() < 1e-13 {
            break;
        }
    }
    let Moments {
        variance,
        start,
        log_weight,
        ..
    } = moments(parts, tilt)?;
    let exponent = tilt * apart(observed, start) - log_weight;
    let root = (2.0 * exponent).max(0.0).sqrt() * tilt.signum();
    let lattice = -libm::expm1(-tilt) * variance.sqrt();
    let correction = 1.0 / lattice - 1.0 / root;
    let tail = normal_tail(root)?.ln();
    let ln_density = -0.5 * (root * root + libm::log(TAU));
    let relative = 1.0 + correction * libm::exp(ln_density - tail);
    LogProbability::from_ln(tail + libm::log(relative))
}

/// Returns the first count less the second.
fn apart(one: u64, other: u64) -> f64 {
    difference(u128::from(one), u128::from(other))
}

/// Returns the moments of the tilted sum.
fn moments(parts: &[Part], tilt: f64) -> Option<Moments> {
    parts.iter().try_fold(Moments::default(), |sum, part| {
        let part = part.tilted(tilt)?.moments();
        Some(Moments {
            mean: sum.mean + part.mean,
            variance: sum.variance + part.variance,
            third: sum.third + part.third,
            start: sum.start + part.start,
            log_weight: sum.log_weight + part.log_weight,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::{Binomial, Hypergeometric};

    #[test]
    fn one_stratum_is_the_hypergeometric_test() {
        let test = Hypergeometric::new(1_000, 120).unwrap();
        for failing in 1..=60 {
            let table = FourfoldTable::within((1_000, 120), (60, failing)).unwrap();
            let expected = test.upper_tail(60, failing).unwrap().ln();
            let found = stratified_upper_tail(&[table]).unwrap().ln();
            assert!(
                (found - expected).abs() < 1e-12 * (1.0 - expected),
                "{failing}: {found} {expected}"
            );
        }
    }

    #[test]
    fn one_risk_is_the_binomial_tail_however_it_is_grouped() {
        let binomial = Binomial::new(90, 3, 10).unwrap();
        let whole = [RiskGroup {
            cases: 90,
            risk: 0.3,
        }];
        let split = [
            RiskGroup {
                cases: 40,
                risk: 0.3,
            },
            RiskGroup {
                cases: 5,
                risk: 0.0,
            },
            RiskGroup {
                cases: 49,
                risk: 0.3,
            },
            RiskGroup {
                cases: 1,
                risk: 0.3,
            },
            RiskGroup {
                cases: 2,
                risk: 1.0,
            },
        ];
        for failing in 0..=90 {
            let expected = binomial.upper_tail(failing).unwrap().ln();
            for (groups, certain) in [(whole.as_slice(), 0), (split.as_slice(), 2)] {
                let found = poisson_binomial_upper_tail(groups, failing + certain)
                    .unwrap()
                    .ln();
                assert!(
                    (found - expected).abs() < 1e-12 * (1.0 - expected),
                    "{failing}"
                );
            }
        }
        assert_eq!(poisson_binomial_upper_tail(&split, 93), None);
        assert_eq!(
            poisson_binomial_upper_tail(
                &[RiskGroup {
                    cases: 1,
                    risk: f64::NAN
                }],
                1
            ),
            None
        );
        assert_eq!(
            poisson_binomial_upper_tail(&[], 0),
            Some(LogProbability::ONE)
        );
        assert_eq!(stratified_upper_tail(&[]), None);
        let group = RiskGroup {
            cases: u64::MAX,
            risk: 0.5,
        };
        assert_eq!(poisson_binomial_upper_tail(&[group, group], 1), None);
    }

    #[test]
    fn risks_however_rare_have_a_tail() {
        for exponent in [20.0, 50.0, 100.0] {
            let risk = libm::pow(10.0, -exponent);
            let groups = [
                RiskGroup { cases: 3, risk },
                RiskGroup {
                    cases: 2,
                    risk: 2.0 * risk,
                },
            ];
            // Two of five: 3 pairs of the first, 6 mixed, 1 of the second, to first order.
            let expected = libm::log(3.0 + 12.0 + 4.0) + 2.0 * libm::log(risk);
            let found = poisson_binomial_upper_tail(&groups, 2).unwrap().ln();
            assert!(
                (found - expected).abs() < 1e-12 * expected.abs(),
                "{exponent}: {found} {expected}"
            );
        }
    }

    #[test]
    fn many_cases_are_answered() {
        let groups = [(1_u64 << 30, 0.25), (1 << 20, 1e-6), (1 << 25, 0.999)];
        let groups = groups.map(|(cases, risk)| RiskGroup { cases, risk });
        let mean = groups
            .iter()
            .map(|group| real(group.cases) * group.risk)
            .sum::<f64>();
        let observed = 301_956_335_u64;
        assert!((mean - real(observed)).abs() < 10.0, "{mean}");
        let middle = poisson_binomial_upper_tail(&groups, observed)
            .unwrap()
            .probability();
        assert!((middle - 0.5).abs() < 1e-3, "{middle}");
        let far = poisson_binomial_upper_tail(&groups, observed + 100_000).unwrap();
        assert!(far.ln() < -20.0 && far.ln() > -30.0, "{far:?}");
    }

    #[test]
    fn the_saddlepoint_meets_the_exact_tail() {
        let groups = [(4_000, 0.01), (2_500, 0.2), (600, 0.7)];
        let parts = groups.map(|(cases, risk)| Part::Group { cases, risk });
        for observed in [880_u64, 900, 959, 960, 961, 990, 1_050, 1_200, 2_000] {
            let tilt = tilt_towards(&parts, real(observed));
            let sum = convolution(&tilt_all(&parts, tilt.max(0.0)).unwrap()).unwrap();
            let right = exact(&sum, tilt.max(0.0), observed).unwrap().ln();
            let found = saddlepoint(&parts, tilt, observed).unwrap().ln();
            assert!((found - right).abs() < 1e-3, "{observed}: {found} {right}");
        }
    }
}
