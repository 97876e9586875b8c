//! Whether a trusted key signed a checkpoint: the link between a note's signatures and a keyring.

use baton_terms::Instant;

use super::Finding;
use crate::{
    checkpoint::{Checkpoint, NoteSignature, SignedNote},
    keys::{Entry, KeyState, Keyring, VerifierKey},
};

/// Whom to trust, when, and for which trace.
#[derive(Debug, Clone, Copy)]
pub struct Trust<'a> {
    /// The keys that count.
    pub keys: &'a Keyring,
    /// The time of verification.
    pub as_of: Instant,
    /// The name the trace must have; `None` accepts any.
    pub origin: Option<&'a str>,
}

/// A checkpoint with what its signatures are worth.
pub(super) struct Seal {
    pub(super) checkpoint: Option<Checkpoint>,
    pub(super) signers: Vec<String>,
    pub(super) findings: Vec<Finding>,
}

impl Seal {
    /// Returns whether the checkpoint itself may have been changed.
    pub(super) fn is_broken(&self) -> bool {
        let is_wrong =
            |finding: &Finding| matches!(finding, Finding::CheckpointSignatureWrong { .. });
        self.checkpoint.is_none() || self.findings.iter().any(is_wrong)
    }

    pub(super) fn of(bytes: Option<&[u8]>, trust: Trust<'_>) -> Self {
        let mut seal = Self {
            checkpoint: None,
            signers: Vec::new(),
            findings: Vec::new(),
        };
        let Some(bytes) = bytes else {
            seal.findings.push(Finding::CheckpointMissing);
            return seal;
        };
        match Checkpoint::parse(bytes) {
            Ok((checkpoint, note)) => seal.weigh(checkpoint, &note, trust),
            Err(error) => seal.findings.push(Finding::CheckpointUnreadable {
                why: error.to_string(),
            }),
        }
        seal
    }

    fn weigh(&mut self, checkpoint: Checkpoint, note: &SignedNote, trust: Trust<'_>) {
        if let Some(expected) = trust.origin.filter(|name| *name != checkpoint.origin()) {
            self.findings.push(Finding::OtherOrigin {
                expected: expected.to_owned(),
                found: checkpoint.origin().to_owned(),
            });
        }
        let mut unknown = Vec::new();
        let mut is_any_known = false;
        for signature in note.signatures() {
            let signer = signature.name.clone();
            let Some(entry) = holder(signature, checkpoint.origin(), trust.keys) else {
                unknown.push(signer);
                continue;
            };
            is_any_known = true;
            let message = note.text().as_bytes();
            if !entry.public_key.verifies(message, &signature.signature) {
                self.findings
                    .push(Finding::CheckpointSignatureWrong { signer });
                continue;
            }
            match state_in_words(entry.state(trust.as_of)) {
                None => self.signers.push(entry.name.to_string()),
                Some(state) => self.findings.push(Finding::CheckpointKeyState {
                    signer: entry.name.to_string(),
                    state,
                }),
            }
        }
        if is_any_known {
            let ignored = unknown.into_iter();
            self.findings
                .extend(ignored.map(|signer| Finding::SignatureIgnored { signer }));
        } else {
            self.findings
                .push(Finding::CheckpointUntrusted { signers: unknown });
        }
        self.checkpoint = Some(checkpoint);
    }
}

/// Returns the entry whose key is named; a key signs under its own name or under the origin.
fn holder<'k>(signature: &NoteSignature, origin: &str, keys: &'k Keyring) -> Option<&'k Entry> {
    let is_named = |entry: &&Entry| {
        (signature.name == origin || signature.name == entry.name.as_str())
            && VerifierKey::new(signature.name.as_str(), entry.public_key)
                .is_ok_and(|key| key.hash() == signature.key_id)
    };
    keys.entries().map(|(_, entry)| entry).find(is_named)
}

fn state_in_words(state: KeyState) -> Option<String> {
    match state {
        KeyState::Valid => None,
        KeyState::NotYetValid { from } => Some(format!("counts from {from} only")),
        KeyState::Expired { until } => Some(format!("expired at {until}")),
        KeyState::Revoked { at } => Some(format!("was revoked at {at}")),
    }
}
