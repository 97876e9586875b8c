//! The mining run: from a case table to the parts of a report.
//!
//! Causes are found on the earlier cases by an exact search, put on the list one by one as long as
//! each shows something the ones before it do not, and then judged on later cases, within strata of
//! other drivers and on resamples. `docs/spec/mining.md` says what a report promises.

mod adjust;
mod aliases;
mod assemble;
mod bits;
mod blocks;
mod candidates;
mod cautions;
mod cells;
mod confirm;
mod cover;
mod drift;
mod drivers;
mod effect;
mod ground;
mod item;
mod prepare;
mod productive;
mod run;
mod settings;
mod sharpen;
mod stability;
mod stratified;
mod suspects;
mod time;
mod told;

pub use assemble::Mined;
pub use run::{Step, mine};
pub use settings::{
    ADJUST_MAX, ALPHA_MAX, CAUSES_MAX, DEPTH_MAX, EXAMPLES_MAX, GROUP_CASES_MIN, LATER_MAX,
    PERMUTATIONS_MAX, RESAMPLES_MAX, RawSettings, SAVING_MAX, Settings,
};

#[cfg(test)]
mod tests;
