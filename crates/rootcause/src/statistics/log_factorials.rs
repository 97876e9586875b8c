//! Logarithms of factorials and binomial coefficients, and the two parts that point probabilities
//! are made of.
//!
//! A plain table of `ln n!` loses what matters: at n = 10^8 its entries are near 1.7 * 10^9, where
//! two neighboring floats are 2 * 10^-7 apart, so a probability made from their differences has
//! six digits left. Here `n!` is split after Stirling into `n^n e^-n` and a small rest; the
//! large parts of a probability then combine to deviances, which are computed from exact integer
//! differences and have one sign, so nothing cancels (Loader 2000, "Fast and accurate
//! computation of binomial probabilities"). The rest is an integer-indexed table, continued by
//! its series.

use super::real::{TAU, real};

/// `ln n! - ((n + 1/2) ln n - n + ln(2 pi) / 2)` for n from 1.
const STIRLING_REST: [f64; 16] = [
    0.081_061_466_795_327_26,
    0.041_340_695_955_409_3,
    0.027_677_925_684_998_34,
    0.020_790_672_103_765_093,
    0.016_644_691_189_821_193,
    0.013_876_128_823_070_748,
    0.011_896_709_945_891_77,
    0.010_411_265_261_972_096,
    0.009_255_462_182_712_733,
    0.008_330_563_433_362_87,
    0.007_573_675_487_951_841,
    0.006_942_840_107_209_53,
    0.006_408_994_188_004_207,
    0.005_951_370_112_758_848,
    0.005_554_733_551_962_801,
    0.005_207_655_919_609_640_4,
];

/// The largest n whose factorial fits 64 bits.
const SMALL_MAX: u64 = 20;

/// Returns `ln n!` with a relative error of at most 2^-50.
///
/// Abramowitz and Stegun (1964), 6.1.41; exact integers up to 20.
pub fn ln_factorial(n: u64) -> f64 {
    if n <= SMALL_MAX {
        return libm::log(real((1..=n).product()));
    }
    let x = real(n);
    x * (libm::log(x) - 1.0) + 0.5 * libm::log(TAU * x) + stirling_rest(n)
}

/// Returns `ln C(n, k)`, or `None` for `k > n`, with a relative error of at most 2^-48.
pub fn ln_choose(n: u64, k: u64) -> Option<f64> {
    let rest = n.checked_sub(k)?;
    if k == 0 || rest == 0 {
        return Some(0.0);
    }
    let (n_real, k_real, rest_real) = (real(n), real(k), real(rest));
    let entropy = k_real * ln_ratio(n, k) + rest_real * ln_ratio(n, rest);
    let scale = 0.5 * libm::log(n_real / (TAU * k_real * rest_real));
    Some(entropy + (scale + (stirling_rest(n) - stirling_rest(k) - stirling_rest(rest))))
}

/// Returns `ln(whole / part)` for `0 < part <= whole`, accurate also when they are nearly equal.
fn ln_ratio(whole: u64, part: u64) -> f64 {
    let other = whole - part;
    if other < part {
        -libm::log1p(-(real(other) / real(whole)))
    } else {
        libm::log(real(whole) / real(part))
    }
}

/// Returns the rest of Stirling's formula for `ln n!`, about `1 / (12 n)`; 0 for `n = 0`, whose
/// factorial needs no rest.
pub(super) fn stirling_rest(n: u64) -> f64 {
    if n == 0 {
        return 0.0;
    }
    let tabled = usize::try_from(n - 1)
        .ok()
        .and_then(|idx| STIRLING_REST.get(idx));
    if let Some(&rest) = tabled {
        return rest;
    }
    let inverse = 1.0 / real(n);
    let square = inverse * inverse;
    let inner = 1.0 / 1260.0 - square * (1.0 / 1680.0 - square * (1.0 / 1188.0));
    inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * inner))
}

/// An observed count beside its expectation, by what is known exactly about the two.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deviation {
    /// The count.
    pub(super) observed: f64,
    /// What was expected.
    pub(super) expected: f64,
    /// `observed - expected`, from integers, so that it is accurate when the two are close.
    pub(super) difference: f64,
}

impl Deviation {
    /// Returns `observed ln(observed / expected) - (observed - expected)`, which is never
    /// negative, with a relative error of a few units in the last place.
    ///
    /// The series is Loader's (2000), equation 5, used up to a ratio of two.
    pub(super) fn deviance(self) -> f64 {
        if self.observed <= 0.0 {
            return self.expected;
        }
        let v = self.difference / (self.observed + self.expected);
        if v.abs() > 1.0 / 3.0 {
            return self.observed * libm::log(self.observed / self.expected) - self.difference;
        }
        let square = v * v;
        let mut power = 2.0 * self.observed * v;
        let mut sum = self.difference * v;
        let mut odd = 1.0;
        loop {
            power *= square;
            odd += 2.0;
            let next = sum + power / odd;
            if next.total_cmp(&sum).is_eq() {
                return next;
            }
            sum = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_meets_its_series() {
        let n = 16.0_f64;
        let series = 1.0 / (12.0 * n) - 1.0 / (360.0 * n * n * n) + 1.0 / (1260.0 * 1_048_576.0);
        assert!((stirling_rest(16) - series).abs() < 1e-11);
        assert!((stirling_rest(17) - stirling_rest(16)).abs() < 1.0 / (12.0 * 16.0 * 17.0));
    }

    #[test]
    fn factorials_and_coefficients_agree_with_sums_of_logarithms() {
        let mut sum = 0.0;
        for n in 1..2_000_u64 {
            sum += libm::log(real(n));
            assert!((ln_factorial(n) - sum).abs() <= 1e-13 * sum.max(1.0), "{n}");
        }
        for (n, k, exact) in [
            (5, 2, 10.0),
            (52, 5, 2_598_960.0),
            (60, 30, 118_264_581_564_861_424.0),
            (10_000_000, 1, 1e7),
            (10_000_000, 9_999_999, 1e7),
            (100_000_000, 2, 4_999_999_950_000_000.0),
        ] {
            let ln = ln_choose(n, k).unwrap();
            assert!((ln - libm::log(exact)).abs() < 4e-15 * ln, "{n} {k}");
        }
        assert_eq!(ln_choose(3, 4), None);
        assert_eq!(ln_choose(0, 0), Some(0.0));
        assert!(ln_factorial(0).abs() < 1e-300);
    }

    #[test]
    fn a_deviance_is_accurate_on_both_sides_of_its_switch() {
        for (observed, expected) in [
            (10_u32, 10_u32),
            (20, 10),
            (21, 10),
            (5, 10),
            (4, 10),
            (0, 7),
        ] {
            let (x, m) = (f64::from(observed), f64::from(expected));
            let plain = if observed == 0 {
                m
            } else {
                x * libm::log(x / m) - (x - m)
            };
            let deviation = Deviation {
                observed: x,
                expected: m,
                difference: x - m,
            };
            assert!(
                (deviation.deviance() - plain).abs() < 1e-14,
                "{observed} {expected}"
            );
        }
    }
}
