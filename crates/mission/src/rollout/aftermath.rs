//! What the new version does once everybody has it. No other version is left to compare it with, so it is held against what the
//! contract allows: shares against the baseline and its margin, times as before.
//!
//! The bets are those of the stages (`evidence`), against the hypothesis that a handoff is no worse than allowed, whatever came
//! before. They say that the metric is beyond its bounds, not that the version is why: what else changed after promotion shows too.

use baton_contract::model::Metric;
use baton_terms::Instant;

use super::analysis::{MetricReading, Tally, counted, gain, in_order, in_whole, signed};
use super::bucket::Arm;
use super::evidence::Evidence;
use super::plan::{Judged, OBSERVATIONS_MAX, Observation, Plan, Rule};

/// A promoted version, handoff by handoff.
pub(super) struct Aftermath {
    metrics: Vec<Standing>,
    harmed_at: u64,
    harmed: Option<(Metric, Instant)>,
}

struct Standing {
    judged: Judged,
    tally: Tally,
    missing: u64,
    harm: Evidence,
}

impl Aftermath {
    /// Returns what handoffs of the new version show that finished after `since`, and by `until`.
    pub(super) fn of(
        plan: &Plan,
        (since, until): (Instant, Instant),
        observations: &[Observation],
    ) -> Self {
        let mut aftermath = Self {
            metrics: plan.metrics.iter().cloned().map(Standing::new).collect(),
            harmed_at: plan.harmed_after_at(),
            harmed: None,
        };
        let seen = observations.iter().filter(|observation| {
            observation.arm == Arm::Canary && observation.at > since && observation.at <= until
        });
        let most = usize::try_from(OBSERVATIONS_MAX).unwrap_or(usize::MAX);
        for observation in in_order(seen).into_iter().take(most) {
            aftermath.observe(observation);
        }
        aftermath
    }

    /// Returns which metric is harmed, and when that was shown.
    pub(super) fn harmed(&self) -> Option<(Metric, Instant)> {
        self.harmed
    }

    /// Returns how each metric stands; nothing has to pass any more.
    pub(super) fn readings(&self) -> Vec<MetricReading> {
        let reading = |standing: &Standing| MetricReading {
            metric: standing.judged.metric.word().to_owned(),
            stable: 0,
            canary: standing.tally.count,
            missing: standing.missing,
            stable_share: None,
            canary_share: standing.tally.share(),
            harm: standing.harm.highest(),
            harm_needed: self.harmed_at,
            pass: 0,
            pass_needed: 0,
        };
        self.metrics.iter().map(reading).collect()
    }

    fn observe(&mut self, observation: &Observation) {
        for (at, standing) in self.metrics.iter_mut().enumerate() {
            standing.weigh(observation.values.get(at).copied().flatten());
            if self.harmed.is_none() && standing.harm.highest() >= self.harmed_at {
                self.harmed = Some((standing.judged.metric, observation.at));
            }
        }
    }
}

impl Standing {
    fn new(judged: Judged) -> Self {
        Self {
            judged,
            tally: Tally::default(),
            missing: 0,
            harm: Evidence::new(),
        }
    }

    /// Bets that the metric is beyond its bounds; a handoff without a value proves nothing.
    fn weigh(&mut self, value: Option<i64>) {
        let Some(value) = value else {
            self.missing += 1;
            return;
        };
        let (value, allowed) = match self.judged.rule {
            // Where nothing is allowed, a basis point is, so that a stake has a size.
            Rule::Share { stable_at_most, .. } => (signed(in_whole(value)), stable_at_most.max(1)),
            Rule::Time {
                share, harm_above, ..
            } => (counted(value > harm_above), share),
        };
        self.tally.add(value);
        self.harm.observe(gain(value - allowed, 1, allowed));
    }
}
