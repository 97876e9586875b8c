//! The seeded simulation: the real engine under virtual time, a store that fails, couriers that lose and double, processes that
//! die or stand still, and people who do what they may and what they may not, all from one seed.
//!
//! A run ends with everything healed and time run out, and what is left is judged by [`crate::check`], which shares no code with
//! what it judges, by the register's inspection, and by making every recorded check again. The same seed gives the same run.

mod conditions;
mod hazards;
mod people;
mod run;
mod scene;
mod world;

pub use conditions::{
    Limits, gone_back, out_of_hours, over_limit, self_approved, unfair, unreviewed,
};
pub use hazards::Hazards;
pub use run::{Outcome, Severity, run};
pub use scene::{Invariant, Scene};
