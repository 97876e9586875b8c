//! From a log to one row per case: features with the time they became known, the outcome, its cost.

mod build;
mod closing;
mod codes;
mod features;
mod frame;
mod from_mapping;
mod guard;
mod landmark;
mod outcome;
mod settings;
mod table;
#[cfg(test)]
mod tests;

pub use build::build;
pub use closing::Closing;
pub use landmark::{LANDMARK_FORMS, Landmark};
pub use outcome::{Outcomes, Verdict, decide, scope};
pub use settings::{
    FEATURE_BYTES_MAX, FEATURES_MAX, Known, LATER_MILLIONTHS, Outcome, RESTATES_MILLIONTHS, Role,
    Rule, SUPPORT_MIN, SUPPORT_SHARE, Settings,
};
pub use table::{CaseTable, Excluded, Feature, Origin, Unit, Values, Why};
