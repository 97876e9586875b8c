//! The search for patterns: every conjunction of conditions up to a depth, tested exactly.
//!
//! Two engines count the same hypotheses: count cubes over sets of attributes, and bitmaps of
//! items intersected depth first; a cost rule picks one per set of attributes. Which p-value is
//! small enough follows from how many hypotheses could have been significant (Tarone 1990;
//! Terada et al. 2013), counted exactly.
//!
//! Invariants:
//! - counts are integers; a float is compared only after an exact test;
//! - every hypothesis that is looked at is counted, also those that find nothing;
//! - the outcome decides neither what is looked at nor how often it is counted.

mod bitmaps;
mod blocks;
mod boxes;
mod cubes;
mod engine;
mod found;
mod kinds;
mod level;
mod rows;
mod settings;
mod shuffle;
mod space;

pub use engine::search;
pub use found::{Found, Pattern};
pub use kinds::{Kind, Levels};
pub use level::floor;
pub use settings::{
    Depth, Engine, Error, Labels, Level, PATTERNS_MAX, SETS_MAX, Settings, Shuffles, Support,
};
pub use shuffle::{westfall_young, westfall_young_by_kind};

#[cfg(test)]
mod naive;
#[cfg(test)]
mod tests;
