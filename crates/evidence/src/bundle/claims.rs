//! What a bundle says it holds, so that nothing in it can change or vanish unnoticed.

use baton_terms::Digest;
use serde_json::{Map, Value, json};

use crate::canonical;

/// The parts of a bundle that claims are made about.
pub(super) struct Parts<'a> {
    pub(super) origin: &'a str,
    pub(super) root: Digest,
    pub(super) entries: usize,
    pub(super) checkpoints: &'a [Value],
    pub(super) attestations: &'a [Value],
    pub(super) blobs: &'a Map<String, Value>,
    pub(super) keyring: &'a Value,
}

impl Parts<'_> {
    /// Returns the claims that are true of these parts.
    pub(super) fn claims(&self) -> Value {
        let digests = |values: &[Value]| -> Vec<String> {
            let digests = values.iter().map(canonical::digest);
            digests.map(|digest| digest.to_string()).collect()
        };
        json!({
            "attestations": digests(self.attestations),
            "blobs": self.blobs.len(),
            "checkpoints": digests(self.checkpoints),
            "entries": self.entries,
            "keyring": canonical::digest(self.keyring).to_string(),
            "origin": self.origin,
            "root": self.root.to_string(),
        })
    }
}
