//! One cause: its conditions, its size, and every reason to believe or doubt it.

use serde::{Deserialize, Serialize};

use super::fixed::Fixed;

/// A value with its interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// Estimate; absent when it is not defined, such as a ratio to zero failures.
    pub value: Option<Fixed>,
    /// Lower limit.
    pub low: Option<Fixed>,
    /// Upper limit.
    pub high: Option<Fixed>,
}

/// One test on one feature.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(
    rename_all = "kebab-case",
    rename_all_fields = "kebab-case",
    deny_unknown_fields,
    tag = "test"
)]
pub enum Condition {
    /// The feature has this value.
    Is {
        /// Name of the feature.
        feature: String,
        /// The value.
        value: String,
    },
    /// The feature has one of these values.
    In {
        /// Name of the feature.
        feature: String,
        /// The values, in the order of their bytes.
        values: Vec<String>,
    },
    /// The feature has no value.
    Missing {
        /// Name of the feature.
        feature: String,
    },
    /// What the feature names is there.
    Present {
        /// Name of the feature.
        feature: String,
    },
    /// What the feature names is not there.
    Absent {
        /// Name of the feature.
        feature: String,
    },
    /// The number is at least `low` and below `high`.
    Between {
        /// Name of the feature.
        feature: String,
        /// Lower limit, included.
        low: Option<Fixed>,
        /// Upper limit, excluded.
        high: Option<Fixed>,
        /// What the number counts: `count`, `seconds`, or nothing.
        unit: Option<String>,
    },
}

/// Conditions that go with failure over all cases, not surely enough to be a cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspect {
    /// Place in the list, from 1.
    pub rank: u32,
    /// The conditions, all of which hold, in the order of their features.
    pub conditions: Vec<Condition>,
    /// Cases they hold for.
    pub cases: u64,
    /// Failures among them.
    pub failures: u64,
    /// Failure rate with its interval.
    pub rate: Interval,
    /// Failure rate of all other cases.
    pub other_rate: Fixed,
    /// Risk ratio, Koopman score interval (1984).
    pub risk_ratio: Interval,
    /// log10 of the exact p-value over all cases, given the causes and the suspects before it.
    pub log10_p: Fixed,
    /// How many such a search this size brings about on average where there is nothing to find.
    pub by_chance: Fixed,
}

/// How strong the evidence is; the words of the report follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// Found, and not seen again later or lost after adjustment.
    Associated,
    /// Seen again in later cases.
    Replicated,
    /// Seen again, and it holds after adjusting for other drivers.
    Adjusted,
}

/// What later cases say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirmation {
    /// Significant again.
    Replicated,
    /// The same direction, not significant.
    Weaker,
    /// No excess left.
    Gone,
    /// Too few later cases to say.
    Untested,
}

/// How large the cause is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// Cases the conditions hold for (N).
    pub cases: u64,
    /// Failures among them (K).
    pub failures: u64,
    /// K / N with its interval.
    pub rate: Interval,
    /// Failure rate of all other cases.
    pub other_rate: Fixed,
    /// Risk ratio, Koopman score interval (1984).
    pub risk_ratio: Interval,
    /// Risk difference, Miettinen–Nurminen interval (1985).
    pub risk_difference: Interval,
    /// Failures above the rate of everyone else.
    pub excess_failures: Interval,
    /// Share of all failures.
    pub share_of_failures: Fixed,
    /// Cost above that of everyone else, when the outcome has a cost.
    pub excess_cost: Option<Fixed>,
    /// Failures that fixing it would save each month of 30.4375 days.
    pub saved_per_month: Interval,
    /// log10 of the exact one-sided hypergeometric p-value.
    pub log10_p: Fixed,
    /// log10 of the Benjamini–Hochberg q-value.
    pub log10_q: Fixed,
    /// log10 of the Benjamini–Yekutieli q-value.
    pub log10_q_strict: Fixed,
}

/// One stratum of an adjustment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stratum {
    /// What its cases have in common.
    pub name: String,
    /// Cases with the cause, and failures among them.
    pub exposed: (u64, u64),
    /// Cases without it, and failures among them.
    pub unexposed: (u64, u64),
}

/// What is left of the cause after adjusting for other drivers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// Features adjusted for.
    pub drivers: Vec<String>,
    /// Mantel–Haenszel risk ratio with Greenland–Robins interval (1985).
    pub risk_ratio: Interval,
    /// log10 of the Breslow–Day p-value for unequal strata.
    pub log10_heterogeneity: Option<Fixed>,
    /// Direction reverses after adjustment.
    pub simpson: bool,
    /// The ratio moves by more than a quarter.
    pub confounded: bool,
    /// The strata disagree (Breslow–Day p under 0.01); `strata` says how.
    pub heterogeneous: bool,
    /// The strata, largest first.
    pub strata: Vec<Stratum>,
}

/// How strong something unmeasured would have to be (`VanderWeele` and Ding 2017).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sensitivity {
    /// E-value of the adjusted risk ratio.
    pub e_value: Fixed,
    /// E-value of its lower limit; 1 when the interval includes 1.
    pub e_value_of_limit: Fixed,
    /// The strongest observed driver and its risk ratio, to judge the E-value by.
    pub strongest_driver: Option<(String, Fixed)>,
}

/// How often the cause is selected again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stability {
    /// Resamples drawn.
    pub resamples: u32,
    /// Share of them that select it or an alias.
    pub selected: Fixed,
}

/// One cause, in the order of the cover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// `cause-` and the first 12 hex digits of the digest of its conditions.
    pub id: String,
    /// Place in the list, from 1.
    pub rank: u32,
    /// Conditions that hold together, in the order of their features.
    pub conditions: Vec<Condition>,
    /// Other descriptions of the very same cases, shortest first.
    pub aliases: Vec<Vec<Condition>>,
    /// Descriptions of nearly the same failures (Jaccard index at least 0.9), with the index.
    pub near_aliases: Vec<(Vec<Condition>, Fixed)>,
    /// Whether somebody can change one of its features.
    pub modifiable: bool,
    /// How strong the evidence is.
    pub strength: Strength,
    /// Its size over all cases.
    pub effect: Effect,
    /// Failures it explains that no cause before it explains.
    pub explains: u64,
    /// What the later cases say.
    pub confirmation: Confirmation,
    /// Its size on the later cases alone.
    pub later: Option<Effect>,
    /// What is left after adjusting; absent when no other driver was found.
    pub adjustment: Option<Adjustment>,
    /// Sensitivity to what was not measured.
    pub sensitivity: Sensitivity,
    /// Stability under resampling; absent when it was not asked for.
    pub stability: Option<Stability>,
    /// Failing cases to look at, up to the stated number, in the order of their start.
    pub examples: Vec<String>,
    /// Failures and cases of the cause per period of `overview.periods`.
    pub periods: Vec<(u64, u64)>,
}
