//! Quantiles by nearest rank, and intervals that hold a stated share of outcomes.

/// Median and nine-in-ten of some times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spread {
    /// How many.
    pub count: u64,
    /// Half are at most this.
    pub median: Option<i64>,
    /// Nine in ten are at most this.
    pub p90: Option<i64>,
}

impl Spread {
    /// Returns the spread of sorted times.
    pub fn of_sorted(sorted: &[i64]) -> Self {
        Self {
            count: u64::try_from(sorted.len()).unwrap_or(u64::MAX),
            median: nearest_rank(sorted, 50),
            p90: nearest_rank(sorted, 90),
        }
    }

    /// Returns the spread of times in any order.
    pub fn of(mut times: Vec<i64>) -> Self {
        times.sort_unstable();
        Self::of_sorted(&times)
    }
}

/// Returns the value that `percent` of the sorted values don't exceed, by nearest rank.
pub fn nearest_rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

/// Returns low, middle and high of the outcomes of replications: one more outcome of the same kind
/// lies between low and high with a probability of at least 95%, for all orders of the outcomes are
/// equally likely. `None` with fewer than 39 outcomes, of which no two can promise that.
pub fn interval(mut outcomes: Vec<i64>) -> Option<[i64; 3]> {
    outcomes.sort_unstable();
    let rank = (outcomes.len() + 1) / 40;
    let low = outcomes.get(rank.checked_sub(1)?)?;
    let high = outcomes.get(outcomes.len().checked_sub(rank)?)?;
    Some([*low, nearest_rank(&outcomes, 50)?, *high])
}
