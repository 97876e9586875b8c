//! Missions: one run of a capability, driven from preflight to handoff through a stream of a store.
//!
//! [`mod@file`] reads what is to be done, [`Run`] names it by everything it reads, [`Keeper`] makes and keeps
//! each decision, [`Work`] performs steps, and [`outcome`] tells how it ended. Whatever is killed is run
//! again: the stream says where it stands, and steps give the same bytes.

mod contracting;
mod drive;
pub mod file;
mod findings;
mod flags;
mod gauges;
mod inputs;
mod judge;
mod keeper;
mod outcome;
mod packet;
mod preflight;
mod reports;
mod run;
mod task;
mod work;
mod worker;

pub use drive::{Performed, Performer, Progress, StepFailure, advance, drive};
pub use flags::flag_posture;
pub use gauges::Gauges;
pub use inputs::{Files, GivenLog, GivenPackage};
pub use keeper::{KeepError, Keeper, Time};
pub use outcome::outcome;
pub use packet::incident_packet;
pub use preflight::{APPROVAL, Given, readings};
pub(crate) use reports::{read_report, report_of};
pub use run::{ENGINE, Run};
pub use task::Task;
pub use work::{Means, Work};
pub use worker::{MissionWorker, Places, Tools};
