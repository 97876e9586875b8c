//! `baton run`: a mission from preflight to handoff.

mod command;
mod mission_files;
mod time;

pub(crate) use command::RunMission;
