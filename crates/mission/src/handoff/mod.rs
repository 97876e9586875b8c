//! The lifecycle of a handoff: `decide` turns a command into events, `apply` turns events into a
//! state. The normative page is `docs/spec/lifecycle.md`.

mod apply;
mod baseline;
mod check;
mod clocks;
mod decide;
mod gates;
mod legality;
pub mod limits;
mod package;
mod read_set;
mod recorded;
mod refusal;
mod request;
mod state;
mod terms;
mod wire;

pub use apply::{Misfit, apply, replay};
pub use baseline::{Baseline, Slot};
pub use check::{CheckSummary, FindingSummary, GateSummary};
pub use decide::{Facts, decide};
pub(crate) use gates::is_separate;
pub use gates::{Assignment, GateStanding, standing};
pub use legality::is_legal;
pub use package::PackageFacts;
pub use read_set::{Fingerprint, changed_places};
pub use recorded::{NotRepeated, decide_again};
pub use refusal::{Forbidden, Refusal};
pub use request::request_digest;
pub use state::{
    Acceptance, Answer, Blocked, Closing, Dossier, Draft, Handoff, Offer, Parked, Phase, Returned,
    StateName, Undoing,
};
pub use terms::{GateTerms, PartyTerms, Pin, Rung, SEMANTICS, Terms};
pub use wire::{
    Approval, Ask, AskName, Asked, AttemptOutcome, Change, Command, CommandFormat, CountedIn,
    Divergence, Event, EventFormat, FollowUp, FollowUpKind, Incident, IncidentCause, IncidentEntry,
    Notice, Receipt, Rejection, RollbackCause, Step, Timer, TimerKind, Unmet, Verdict, Voided,
    Waiver,
};
