//! `decide`: from a command to events, or to a refusal that changes nothing.

mod answer;
mod batch;
mod check;
mod dispatch;
mod facts;
mod gate;
mod oversight;
mod rollback;
mod submit;
mod text;
mod timer;

pub use dispatch::decide;
use dispatch::forbidden;
pub use facts::Facts;
