//! Undoing what was done, in reverse order: the last effect first, and what can't be undone is answered for by a person.

mod unwinding;

pub use unwinding::{
    Answer, Command, Effect, Event, Failed, NotAllowed, Progress, Refusal, Undone, Unwinding,
    apply, decide,
};
