//! `baton bundle`: a trace in one file for outsiders.

mod command;
mod export;
mod verify;

pub(crate) use command::Bundle;
