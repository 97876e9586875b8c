//! Named limits of a simulation.

/// Fewest replications: with fewer than 39, no range can hold 95 of 100 outcomes.
pub const REPLICATIONS_MIN: u32 = 40;
/// Most replications.
pub const REPLICATIONS_MAX: u32 = 10_000;
/// Most scenarios of one run.
pub const SCENARIOS_MAX: usize = 20;
/// Fewest weeks to fit.
pub const FIT_WEEKS_MIN: i64 = 4;
/// Most weeks held out.
pub const HELD_OUT_WEEKS_MAX: i64 = 52;
/// Fewest visits behind an empirical distribution before a wider one is taken.
pub const POOL_MIN: usize = 20;
/// Fewest handovers of a team or edge for its waiting to be compared.
pub const COMPARED_MIN: u64 = 20;
/// Most visits of one case in a replication; then it leaves, and is counted.
pub const VISITS_MAX: u32 = 500;
/// Most events of one replication; then it stops, and is counted.
pub const EVENTS_MAX: u64 = 50_000_000;
/// Most cases that arrive in one hour.
pub const HOUR_ARRIVALS_MAX: u32 = 4_095;
/// Most teams and edges whose change is shown for one scenario.
pub const SHOWN_MAX: usize = 200;
