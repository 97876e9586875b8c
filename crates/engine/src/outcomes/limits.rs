//! Limits of one report on outcomes.

/// Weeks told one by one in a report on outcomes.
pub const OUTCOME_WEEKS_MAX: u32 = 104;
/// Contracts in one report on outcomes.
pub const OUTCOME_CONTRACTS_MAX: usize = 1_000;
/// Different values that one report on outcomes counts.
pub const OUTCOME_VALUES_MAX: usize = 5_000_000;
/// Handoffs taken up again by another one that one report on outcomes counts.
pub const OUTCOME_REOPENED_MAX: usize = 1_000_000;
/// Missions told in one report on outcomes; the number of the others is told.
pub const OUTCOME_MISSIONS_MAX: usize = 200;
