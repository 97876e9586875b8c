//! The stretches of days that are scanned: all of them, and overlapping halves, quarters and so on
//! (seeded intervals, Kovács, Bühlmann, Li and Munk, Biometrika 2023), each with its share of the
//! error rate.
//!
//! The stretches and shares are fixed before any failure is looked at, so the chance that any
//! stretch of one constant rate is called changed is at most the sum of the shares, whatever
//! happens elsewhere in the series (the argument of narrowest significance pursuit, Fryzlewicz,
//! JASA 2024).

use std::ops::Range;

use crate::statistics::real;

/// A stretch to scan.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stretch {
    /// Its days.
    pub(super) days: Range<usize>,
    /// ln of its share of the error rate.
    pub(super) ln_share: f64,
}

/// Returns the stretches of `days` days, longest first: half of the error rate for the whole, the
/// other half in equal parts for each length, and within it for each stretch.
pub(super) fn stretches(days: usize) -> Vec<Stretch> {
    let mut of_length: Vec<Vec<Range<usize>>> = Vec::new();
    let mut parts = 2;
    loop {
        let length = days.div_ceil(parts);
        if length < 2 || length >= days {
            break;
        }
        let step = (length / 2).max(1);
        let last = days - length;
        let starts = (0..last).step_by(step).chain([last]);
        of_length.push(starts.map(|start| start..start + length).collect());
        parts *= 2;
    }
    if days < 2 {
        return Vec::new();
    }
    let count = |items: usize| real(u64::try_from(items).unwrap_or(u64::MAX));
    let whole = if of_length.is_empty() { 1.0 } else { 0.5 };
    let mut found = vec![Stretch {
        days: 0..days,
        ln_share: libm::log(whole),
    }];
    let lengths = count(of_length.len());
    for stretches in of_length {
        let share = 0.5 / lengths / count(stretches.len());
        found.extend(stretches.into_iter().map(|days| Stretch {
            days,
            ln_share: libm::log(share),
        }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_one_and_every_pair_of_days_is_in_a_short_stretch() {
        for days in [2_usize, 3, 4, 5, 7, 30, 365, 1_000] {
            let found = stretches(days);
            let sum: f64 = found.iter().map(|one| one.ln_share.exp()).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{days}: {sum}");
            for first in 0..days - 1 {
                let shortest = found
                    .iter()
                    .filter(|one| one.days.start <= first && first + 1 < one.days.end)
                    .map(|one| one.days.len())
                    .min();
                assert!(shortest.unwrap() <= 3, "{days} {first}");
            }
        }
        assert_eq!(stretches(1), []);
        assert_eq!(stretches(0), []);
    }
}
