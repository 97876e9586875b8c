//! `baton run MISSION`: drives a mission from preflight to handoff, goes on where an earlier run stopped, or leaves it to nodes.

mod command;
mod found;
mod record;

pub(crate) use command::RunMission;
