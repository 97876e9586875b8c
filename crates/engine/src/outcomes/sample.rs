//! Values that were measured, counted: what they say does not depend on the order they came in.

use std::collections::BTreeMap;

use baton_contract::model::Metric;
use baton_mission::course::WHOLE;
use baton_report::outcomes::Reading;

use super::interval::{of_quantile, of_share};

/// Values of one metric over one stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Sample {
    counts: BTreeMap<i64, u64>,
    count: u64,
}

/// What is told of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Summary {
    /// The share of those that are whole.
    Share,
    /// The least value that this part of them, in basis points, does not exceed.
    Quantile(u64),
    /// They are no sample: a level at an instant.
    Level,
    /// They are measured elsewhere.
    Elsewhere,
}

impl Summary {
    /// Returns what is told of a metric's values.
    pub(super) fn of(metric: Metric) -> Self {
        match metric {
            Metric::BounceRate
            | Metric::NeedsInputRate
            | Metric::LateRate
            | Metric::ReworkRate
            | Metric::ReopenRate
            | Metric::RollbackRate => Self::Share,
            Metric::TimeToVerdictP50 | Metric::TimeToCompleteP50 | Metric::ApprovalLatencyP50 => {
                Self::Quantile(5_000)
            }
            Metric::TimeToVerdictP90 | Metric::TimeToCompleteP90 => Self::Quantile(9_000),
            Metric::WaiverDebt | Metric::LoadFairness => Self::Level,
            Metric::Custom => Self::Elsewhere,
        }
    }
}

impl Sample {
    /// Adds a value, and returns whether it is one that was not there yet.
    pub(super) fn add(&mut self, value: i64) -> bool {
        self.count = self.count.saturating_add(1);
        let count = self.counts.entry(value).or_default();
        *count = count.saturating_add(1);
        *count == 1
    }

    /// Returns what is told of the values.
    pub(super) fn reading(&self, summary: Summary) -> Reading {
        let sample = self.count;
        if sample == 0 {
            return Reading::default();
        }
        match summary {
            Summary::Share => {
                let hits = self.counts.get(&WHOLE).copied().unwrap_or(0);
                let (value, low, high) = of_share(hits, sample);
                Reading {
                    value,
                    low,
                    high,
                    sample,
                }
            }
            Summary::Quantile(part) => {
                let ranks = of_quantile(part, sample);
                Reading {
                    value: self.ranked(ranks.value),
                    low: ranks.low.and_then(|rank| self.ranked(rank)),
                    high: ranks.high.and_then(|rank| self.ranked(rank)),
                    sample,
                }
            }
            Summary::Level | Summary::Elsewhere => Reading::default(),
        }
    }

    /// Returns the value of a rank, from 1.
    fn ranked(&self, rank: u64) -> Option<i64> {
        let mut below: u64 = 0;
        self.counts.iter().find_map(|(value, count)| {
            below = below.saturating_add(*count);
            (below >= rank).then_some(*value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(values: impl IntoIterator<Item = i64>) -> Sample {
        let mut sample = Sample::default();
        for value in values {
            sample.add(value);
        }
        sample
    }

    // spec: OUTCOME-5
    #[test]
    fn shares_are_floored_and_their_limits_hold_them() {
        let reading = sample([WHOLE, 0, 0]).reading(Summary::Share);
        assert_eq!((reading.value, reading.sample), (Some(3_333), 3));
        // Wilson (1927) for 1 of 3: 6.149% to 79.234%.
        assert_eq!((reading.low, reading.high), (Some(614), Some(7_924)));
        assert_eq!(sample([]).reading(Summary::Share), Reading::default());
    }

    // spec: OUTCOME-5
    #[test]
    fn quantiles_are_observed_values_between_observed_values() {
        let reading = sample((1..=100).rev()).reading(Summary::Quantile(5_000));
        assert_eq!(reading.value, Some(50));
        // Conover (1999): the 40th and the 61st of 100 hold the median at 96.5%.
        assert_eq!((reading.low, reading.high), (Some(40), Some(61)));
        let few = sample([7, 7, 9]).reading(Summary::Quantile(9_000));
        assert_eq!((few.value, few.low, few.high), (Some(9), Some(7), None));
        let reading = sample((1..=100).rev()).reading(Summary::Quantile(9_000));
        assert_eq!(reading.value, Some(90));
    }
}
