//! Whether a series of weeks rises or falls: Mann (1945) and Kendall's test in its exact form, and the
//! slope of Theil (1950) and Sen (1968).

use baton_rootcause::statistics::real;

/// What a series does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Median of the slopes between all pairs, per week.
    pub slope: f64,
    /// Two-sided probability of a rise or fall this steady in a series without any trend.
    pub probability: f64,
}

/// Longest series whose orders are counted exactly; of a longer one the last values are taken.
const EXACT_MAX: usize = 60;

/// Returns the trend of a series; `None` of fewer than two values.
pub fn trend(series: &[f64]) -> Option<Trend> {
    let series = series.get(series.len().saturating_sub(EXACT_MAX)..)?;
    let (mut slopes, mut score) = (Vec::new(), 0_i64);
    for (at, one) in series.iter().enumerate() {
        for (other_at, other) in series.iter().enumerate().skip(at + 1) {
            let weeks = u64::try_from(other_at - at).unwrap_or(1);
            slopes.push((other - one) / real(weeks));
            score += i64::from(other > one) - i64::from(other < one);
        }
    }
    slopes.sort_by(f64::total_cmp);
    let middle = slopes.len().checked_sub(1)? / 2;
    let slope = match slopes.get(middle..=slopes.len() / 2)? {
        [one, other] if slopes.len().is_multiple_of(2) => f64::midpoint(*one, *other),
        [one, ..] => *one,
        [] => return None,
    };
    Some(Trend {
        slope,
        probability: at_least(series.len(), score.unsigned_abs()),
    })
}

/// Returns the probability that Kendall's score of a random order is this far from 0 or farther.
fn at_least(length: usize, score: u64) -> f64 {
    // How many inversions a random order has: each value adds 0 to its place, all equally likely.
    let mut shares = vec![1.0];
    for place in 1..length {
        let mut next = vec![0.0; shares.len() + place];
        let each = 1.0 / real(u64::try_from(place + 1).unwrap_or(1));
        for (inversions, share) in shares.iter().enumerate() {
            for slot in next.iter_mut().skip(inversions).take(place + 1) {
                *slot += share * each;
            }
        }
        shares = next;
    }
    let pairs = u64::try_from(shares.len()).unwrap_or(1).saturating_sub(1);
    let far = |inversions: u64| pairs.abs_diff(2 * inversions) >= score;
    let shares = (0_u64..).zip(&shares);
    let probability: f64 = shares
        .filter(|(at, _)| far(*at))
        .map(|(_, share)| share)
        .sum();
    probability.min(1.0)
}
