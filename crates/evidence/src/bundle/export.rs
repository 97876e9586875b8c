//! Writes a bundle.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use baton_terms::limits;
use serde_json::{Map, Value, json};

use super::claims::Parts;
use crate::{
    canonical,
    checkpoint::{Checkpoint, CheckpointError},
    json::{self, Limits},
    keys::Keyring,
    trace::{Blobs, Entry, split_lines},
};

/// The version word of a bundle.
pub(super) const VERSION: &str = "bundle/v1";

/// What goes into a bundle.
#[derive(Debug, Clone, Copy)]
pub struct Contents<'a> {
    /// The lines of the trace.
    pub entries: &'a [u8],
    /// The checkpoint over them.
    pub checkpoint: &'a [u8],
    /// Earlier checkpoints of the same trace, oldest first.
    pub earlier: &'a [&'a [u8]],
    /// The bytes that entries name.
    pub blobs: &'a Blobs<'a>,
    /// DSSE envelopes about bytes that entries name.
    pub attestations: &'a [&'a [u8]],
    /// The public keys of everybody who signed, for readers to compare with their own.
    pub keys: &'a Keyring,
}

/// Why contents cannot become a bundle.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// A line is not an entry.
    #[error("export the bundle: line {line} is not a well-formed entry")]
    Entry {
        /// Line, from 1.
        line: usize,
    },
    /// A checkpoint cannot be read.
    #[error("export the bundle: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// An attestation is not JSON.
    #[error("export the bundle: attestation {number} is not JSON")]
    Attestation {
        /// Which, from 1.
        number: usize,
    },
    /// The bundle would be larger than anyone reads.
    #[error(
        "export the bundle: {found} bytes, at most {} allowed",
        limits::BUNDLE_BYTES_MAX
    )]
    TooLarge {
        /// Bytes it would have.
        found: usize,
    },
}

/// Returns the bundle of `contents`, which are put in as they are and not verified.
///
/// # Errors
/// When a part cannot be written so that it reads back as the same bytes.
pub fn export(contents: &Contents<'_>) -> Result<Vec<u8>, ExportError> {
    let entries = read_entries(contents.entries)?;
    let (sealed, _) = Checkpoint::parse(contents.checkpoint)?;
    let mut checkpoints = Vec::new();
    for bytes in contents.earlier.iter().chain([&contents.checkpoint]) {
        let (_, note) = Checkpoint::parse(bytes)?;
        checkpoints.push(Value::String(note.to_string()));
    }
    let mut attestations = Vec::new();
    for (at, bytes) in contents.attestations.iter().enumerate() {
        let envelope = json::read(bytes, Limits::EVIDENCE)
            .map_err(|_| ExportError::Attestation { number: at + 1 })?;
        attestations.push(envelope);
    }
    let blobs: Map<String, Value> = contents
        .blobs
        .iter()
        .map(|(digest, bytes)| (digest.hex(), STANDARD.encode(bytes).into()))
        .collect();
    let keyring = json::read(&contents.keys.to_bytes(), Limits::CONTRACT).unwrap_or_default();
    let parts = Parts {
        origin: sealed.origin(),
        root: sealed.root(),
        entries: entries.len(),
        checkpoints: &checkpoints,
        attestations: &attestations,
        blobs: &blobs,
        keyring: &keyring,
    };
    let bundle = canonical::to_bytes(&json!({
        "attestations": attestations,
        "baton": VERSION,
        "blobs": blobs,
        "checkpoints": checkpoints,
        "claims": parts.claims(),
        "entries": entries,
        "keyring": keyring,
    }));
    if bundle.len() > limits::BUNDLE_BYTES_MAX {
        return Err(ExportError::TooLarge {
            found: bundle.len(),
        });
    }
    Ok(bundle)
}

/// Reads the lines as values; as canonical JSON they are written back byte for byte.
fn read_entries(entries: &[u8]) -> Result<Vec<Value>, ExportError> {
    split_lines(entries)
        .enumerate()
        .map(|(at, line)| {
            let entry = Entry::parse(line).ok();
            entry
                .and_then(|_| json::read(line, Limits::EVIDENCE).ok())
                .ok_or(ExportError::Entry { line: at + 1 })
        })
        .collect()
}
