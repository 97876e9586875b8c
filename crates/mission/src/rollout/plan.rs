//! What a rollout is to do, fixed before it starts and never changed after.

use std::collections::BTreeMap;

use baton_contract::model::{Analysis, Baseline, Bound, BucketingUnit, Contract, Metric, NoData};
use baton_terms::{Code, Diagnostic, Digest, Elapsed, Id, Instant};
use serde::{Deserialize, Serialize};

use super::bucket::{Arm, SHA256_MODULO_V1};
use crate::course::{Course, WHOLE};
use crate::names::HandoffId;

/// A contract cannot be rolled out as it is written.
pub const ROLLOUT_UNUSABLE: Code = Code::new(1390);
/// A version that changes nothing is rolled back in at most one of this many rollouts.
pub const FALSE_ROLLBACKS_ONE_IN: u64 = 20;
/// A version beyond its bounds passes a stage in at most one of this many rollouts.
pub const FALSE_ADVANCES_ONE_IN: u64 = 100;
/// Handoffs that one stage takes into account.
pub const OBSERVATIONS_MAX: u64 = 1_000_000;

/// Over how many days a metric is measured of which no outcome of the contract says it.
const WINDOW_DAYS: u64 = 30;

/// The versions at stake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// Name of the contract.
    pub contract: Id,
    /// Digest of the version in force: what a rollback lands on.
    pub stable: Digest,
    /// Digest of the version being rolled out.
    pub canary: Digest,
}

/// One stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanStage {
    /// Share of buckets exposed; 0 is shadow, 100 is full.
    pub percent: u32,
    /// Shortest stay.
    #[serde(rename = "hold_seconds", with = "in_seconds")]
    pub hold: Elapsed,
}

/// How a metric is compared. Values are basis points for shares, and the metric's unit for times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Rule {
    /// The canary's share beside the stable version's.
    Share {
        /// Worse by more than this is harm.
        harm_above: i64,
        /// Worse by less than this passes; below zero, it has to be better.
        pass_below: i64,
        /// Above this share the stable version itself is not well, and nothing is concluded.
        stable_at_most: i64,
    },
    /// The share of the canary's handoffs above a time.
    Time {
        /// The share that may be above, in basis points.
        share: i64,
        /// More than that share above this time is harm.
        harm_above: i64,
        /// Less than that share above this time passes.
        pass_above: i64,
    },
}

/// A metric that decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// The metric.
    pub metric: Metric,
    /// How it is compared.
    pub rule: Rule,
    /// Fewest handoffs on each side.
    pub minimum_sample: u64,
}

/// What a rollout is to do. It is recorded whole: what a later program makes of a contract changes no rollout under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Its id.
    pub id: Id,
    /// The versions at stake.
    pub versions: Versions,
    /// Flag behind which the version is exposed.
    pub flag: Id,
    /// Bucketing algorithm, kept for the whole rollout.
    pub algorithm: Id,
    /// What is put into a bucket as a whole.
    pub unit: BucketingUnit,
    /// Stages, of growing exposure; the last one is full.
    pub stages: Vec<PlanStage>,
    /// The metrics that decide.
    pub metrics: Vec<Judged>,
    /// What a stage without enough handoffs does.
    pub no_data: NoData,
    /// Who is told.
    pub oversight: Id,
    /// For how long handoffs are still looked at after promotion. Plans of before that was done have none.
    #[serde(default, rename = "watch_seconds", with = "in_seconds")]
    pub watch: Elapsed,
}

/// A handoff that has gone far enough to say how it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// The handoff.
    pub handoff: HandoffId,
    /// When that was known.
    pub at: Instant,
    /// Which version judged it.
    pub arm: Arm,
    /// The value of each metric of the plan, in its order; nothing where it is not known. A share is 0 or
    /// 10,000, or between where a handoff counts in part.
    pub values: Vec<Option<i64>>,
}

impl Plan {
    /// Returns the plan of rolling out `contract`, whose metrics stood at `measured` where it says to
    /// measure first.
    ///
    /// # Errors
    /// With everything that keeps the rollout from being judged.
    pub fn of(
        id: Id,
        versions: Versions,
        contract: &Contract,
        measured: &BTreeMap<Metric, i64>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (Some(rollout), Some(owner)) = (&contract.rollout, &contract.owner) else {
            return Err(vec![unusable("a rollout and an owner", "one is missing")]);
        };
        let mut problems = Vec::new();
        if versions.stable == versions.canary {
            problems.push(unusable("two versions", "the same digest twice"));
        }
        if rollout.bucketing_algorithm.as_str() != SHA256_MODULO_V1 {
            let found = format!("algorithm `{}`", rollout.bucketing_algorithm);
            problems.push(unusable("an algorithm this program knows", &found));
        }
        let stages: Vec<PlanStage> = (rollout.stages.iter())
            .map(|stage| PlanStage {
                percent: stage.percent,
                hold: stage.hold.unwrap_or(Elapsed::from_seconds(0)),
            })
            .collect();
        if !is_growing(&stages) {
            let found = format!("{} stages that are not", stages.len());
            problems.push(unusable("stages that grow and end at 100", &found));
        }
        let mut metrics = Vec::new();
        for entry in &rollout.analysis {
            match judged(entry, contract, measured) {
                Ok(metric) => metrics.push(metric),
                Err(found) => problems.push(unusable("metrics that can be judged", &found)),
            }
        }
        if metrics.is_empty() && problems.is_empty() {
            problems.push(unusable("a metric", "none"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let watch = window(contract, &metrics);
        Ok(Self {
            id,
            versions,
            flag: rollout.flag.clone(),
            algorithm: rollout.bucketing_algorithm.clone(),
            unit: rollout.bucketing_unit,
            stages,
            metrics,
            no_data: rollout.no_data,
            oversight: owner.team.clone(),
            watch,
        })
    }

    /// Returns which of its metrics no single handoff of a rollout shows by its end.
    pub fn unmeasured(&self) -> impl Iterator<Item = Metric> {
        let metrics = self.metrics.iter().map(|judged| judged.metric);
        metrics.filter(|metric| !Course::shows(*metric))
    }

    /// Returns the stage at `index`.
    pub fn stage(&self, index: usize) -> Option<&PlanStage> {
        self.stages.get(index)
    }

    /// Returns the evidence at which a metric counts as harmed: the allowance is shared out over metrics and stages.
    pub(super) fn harmed_at(&self) -> u64 {
        let metrics = u64::try_from(self.metrics.len()).unwrap_or(u64::MAX);
        FALSE_ROLLBACKS_ONE_IN
            .saturating_mul(metrics)
            .saturating_mul(self.judged_stages())
    }

    /// Returns the evidence at which a metric counts as harmed after promotion, which has an allowance of its own.
    pub(super) fn harmed_after_at(&self) -> u64 {
        let metrics = u64::try_from(self.metrics.len()).unwrap_or(u64::MAX);
        FALSE_ROLLBACKS_ONE_IN.saturating_mul(metrics)
    }

    /// Returns the evidence at which a metric passes a stage; every metric has to.
    pub(super) fn passed_at(&self) -> u64 {
        FALSE_ADVANCES_ONE_IN.saturating_mul(self.judged_stages())
    }

    fn judged_stages(&self) -> u64 {
        let judged = self.stages.iter().filter(|stage| stage.is_judged()).count();
        u64::try_from(judged).unwrap_or(u64::MAX).max(1)
    }
}

impl PlanStage {
    /// Returns whether both versions judge handoffs in this stage, so that they can be compared.
    pub fn is_judged(&self) -> bool {
        (1..100).contains(&self.percent)
    }
}

/// Returns the longest window over which one of the judged metrics is measured, as the contract's outcomes say.
pub fn window(contract: &Contract, judged: &[Judged]) -> Elapsed {
    let outcomes = contract.outcomes.iter();
    let windows = outcomes.filter(|outcome| judged.iter().any(|one| one.metric == outcome.metric));
    let longest = windows.map(|outcome| outcome.window).max();
    longest.unwrap_or(Elapsed::from_seconds(WINDOW_DAYS * 86_400))
}

/// An elapsed time is recorded in whole seconds.
mod in_seconds {
    use baton_terms::Elapsed;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "the signature that serde calls"
    )]
    pub(super) fn serialize<S: Serializer>(
        elapsed: &Elapsed,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(elapsed.seconds())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Elapsed, D::Error> {
        u64::deserialize(deserializer).map(Elapsed::from_seconds)
    }
}

fn is_growing(stages: &[PlanStage]) -> bool {
    let percents = || stages.iter().map(|stage| stage.percent);
    let grows = percents()
        .zip(percents().skip(1))
        .all(|(one, next)| one < next);
    grows && percents().next_back() == Some(100)
}

fn judged(
    entry: &Analysis,
    contract: &Contract,
    measured: &BTreeMap<Metric, i64>,
) -> Result<Judged, String> {
    let word = entry.metric.word();
    let outcome = (contract.outcomes.iter()).find(|outcome| outcome.metric == entry.metric);
    let known = outcome.and_then(|outcome| match outcome.baseline {
        Some(Baseline::Known(value)) => Some(value),
        Some(Baseline::Measure) | None => None,
    });
    let baseline = (measured.get(&entry.metric).copied().or(known))
        .ok_or_else(|| format!("`{word}`, whose baseline is neither known nor measured"))?;
    let (tolerated, demanded) = match entry.bound {
        Bound::NotWorseBy => (entry.margin, entry.margin),
        Bound::BetterBy => (0, -entry.margin),
    };
    let rule = match entry.metric {
        Metric::BounceRate
        | Metric::NeedsInputRate
        | Metric::LateRate
        | Metric::ReworkRate
        | Metric::ReopenRate
        | Metric::RollbackRate => {
            if entry.margin >= WHOLE {
                return Err(format!("`{word}` with a margin of everything"));
            }
            Rule::Share {
                harm_above: tolerated,
                pass_below: demanded,
                stable_at_most: baseline.saturating_add(tolerated),
            }
        }
        Metric::TimeToVerdictP50 | Metric::TimeToCompleteP50 | Metric::ApprovalLatencyP50 => {
            Rule::time(WHOLE / 2, baseline, (tolerated, demanded))
        }
        Metric::TimeToVerdictP90 | Metric::TimeToCompleteP90 => {
            Rule::time(WHOLE / 10, baseline, (tolerated, demanded))
        }
        Metric::WaiverDebt | Metric::LoadFairness | Metric::Custom => {
            return Err(format!("`{word}`, which no single handoff has"));
        }
    };
    Ok(Judged {
        metric: entry.metric,
        rule,
        minimum_sample: u64::from(entry.minimum_sample),
    })
}

impl Rule {
    fn time(share: i64, baseline: i64, (tolerated, demanded): (i64, i64)) -> Self {
        Self::Time {
            share,
            harm_above: baseline.saturating_add(tolerated),
            pass_above: baseline.saturating_add(demanded),
        }
    }
}

fn unusable(expected: &str, found: &str) -> Diagnostic {
    Diagnostic::error(ROLLOUT_UNUSABLE, "contract can't be rolled out")
        .expected(expected)
        .found(found)
        .hint("see the contract's `rollout` and `outcomes`")
}
