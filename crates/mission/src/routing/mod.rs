//! Routing: who receives a handoff, why not the others, and whom to tell when nobody can.

mod answer;
mod fairness;
mod ladder;
mod receiver;
mod route;

pub use fairness::{Fairness, Load, jain_index};
pub use ladder::{LadderError, Rung, rungs};
pub use receiver::{Reason, Receiver, Rejected};
pub use route::{Chosen, Decision, NOBODY_CAN_RECEIVE, Request, Routed, Settings, route};
