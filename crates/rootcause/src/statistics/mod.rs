//! The statistics behind every number of a mining report: exact tests, intervals, adjustment,
//! change, and keyed shuffles.
//!
//! Arguments are counts; answers are floats that are rounded once, when they are published. Each
//! function names its source, its unit and when it answers `None`. `crates/reference` holds a
//! naive second implementation of each, in exact rationals where the definition allows.
//!
//! Invariants:
//! - no normal approximation decides what is reported;
//! - logarithms and exponentials come from `libm`, sums have one order: same bytes everywhere;
//! - nothing that is not finite is returned.

mod binomial;
mod chi_square;
mod clusters;
mod confidence;
mod estimate;
mod false_discovery;
mod fourfold;
mod heterogeneity;
mod hypergeometric;
mod independent_sum;
mod keyed;
mod log_factorials;
mod log_probability;
mod noisy_or;
mod rate;
mod rate_mix;
mod real;
mod risk_difference;
mod risk_ratio;
mod roots;
mod savings;
mod sensitivity;
mod series;
mod strata;
mod testability;
mod tilted;

pub use binomial::Binomial;
pub use chi_square::chi_square_tail;
pub use clusters::{Cluster, Exposure, cluster_test};
pub use confidence::Confidence;
pub use estimate::Estimate;
pub use false_discovery::{Dependence, q_values};
pub use fourfold::FourfoldTable;
pub use heterogeneity::{Heterogeneity, breslow_day};
pub use hypergeometric::{Hypergeometric, TABLE_CASES_MAX};
pub use independent_sum::{RiskGroup, poisson_binomial_upper_tail, stratified_upper_tail};
pub use keyed::{Stream, philox, shuffle_within};
pub use log_factorials::{ln_choose, ln_factorial};
pub use log_probability::LogProbability;
pub use noisy_or::{Cell, NoisyOr};
pub use rate::{clopper_pearson, wilson};
pub use rate_mix::{GroupChange, GroupEffect, RateMix, WINDOW_CASES_MAX, rate_mix};
pub use real::real;
pub use risk_difference::{excess_failures, miettinen_nurminen};
pub use risk_ratio::koopman;
pub use savings::{LogRatio, savings};
pub use sensitivity::{e_value, e_value_of_limit};
pub use strata::{is_confounded, is_reversed, mantel_haenszel, mantel_haenszel_odds_ratio, pooled};
pub use testability::{Cut, Testable, tarone_cut};
pub use tilted::CONVOLUTION_STEPS_MAX;
