//! Any bytes as a trace and its checkpoint, split at the first empty line: a report, never a panic,
//! and never verified without a signature. The lines are then sealed here, so that everything behind
//! the signature is reached as well.

#![no_main]

use baton_evidence::{
    checkpoint::{Checkpoint, NoteSigner, SignedNote},
    merkle::{leaf_hash, root},
    trace::{Level, Material, Trust, replay, verify},
};
use baton_fuzz::{KEY, KEYS};
use baton_scoring::decision;
use baton_terms::Digest;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let split = bytes.windows(2).position(|pair| pair == b"\n\n");
    let (entries, checkpoint) = match split {
        Some(at) => (&bytes[..=at], Some(&bytes[at + 2..])),
        None => (bytes, None),
    };
    let trust = Trust {
        keys: &KEYS,
        as_of: "2026-11-16T09:00:00Z".parse().expect("an instant"),
        origin: None,
    };
    let material = Material {
        entries,
        checkpoint,
        earlier: &[],
        blobs: None,
    };
    for level in [Level::Chain, Level::Audit] {
        assert!(
            !verify(&material, trust, level).is_verified(),
            "verified without a signature"
        );
    }
    if let Some(note) = checkpoint.and_then(|bytes| SignedNote::parse(bytes).ok()) {
        let again = SignedNote::parse(note.to_string().as_bytes());
        assert_eq!(
            again.as_ref(),
            Ok(&note),
            "a signed note reads back as another"
        );
        let _ = Checkpoint::parse_text(note.text());
    }
    let sealed = seal(entries);
    let material = Material {
        checkpoint: Some(&sealed),
        ..material
    };
    verify(&material, trust, Level::Audit);
    replay(
        entries,
        &std::collections::BTreeMap::new(),
        decision::replay,
    );
});

/// A checkpoint that a trusted key signed over these lines, whatever they hold.
fn seal(entries: &[u8]) -> Vec<u8> {
    let whole = entries.strip_suffix(b"\n").unwrap_or(entries);
    let leaves: Vec<Digest> = whole.split(|byte| *byte == b'\n').map(leaf_hash).collect();
    let size = u64::try_from(leaves.len()).expect("fewer lines than 2^64");
    let signer = NoteSigner::new("fuzz.example.com", &KEY).expect("a name without spaces");
    Checkpoint::new("fuzz.example.com", size, root(&leaves))
        .expect("a plain origin")
        .sign(&[signer])
}
