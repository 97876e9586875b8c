//! Ed25519 keys (RFC 8032), who holds them, and from when to when they count.
//!
//! A key's id is the digest of its public form (SPKI DER, RFC 8410), so it names exactly one key.
//! Verification is strict (no small-order keys, no malleable signatures): what one verifier
//! accepts, every verifier accepts.

mod keyring;
mod note;
mod public;
mod signing;
mod wire;

pub use keyring::{Entry, KeyState, Keyring, Kind};
pub use note::VerifierKey;
pub use public::{KeyError, KeyId, PublicKey};
pub use signing::SigningKey;
pub use wire::{SCHEMA, codes};
