//! `baton trace`: the record of decisions.

mod command;
mod export;
mod replay;
mod seal;
mod show;
mod verify;

pub(crate) use command::{Format, Trace};
pub(crate) use replay::evaluate;
