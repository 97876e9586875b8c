//! The tail of the chi-square distribution.

use super::log_probability::LogProbability;
use super::real::{LN_2, real};

/// Returns the probability that a chi-square of `degrees` of freedom is at least `value`, or `None`
/// without a degree or for a value that is not a number of at least zero. Relative error of the
/// logarithm below 10^-12 up to a thousand degrees.
///
/// The regularized incomplete gamma function: its series below the mean, its continued fraction
/// above (Abramowitz and Stegun 1964, 6.5.29 and 6.5.31, by the method of Lentz 1976).
pub fn chi_square_tail(value: f64, degrees: u64) -> Option<LogProbability> {
    if degrees == 0 || !value.is_finite() || value < 0.0 {
        return None;
    }
    if value <= 0.0 {
        return Some(LogProbability::ONE);
    }
    let (shape, x) = (real(degrees) / 2.0, value / 2.0);
    let ln_front = shape * libm::log(x) - x - libm::lgamma(shape);
    if x < shape + 1.0 {
        let below = LogProbability::from_ln(ln_front + libm::log(series(shape, x)))?;
        return below.complement();
    }
    LogProbability::from_ln(ln_front + libm::log(continued_fraction(shape, x)))
}

/// Returns the probability that a standard normal deviate is at least `deviate`.
pub(super) fn normal_tail(deviate: f64) -> Option<LogProbability> {
    if !deviate.is_finite() {
        return None;
    }
    if deviate < 0.0 {
        return normal_tail(-deviate)?.complement();
    }
    let two_sided = chi_square_tail(deviate * deviate, 1)?;
    LogProbability::from_ln(two_sided.ln() - LN_2)
}

/// `1 / a + x / (a (a + 1)) + ...`
fn series(shape: f64, x: f64) -> f64 {
    let mut term = 1.0 / shape;
    let mut sum = term;
    let mut next = shape;
    loop {
        next += 1.0;
        term *= x / next;
        let longer = sum + term;
        if longer.total_cmp(&sum).is_eq() {
            return sum;
        }
        sum = longer;
    }
}

/// Terms after which a continued fraction has long settled for any argument above its switch.
const FRACTION_TERMS_MAX: u32 = 100_000;

/// Stands for zero where a fraction divides.
const TINY: f64 = 1e-300;

fn continued_fraction(shape: f64, x: f64) -> f64 {
    let not_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut base = x + 1.0 - shape;
    let mut above = 1.0 / TINY;
    let mut below = 1.0 / base;
    let mut value = below;
    for term in 1..FRACTION_TERMS_MAX {
        let i = f64::from(term);
        let part = -i * (i - shape);
        base += 2.0;
        above = not_zero(base + part / above);
        below = 1.0 / not_zero(part * below + base);
        let factor = above * below;
        value *= factor;
        if (factor - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_have_their_known_values() {
        for (value, degrees, tail) in [
            (3.841_458_820_694_124, 1, 0.05),
            (0.001, 1, 0.974_772_879_369_960_3),
            (5.991_464_547_107_98, 2, 0.05),
            (18.307_038_053_275_146, 10, 0.05),
            (124.342_113_403_999_96, 100, 0.05),
            (2.0, 2, 0.367_879_441_171_442_33),
            (0.0, 7, 1.0),
        ] {
            let found = chi_square_tail(value, degrees).unwrap().probability();
            assert!(
                (found - tail).abs() < 1e-12 * tail,
                "{value} {degrees}: {found}"
            );
        }
        // With two degrees the tail is exp(-x / 2), however far out.
        assert!((chi_square_tail(9_000.0, 2).unwrap().ln() + 4_500.0).abs() < 1e-11);
        for value in [-1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(chi_square_tail(value, 1), None);
        }
        assert_eq!(chi_square_tail(1.0, 0), None);
    }

    #[test]
    fn normal_tails_have_their_known_values() {
        for (deviate, tail) in [
            (0.0, 0.5),
            (1.959_963_984_540_054, 0.025),
            (-1.0, 0.841_344_746_068_542_9),
        ] {
            let found = normal_tail(deviate).unwrap().probability();
            assert!((found - tail).abs() < 1e-15, "{deviate} {found}");
        }
    }
}
