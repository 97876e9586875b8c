//! `baton rollout`: a contract version proves itself on a few handoffs first, or is taken back.

mod command;
mod look;
mod start;
mod steer;

pub(crate) use command::RolloutCommand;
