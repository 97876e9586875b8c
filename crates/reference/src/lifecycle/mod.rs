//! The lifecycle of a handoff, `docs/spec/lifecycle.md` in plain structures: one flat record, names as text, times in
//! milliseconds from anywhere. A request collects everything that speaks against it before anything is done, so that
//! which objection is told first, which the page leaves open, is not compared.
//!
//! Left out: time zones (write deadlines in hours), pins and packages of other contracts, and texts of findings.

mod handoff;
mod objections;
mod steps;
mod terms;
mod timers;

pub use handoff::{Decision, Handoff, TABLE};
pub use steps::ask;
pub use terms::{
    Account, Ask, Check, Contract, Deadline, Finding, Gate, Kind, Outcome, Package, Party, Request,
};
