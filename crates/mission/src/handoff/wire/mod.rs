//! What goes to the store and into the trace: commands, events and the values in them. Versioned;
//! unknown fields are refused.

mod command;
mod event;
mod value;

pub use command::{Ask, AskName, AttemptOutcome, Command, CommandFormat, Divergence, Step};
pub use event::{Change, Event, EventFormat};
pub use value::{
    Approval, Asked, CountedIn, FollowUp, FollowUpKind, Incident, IncidentCause, IncidentEntry,
    Notice, Receipt, Rejection, RollbackCause, Timer, TimerKind, Unmet, Verdict, Voided, Waiver,
};
