//! The digest of a request: what tells a repeated request from another one under the same key.

use baton_evidence::canonical;
use baton_terms::Digest;
use serde::Serialize;

use super::wire::{Ask, Command};
use crate::names::HandoffId;

#[derive(Serialize)]
struct Body<'a> {
    handoff: &'a HandoffId,
    ask: &'a Ask,
}

/// Returns the digest of what a command asks. The revision it names is left out: a caller that looks
/// again and repeats its request asks the same.
pub fn request_digest(command: &Command) -> Digest {
    let body = Body {
        handoff: &command.handoff,
        ask: &command.ask,
    };
    // Only an integer beyond 2^53 has no canonical form, and a timer number is the only integer.
    match canonical::of(&body) {
        Ok(bytes) => Digest::of(&bytes),
        Err(_) => Digest::of(format!("{body:?}", body = command.ask).as_bytes()),
    }
}
