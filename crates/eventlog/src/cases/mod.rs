//! From a log to one row per case: features with the time they became known, the outcome, its cost.

mod table;

pub use table::{CaseTable, Excluded, Feature, Origin, Unit, Values, Why};
