//! Rollback: to the last stable baseline, with what was done undone in reverse order.

mod baseline;
mod unwinding;

pub use baseline::{Baseline, Kept, NO_BASELINE, last_stable};
pub use unwinding::{
    Answer, Command, Effect, Event, Failed, NotAllowed, Progress, Refusal, Undone, Unwinding,
    apply, decide,
};
