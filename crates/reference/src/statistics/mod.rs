//! Statistics once more, from their definitions: exact fractions for what is counted, brute force
//! for intervals, textbook sums for adjustment. Small numbers only.

mod adjustment;
mod correction;
mod exact;
mod intervals;

pub use adjustment::{
    breslow_day, chi_square_tail, greenland_robins, joint_savings, mantel_haenszel, rate_and_mix,
    savings,
};
pub use correction::{largest_level, q_values};
pub use exact::{
    binomial_tail, cluster_tail, hypergeometric_point, hypergeometric_tail, ln,
    poisson_binomial_tail, stratified_tail,
};
pub use intervals::{clopper_pearson, difference_is_inside, ratio_is_inside, wilson};

/// Cases and failures of those with the cause, then of those without.
pub type Table = ((u32, u32), (u32, u32));
