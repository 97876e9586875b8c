//! `baton store`: sealing a store, and copies of one in a file.

mod backup;
mod command;
mod restore;
mod seal;

pub(crate) use command::StoreCommand;
