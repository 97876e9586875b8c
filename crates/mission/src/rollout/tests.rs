//! Rollouts by their promises: error rates over simulated rollouts, and every way to end in hold or rollback.

mod courses;
mod life;
mod plans;
mod promises;
mod world;
