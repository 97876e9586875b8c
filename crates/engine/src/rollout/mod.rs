//! Rollouts in use: a contract version is exposed to a few handoffs first, compared with the version in force, and promoted or taken
//! back by what the handoffs show.
//!
//! A rollout is a stream. [`Assignment`] gives each handoff its version when it is opened, [`look()`] judges what came of
//! them, and [`Rollouts`] has a node look on a timer. What is decided is the domain's (`baton_mission::rollout`); this module gathers
//! and keeps. The normative page is `docs/spec/rollouts.md`.

mod assignment;
mod commit;
mod fault;
mod flags;
mod line;
mod look;
mod record;
mod show;
mod start;
mod steer;
mod watch;
mod worker;

pub use assignment::Assignment;
pub(crate) use assignment::assign;
pub use commit::{Call, LOOK_AFTER_MS, LOOK_MS};
pub use fault::{Fault, codes};
pub use flags::{Flags, NoFlags};
pub use look::look;
pub use record::{Outcome, Record, stream_of};
pub use show::{Decision, View, list, status};
pub use start::{Starting, start};
pub use steer::{freeze, roll_back, thaw};
pub use watch::{Shown, Watch};
pub use worker::Rollouts;
