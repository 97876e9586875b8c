//! The contract as a value: one file per section, each with its type, its declared shape and its reading.
//!
//! A section added here is checked, completed by editors and documented without further work.

mod calendar;
mod clause;
mod contract;
mod deadline;
mod exchange;
mod gate;
mod operation;
mod outcome;
mod party;
mod rollout;
mod score;

pub use calendar::{CalendarSection, Holiday, Weekday, Years};
pub use clause::{BuiltIn, Check, Clause, Pending, PendingUntil, Severity};
pub(crate) use contract::SHAPE;
pub use contract::{Contract, Owner, contract_reference, contract_schema};
pub use deadline::{ClockOf, Deadline, DeadlineExpiry, Deadlines};
pub use exchange::{EvidenceRequirement, Exchange, Presence, Schema, Signer};
pub use gate::{DecidedBy, Gate, GateExpiry, GateKind, Separation};
pub use operation::{
    BUDGET, Backoff, Budget, Candidate, Condition, Escalation, Jitter, RETRIES, Retries, Rollback,
    RollbackTarget, RollbackTrigger, Routing, Strategy, Suite, Validation,
};
pub use outcome::{Baseline, Direction, Metric, Outcome, Unit};
pub use party::{Party, PartyKind};
pub use rollout::{Analysis, Bound, BucketingUnit, NoData, Rollout, Stage};
pub use score::{Dimension, RiskTier, Thresholds};
