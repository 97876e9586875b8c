//! Weighs canary against stable, one finished handoff after the other.
//!
//! For each metric two hypotheses are bet against all the time: that the canary does no harm, and that it is beyond its
//! bounds. What is concluded depends on the handoffs in their order and on nothing else: the first conclusion
//! reached stands, whenever and however often somebody looks.

use baton_contract::model::{Metric, NoData};
use baton_terms::Instant;
use serde::{Deserialize, Serialize};

use super::bucket::Arm;
use super::evidence::{Evidence, Gain};
use super::pairing::Pairing;
use super::plan::{Judged, OBSERVATIONS_MAX, Observation, Plan, PlanStage, Rule};
use crate::course::WHOLE;

/// What the new version did in shadow, where it decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shadow {
    /// Packages it assessed.
    pub assessed: u64,
    /// Packages it could not assess.
    pub failed: u64,
}

/// Why nothing is concluded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Hold {
    /// The stage is not over.
    Stay {
        /// When it may be.
        until: Option<Instant>,
    },
    /// Too few handoffs.
    TooFew {
        /// The metric; none in shadow.
        metric: Option<String>,
        /// Of the stable version.
        stable: u64,
        /// Of the canary.
        canary: u64,
        /// Of each.
        needed: u64,
    },
    /// The canary may still be beyond its bounds.
    NotShown {
        /// The metric.
        metric: String,
        /// Evidence so far.
        evidence: u64,
        /// Evidence needed.
        needed: u64,
    },
    /// The stable version itself is beyond what it was, so that being like it says nothing.
    StableNotWell {
        /// The metric.
        metric: String,
        /// Its share now, in basis points, floored.
        share: i64,
        /// The highest share at which something is concluded.
        at_most: i64,
    },
    /// In shadow, packages could not be assessed.
    ShadowFailed {
        /// How many.
        failed: u64,
    },
    /// More handoffs than one stage takes into account.
    TooMany {
        /// The limit.
        limit: u64,
    },
    /// Somebody froze the rollout.
    Frozen {
        /// Why.
        reason: String,
    },
    /// What is needed to judge could not be read.
    Unreadable {
        /// What and why.
        reason: String,
    },
}

/// What a stage concludes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Go on to the next stage.
    Advance {
        /// When that was shown.
        at: Instant,
    },
    /// Return to the stable version, for a metric is harmed.
    Harmed {
        /// The metric.
        metric: Metric,
        /// When that was shown.
        at: Instant,
    },
    /// Return to the stable version, for there were too few handoffs in time.
    NoData {
        /// When time was up.
        at: Instant,
    },
    /// Wait.
    Hold(Vec<Hold>),
}

/// How a metric stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricReading {
    /// The metric.
    pub metric: String,
    /// Handoffs of the stable version with a value.
    pub stable: u64,
    /// Handoffs of the canary with a value.
    pub canary: u64,
    /// Handoffs without one.
    pub missing: u64,
    /// Share over the stable version's handoffs, in basis points, floored.
    pub stable_share: Option<i64>,
    /// Share over the canary's handoffs, in basis points, floored.
    pub canary_share: Option<i64>,
    /// Highest evidence of harm.
    pub harm: u64,
    /// Evidence at which it counts as harmed.
    pub harm_needed: u64,
    /// Highest evidence of being within bounds.
    pub pass: u64,
    /// Evidence at which it passes.
    pub pass_needed: u64,
}

/// One stage under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    metrics: Vec<Weighing>,
    harmed_at: u64,
    passed_at: u64,
    /// From here on the stage's exposure was in force; what finished before counts for harm alone.
    entered: Instant,
    taken: u64,
    harmed: Option<(Metric, Instant)>,
    sampled: Option<Instant>,
    shown: Option<Instant>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Weighing {
    judged: Judged,
    stable: Tally,
    canary: Tally,
    missing: u64,
    harm: Evidence,
    pass: Evidence,
    harm_pairs: Pairing,
    pass_pairs: Pairing,
}

/// Values of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tally {
    pub(super) count: u64,
    sum: i64,
}

impl Analysis {
    /// Returns the stage that was entered at `entered`, with no handoff in it yet.
    pub fn new(plan: &Plan, entered: Instant) -> Self {
        Self {
            metrics: plan.metrics.iter().cloned().map(Weighing::new).collect(),
            harmed_at: plan.harmed_at(),
            passed_at: plan.passed_at(),
            entered,
            taken: 0,
            harmed: None,
            sampled: None,
            shown: None,
        }
    }

    /// Returns the stage with `observations`, in the order of their instants and then of the handoffs' ids.
    pub fn of(plan: &Plan, entered: Instant, observations: &[Observation]) -> Self {
        let mut analysis = Self::new(plan, entered);
        for observation in in_order(observations.iter()) {
            analysis.observe(observation);
        }
        analysis
    }

    /// Takes one more handoff into account; call in the order of instants.
    pub fn observe(&mut self, observation: &Observation) {
        self.taken = self.taken.saturating_add(1);
        if self.taken > OBSERVATIONS_MAX {
            return;
        }
        let is_inside = observation.at > self.entered;
        for (at, weighing) in self.metrics.iter_mut().enumerate() {
            let value = observation.values.get(at).copied().flatten();
            weighing.weigh_harm(observation.arm, value);
            if is_inside {
                weighing.weigh_pass(observation.arm, value);
            }
            if self.harmed.is_none() && weighing.harm.highest() >= self.harmed_at {
                self.harmed = Some((weighing.judged.metric, observation.at));
            }
        }
        if self.sampled.is_none() && self.metrics.iter().all(Weighing::is_sampled) {
            self.sampled = Some(observation.at);
        }
        let is_shown = |weighing: &Weighing| weighing.is_shown(self.passed_at);
        if self.shown.is_none() && self.metrics.iter().all(is_shown) {
            self.shown = Some(observation.at);
        }
    }

    /// Returns how each metric stands.
    pub fn readings(&self) -> Vec<MetricReading> {
        let reading = |weighing: &Weighing| weighing.reading(self.harmed_at, self.passed_at);
        self.metrics.iter().map(reading).collect()
    }

    /// Returns what a judged `stage`, whose conclusions count from `since`, concludes by `now`.
    pub fn verdict(
        &self,
        stage: PlanStage,
        (since, now): (Instant, Instant),
        no_data: NoData,
    ) -> Verdict {
        let over = self.entered.max(since).checked_add(stage.hold);
        let passes = (self.shown.zip(over))
            .map(|(shown, over)| shown.max(over))
            .filter(|at| *at <= now);
        let is_first = |at: &Instant| passes.is_none_or(|passes| *at <= passes);
        let harmed = self.harmed.filter(|(_, at)| is_first(at));
        let is_late = |over: &Instant| self.sampled.is_none_or(|sampled| sampled > *over);
        let expired = over
            .filter(|_| no_data == NoData::RollBack && stage.hold.seconds() > 0)
            .filter(|over| *over <= now && is_late(over));
        match (harmed, expired, passes) {
            (Some((metric, at)), None, _) => Verdict::Harmed { metric, at },
            (Some((metric, at)), Some(over), _) if at <= over => Verdict::Harmed { metric, at },
            (_, Some(at), _) => Verdict::NoData { at },
            (None, None, Some(at)) => Verdict::Advance { at },
            (None, None, None) => Verdict::Hold(self.holds(over.filter(|over| *over > now))),
        }
    }

    fn holds(&self, until: Option<Instant>) -> Vec<Hold> {
        let mut holds = Vec::new();
        if until.is_some() {
            holds.push(Hold::Stay { until });
        }
        if self.taken > OBSERVATIONS_MAX {
            holds.push(Hold::TooMany {
                limit: OBSERVATIONS_MAX,
            });
        }
        for weighing in &self.metrics {
            holds.extend(weighing.holds(self.passed_at));
        }
        holds
    }
}

/// Returns handoffs in the order in which they finished, then of their ids.
pub(super) fn in_order<'o>(
    observations: impl Iterator<Item = &'o Observation>,
) -> Vec<&'o Observation> {
    let mut ordered: Vec<&Observation> = observations.collect();
    ordered.sort_by(|one, other| (one.at, &one.handoff).cmp(&(other.at, &other.handoff)));
    ordered
}

/// Returns what a stage in shadow concludes.
pub(super) fn shadow_verdict(
    plan: &Plan,
    shadow: Shadow,
    (over, now): (Option<Instant>, Instant),
) -> Verdict {
    let needed = (plan.metrics.iter().map(|judged| judged.minimum_sample))
        .max()
        .unwrap_or(1);
    let mut holds = Vec::new();
    let over = over.filter(|over| *over <= now);
    if over.is_none() {
        holds.push(Hold::Stay { until: None });
    }
    if shadow.assessed < needed {
        holds.push(Hold::TooFew {
            metric: None,
            stable: 0,
            canary: shadow.assessed,
            needed,
        });
    }
    if shadow.failed > 0 {
        holds.push(Hold::ShadowFailed {
            failed: shadow.failed,
        });
    }
    match over {
        Some(_) if holds.is_empty() => Verdict::Advance { at: now },
        _ => Verdict::Hold(holds),
    }
}

impl Weighing {
    fn new(judged: Judged) -> Self {
        Self {
            judged,
            stable: Tally::default(),
            canary: Tally::default(),
            missing: 0,
            harm: Evidence::new(),
            pass: Evidence::new(),
            harm_pairs: Pairing::default(),
            pass_pairs: Pairing::default(),
        }
    }

    /// Bets that the canary does harm; a handoff without a value proves none.
    fn weigh_harm(&mut self, arm: Arm, value: Option<i64>) {
        let Some(value) = value else { return };
        match self.judged.rule {
            Rule::Share { harm_above, .. } => {
                if let Some(block) = self.harm_pairs.add(arm, in_whole(value)) {
                    // The least a difference can be is -10,000.
                    let worst = WHOLE + harm_above;
                    let above = block.numerator - harm_above * signed(block.denominator);
                    self.harm.observe(gain(above, block.denominator, worst));
                }
            }
            Rule::Time {
                share, harm_above, ..
            } => {
                if arm == Arm::Canary {
                    let above = counted(value > harm_above) - share;
                    self.harm.observe(gain(above, 1, share));
                }
            }
        }
    }

    /// Bets that the canary is within its bounds; a handoff without a value counts against that.
    fn weigh_pass(&mut self, arm: Arm, value: Option<i64>) {
        let tally = match arm {
            Arm::Stable => &mut self.stable,
            Arm::Canary => &mut self.canary,
        };
        match (self.judged.rule, value) {
            (_, None) => self.missing += 1,
            (Rule::Share { .. }, Some(value)) => tally.add(signed(in_whole(value))),
            (Rule::Time { pass_above, .. }, Some(value)) => tally.add(counted(value > pass_above)),
        }
        match self.judged.rule {
            Rule::Share { pass_below, .. } => {
                let worst_case = match arm {
                    Arm::Stable => 0,
                    Arm::Canary => WHOLE,
                };
                let value = in_whole(value.unwrap_or(worst_case));
                if let Some(block) = self.pass_pairs.add(arm, value) {
                    // The most a difference can be is 10,000.
                    let worst = WHOLE - pass_below;
                    let below = pass_below * signed(block.denominator) - block.numerator;
                    self.pass.observe(gain(below, block.denominator, worst));
                }
            }
            Rule::Time {
                share, pass_above, ..
            } => {
                if arm == Arm::Canary {
                    let below = share - counted(value.is_none_or(|value| value > pass_above));
                    self.pass.observe(gain(below, 1, WHOLE - share));
                }
            }
        }
    }

    fn is_sampled(&self) -> bool {
        let needed = self.judged.minimum_sample;
        let is_compared = matches!(self.judged.rule, Rule::Share { .. });
        self.canary.count >= needed && (!is_compared || self.stable.count >= needed)
    }

    fn is_shown(&self, passed_at: u64) -> bool {
        self.is_sampled() && self.pass.highest() >= passed_at && self.stable_beyond().is_none()
    }

    /// Returns the stable version's share and the highest one allowed, where it is above.
    fn stable_beyond(&self) -> Option<(i64, i64)> {
        let Rule::Share { stable_at_most, .. } = self.judged.rule else {
            return None;
        };
        let share = self.stable.share()?;
        (share > stable_at_most).then_some((share, stable_at_most))
    }

    fn holds(&self, passed_at: u64) -> Vec<Hold> {
        let metric = || self.judged.metric.word().to_owned();
        let mut holds = Vec::new();
        if !self.is_sampled() {
            holds.push(Hold::TooFew {
                metric: Some(metric()),
                stable: self.stable.count,
                canary: self.canary.count,
                needed: self.judged.minimum_sample,
            });
        }
        if self.pass.highest() < passed_at {
            holds.push(Hold::NotShown {
                metric: metric(),
                evidence: self.pass.highest(),
                needed: passed_at,
            });
        }
        if let Some((share, at_most)) = self.stable_beyond() {
            holds.push(Hold::StableNotWell {
                metric: metric(),
                share,
                at_most,
            });
        }
        holds
    }

    fn reading(&self, harm_needed: u64, pass_needed: u64) -> MetricReading {
        MetricReading {
            metric: self.judged.metric.word().to_owned(),
            stable: self.stable.count,
            canary: self.canary.count,
            missing: self.missing,
            stable_share: self.stable.share(),
            canary_share: self.canary.share(),
            harm: self.harm.highest(),
            harm_needed,
            pass: self.pass.highest(),
            pass_needed,
        }
    }
}

impl Tally {
    pub(super) fn add(&mut self, value: i64) {
        self.count += 1;
        self.sum += value;
    }

    /// Returns the mean, floored; nothing without a handoff.
    pub(super) fn share(self) -> Option<i64> {
        self.sum.checked_div_euclid(signed(self.count))
    }
}

/// Returns `numerator / denominator`, in basis points, as a part of the `worst` loss in basis points.
pub(super) fn gain(numerator: i64, denominator: u64, worst: i64) -> Gain {
    Gain {
        numerator,
        denominator: denominator.saturating_mul(worst.unsigned_abs().max(1)),
    }
}

/// Returns a share, held to 0..=10,000.
pub(super) fn in_whole(value: i64) -> u64 {
    value.clamp(0, WHOLE).unsigned_abs()
}

/// Returns the share that one handoff is of itself: all or nothing.
pub(super) fn counted(is_above: bool) -> i64 {
    if is_above { WHOLE } else { 0 }
}

/// Returns a count beside which others may be below zero.
pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
