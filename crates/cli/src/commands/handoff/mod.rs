//! `baton handoff`: a handoff over its whole life.

mod answer;
mod command;
mod decide;
mod list;
mod office;
mod oversee;
mod send;
mod show;

pub(crate) use command::HandoffCommand;
pub(crate) use office::{Format, Office, RequestTerms, answered};
pub(crate) use send::form;
