//! From an event to a state: the one transition function of the lifecycle.

mod books;
mod phase;
mod transition;

pub use transition::{Misfit, apply, replay};
