//! `baton token`: who may act on a store.

mod command;
mod create;
mod list;
mod revoke;

pub(crate) use command::Tokens;
