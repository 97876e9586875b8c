//! The mining report as data, format `mining-report/v1`: what `baton mine` writes as JSON and what
//! every page of the report is drawn from.
//!
//! Numbers are [`Fixed`]: rounded once, here, to six decimal digits. Counts are exact.

mod cause;
mod fixed;
mod report;

pub use cause::{
    Adjustment, Cause, Condition, Confirmation, Effect, Interval, Sensitivity, Stability, Stratum,
    Strength, Suspect,
};
pub use fixed::Fixed;
pub use report::{
    Caution, ChangePoint, Column, Coverage, Drift, Feature, FewerFailures, Input, LeftOut,
    MiningReport, Overview, Period, Search,
};
