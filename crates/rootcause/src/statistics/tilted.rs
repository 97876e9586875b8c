//! A sum of independent counts, each hypergeometric or binomial, and the exact tail of that sum.
//!
//! Every part is first tilted, that is reweighted by `e^(s x)`, so that what was observed lies in
//! the middle of the distribution (Esscher 1932). Around their middle the parts are added by
//! convolution, all terms positive, and the tilt is taken back at the end: the relative error
//! stays near rounding however small the probability is.

use super::binomial::ln_binomial_point;
use super::fourfold::FourfoldTable;
use super::heterogeneity::expected_at;
use super::hypergeometric::Hypergeometric;
use super::real::real;

/// Multiplications one convolution may take. Beyond it the saddlepoint approximation is used.
pub const CONVOLUTION_STEPS_MAX: usize = 1 << 24;
/// Weights below this share of the largest are left out (2^-80).
const NEGLIGIBLE: f64 = 8.271_806_125_530_277e-25;
/// The strongest tilt, either way.
pub(super) const TILT_MAX: f64 = 600.0;
/// The strongest tilt of a stratum, beyond every odds ratio that counts up to 2^40 can have.
const STRATUM_TILT_MAX: f64 = 60.0;

/// One count of the sum.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// Failures among the covered cases of a stratum with fixed margins.
    Stratum(FourfoldTable),
    /// Failures among independent cases of one risk.
    Group {
        /// Number of cases.
        cases: u64,
        /// The risk, between 0 and 1.
        risk: f64,
    },
}

/// A part after tilting: weights that sum to one, from `low` on.
#[derive(Debug, Clone)]
pub(super) struct Tilted {
    pub(super) low: u64,
    pub(super) weights: Vec<f64>,
    /// The count the weights were taken relative to.
    pub(super) start: u64,
    /// ln of the sum of `P(x) e^(s (x - start))`: the cumulant at the tilt `s`, less `s start`, kept
    /// apart so that two large numbers need not cancel.
    pub(super) log_weight: f64,
}

impl Part {
    /// Returns the smallest and largest count.
    pub(super) fn range(&self) -> (u64, u64) {
        match *self {
            Self::Stratum(table) => {
                let least = table.failures().saturating_sub(table.others());
                (least, table.covered().min(table.failures()))
            }
            Self::Group { cases, .. } => (0, cases),
        }
    }

    /// Returns about the mean after tilting by `tilt`; exact for a group.
    pub(super) fn mean(&self, tilt: f64) -> f64 {
        match *self {
            Self::Stratum(table) => {
                let tilt = tilt.clamp(-STRATUM_TILT_MAX, STRATUM_TILT_MAX);
                expected_at(&table, libm::exp(tilt)).failing
            }
            Self::Group { cases, risk } => {
                let odds = libm::exp(tilt);
                real(cases) * risk * odds / (1.0 - risk + risk * odds)
            }
        }
    }

    /// Returns ln P(count).
    pub(super) fn ln_point(&self, count: u64) -> Option<f64> {
        match *self {
            Self::Stratum(table) => {
                let test = Hypergeometric::new(table.cases(), table.failures())?;
                Some(test.point(table.covered(), count)?.ln())
            }
            Self::Group { cases, risk } => Some(ln_binomial_point(cases, count, risk)),
        }
    }

    /// Returns P(count + 1) / P(count); zero at the upper end.
    fn ratio(&self, count: u64) -> f64 {
        match *self {
            Self::Stratum(table) => {
                let failing = real(table.failures().saturating_sub(count));
                let left = real(table.covered().saturating_sub(count));
                let fine = real((table.others() + count + 1).saturating_sub(table.failures()));
                failing * left / (real(count + 1) * fine)
            }
            Self::Group { cases, risk } => {
                real(cases.saturating_sub(count)) * risk / (real(count + 1) * (1.0 - risk))
            }
        }
    }

    /// Returns the part reweighted by `e^(tilt x)`.
    pub(super) fn tilted(&self, tilt: f64) -> Option<Tilted> {
        let (least, most) = self.range();
        let odds = libm::exp(tilt);
        let start = nearest(self.mean(tilt)).clamp(least, most);
        let mut above = Vec::new();
        let (mut count, mut weight, mut largest) = (start, 1.0_f64, 1.0_f64);
        while count < most {
            weight *= self.ratio(count) * odds;
            if weight < NEGLIGIBLE * largest {
                break;
            }
            largest = largest.max(weight);
            above.push(weight);
            count += 1;
        }
        let mut weights = Vec::new();
        (count, weight) = (start, 1.0);
        while count > least {
            weight /= self.ratio(count - 1) * odds;
            if weight < NEGLIGIBLE * largest {
                break;
            }
            largest = largest.max(weight);
            weights.push(weight);
            count -= 1;
        }
        weights.reverse();
        weights.push(1.0);
        weights.append(&mut above);
        let sum: f64 = weights.iter().sum();
        for weight in &mut weights {
            *weight /= sum;
        }
        let log_weight = self.ln_point(start)? + libm::log(sum);
        Some(Tilted {
            low: count,
            weights,
            start,
            log_weight,
        })
    }
}

/// What describes a tilted part roughly; all of it adds up over independent parts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moments {
    pub(super) mean: f64,
    pub(super) variance: f64,
    /// Third central moment.
    pub(super) third: f64,
    /// As in [`Tilted`].
    pub(super) start: u64,
    /// As in [`Tilted`].
    pub(super) log_weight: f64,
}

impl Tilted {
    /// Returns the moments.
    pub(super) fn moments(&self) -> Moments {
        let counted = || self.weights.iter().zip((self.low..).map(real));
        let mean = counted().fold(0.0, |sum, (weight, x)| sum + weight * x);
        let (variance, third) = counted().fold((0.0, 0.0), |(second, third), (weight, x)| {
            let square = weight * (x - mean) * (x - mean);
            (second + square, third + square * (x - mean))
        });
        Moments {
            mean,
            variance,
            third,
            start: self.start,
            log_weight: self.log_weight,
        }
    }
}

/// Returns the distribution of the sum of parts, or `None` when it would take more than
/// [`CONVOLUTION_STEPS_MAX`] steps.
pub(super) fn convolution(parts: &[Tilted]) -> Option<Tilted> {
    let mut sum = Tilted {
        low: 0,
        weights: vec![1.0],
        start: 0,
        log_weight: 0.0,
    };
    let mut steps = 0_usize;
    for part in parts {
        steps = steps.checked_add(sum.weights.len().checked_mul(part.weights.len())?)?;
        if steps > CONVOLUTION_STEPS_MAX {
            return None;
        }
        let mut longer = vec![0.0; sum.weights.len() + part.weights.len() - 1];
        for (shift, left) in sum.weights.iter().enumerate() {
            for (slot, right) in longer.iter_mut().skip(shift).zip(&part.weights) {
                *slot += left * right;
            }
        }
        sum = Tilted {
            low: sum.low + part.low,
            weights: longer,
            start: sum.start + part.start,
            log_weight: sum.log_weight + part.log_weight,
        };
        sum.trim();
    }
    Some(sum)
}

impl Tilted {
    /// Drops what is negligible at both ends.
    fn trim(&mut self) {
        let largest = self.weights.iter().copied().fold(0.0, f64::max);
        let is_kept = |weight: &f64| *weight >= NEGLIGIBLE * NEGLIGIBLE * largest;
        while self.weights.last().is_some_and(|weight| !is_kept(weight)) {
            self.weights.pop();
        }
        let dropped = self
            .weights
            .iter()
            .take_while(|weight| !is_kept(weight))
            .count();
        self.weights.drain(..dropped);
        self.low += u64::try_from(dropped).unwrap_or(0);
    }
}

/// Returns the count nearest to a mean; zero for what is not a positive number.
fn nearest(mean: f64) -> u64 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates and takes what is not a number to zero"
    )]
    let count = mean.round() as u64;
    count
}
