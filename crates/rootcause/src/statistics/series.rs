//! Sums of point probabilities away from their mode, with one stop rule for all tails.

use super::real::real;

/// A sum stops when what is left is at most this share of it (2^-60, below half a unit in the last
/// place).
const STOP_SHARE: f64 = 8.673_617_379_884_035e-19;

/// Returns `1 + r(1) + r(1) r(2) + ...`, the sum of a tail in units of its first term.
///
/// `ratio` gives the term number `i` over the one before it. From the start on the ratios must be
/// at most one and fall, as they do on the far side of the mode of a log-concave distribution;
/// then the rest after a term `t` followed by the ratio `r` is at most `t r / (1 - r)`, which the
/// stop rule bounds. A ratio of zero ends the sum.
pub(super) fn tail_in_first_terms(ratio: impl Fn(u64) -> f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut index = 1_u64;
    loop {
        let r = ratio(index);
        if r <= 0.0 {
            return sum;
        }
        if r < 1.0 && term * r <= STOP_SHARE * sum * (1.0 - r) {
            return sum;
        }
        term *= r;
        sum += term;
        index += 1;
    }
}

/// Returns the product of one pair of counts over the product of another.
pub(super) fn ratio(numerator: (u64, u64), denominator: (u64, u64)) -> f64 {
    (real(numerator.0) * real(numerator.1)) / (real(denominator.0) * real(denominator.1))
}
