//! `baton keys`: signing keys, and the keyring of keys a verifier trusts.

mod command;
mod generate;
mod holder;
mod read;
mod trust;

pub(crate) use command::Keys;
pub(crate) use read::{read_keyring, read_signing_key};
