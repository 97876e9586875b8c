//! Settings: what flags, the environment and `baton.toml` say, in that order of strength, and from where each comes.

mod file;
mod place;
mod receivers;
mod roster;

pub(crate) use file::SealSettings;
pub(crate) use place::{Place, Setting, Settings, StorePlace};
