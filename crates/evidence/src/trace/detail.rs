//! Where each finding is, what was expected there and what was found, for readers who compare.

use super::Finding;

/// Where a finding is, what was expected there, and what was found.
pub(super) struct Detail {
    /// JSON Pointer into the bundle form of the trace; entry 3 of a trace is `/entries/3`.
    pub(super) pointer: String,
    pub(super) expected: String,
    pub(super) found: String,
}

impl Detail {
    fn new(
        pointer: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self {
            pointer: pointer.into(),
            expected: expected.into(),
            found: found.into(),
        }
    }

    pub(super) fn of(finding: &Finding) -> Self {
        let entry = |sequence: &u64| format!("/entries/{sequence}");
        let line = |line: &u64| format!("/entries/{}", line.saturating_sub(1));
        match finding {
            Finding::UnreadableLine { line: at } => Self::new(
                line(at),
                "an entry in canonical form, ended by a line feed",
                "something else",
            ),
            Finding::EntryChanged { sequence } => Self::new(
                entry(sequence),
                "the bytes that the next entry or the signed root names",
                "other bytes",
            ),
            Finding::EntriesRemoved { first, last } => Self::new(
                entry(first),
                format!("entries {first} to {last}"),
                "none of them",
            ),
            Finding::EntryRepeated { sequence, line: at } => Self::new(
                line(at),
                "each entry once",
                format!("entry {sequence} again"),
            ),
            Finding::LineInserted { line: at, claims } => Self::new(
                line(at),
                "an entry of the chain",
                format!("a line that claims to be entry {claims}"),
            ),
            Finding::EntryMoved { sequence, line: at } => Self::new(
                line(at),
                format!("entry {sequence} at line {}", sequence.saturating_add(1)),
                format!("entry {sequence} at line {at}"),
            ),
            Finding::Truncated { first, last } => Self::new(
                entry(first),
                format!("entries up to {last}, which the checkpoint covers"),
                format!("none from {first} on"),
            ),
            Finding::Unsealed { first, last } => Self::new(
                entry(first),
                format!("a checkpoint over {} entries", last.saturating_add(1)),
                format!("one over {first}"),
            ),
            Finding::TimeBackwards { sequence } => Self::new(
                entry(sequence),
                "a time not before that of the entry before",
                "an earlier time",
            ),
            Finding::TimeAhead { sequence } => Self::new(
                entry(sequence),
                "a time not after that of the verification",
                "a later time",
            ),
            Finding::EntryShape { sequence, why } => {
                Self::new(entry(sequence), "an entry (`trace-entry/v1`)", why)
            }
            _ => Self::of_blob_or_checkpoint(finding),
        }
    }

    fn of_blob_or_checkpoint(finding: &Finding) -> Self {
        let checkpoint =
            |expected: String, found: String| Self::new("/checkpoints", expected, found);
        match finding {
            Finding::BlobMissing { name, digest, .. } => Self::new(
                format!("/blobs/{}", digest.hex()),
                format!("the bytes of `{name}`"),
                "nothing",
            ),
            Finding::BlobChanged { digest, found } => Self::new(
                format!("/blobs/{}", digest.hex()),
                format!("bytes with {digest}"),
                format!("bytes with {found}"),
            ),
            Finding::CheckpointUnreadable { why } => checkpoint(
                "a checkpoint in a signed note (C2SP)".to_owned(),
                why.clone(),
            ),
            Finding::CheckpointSignatureWrong { signer } => checkpoint(
                format!("the signature of `{signer}` over this text"),
                "a signature of another text, or by another key".to_owned(),
            ),
            Finding::CheckpointUntrusted { signers } => checkpoint(
                "a signature by a key of the keyring".to_owned(),
                format!("by other keys only: {}", signers.join(", ")),
            ),
            Finding::CheckpointKeyState { state, .. } => checkpoint(
                "a key that counts at the time of verification".to_owned(),
                format!("one that {state}"),
            ),
            Finding::SignatureIgnored { signer } => checkpoint(
                "signatures by keys of the keyring".to_owned(),
                format!("one by `{signer}`"),
            ),
            Finding::OtherOrigin { expected, found } => {
                checkpoint(format!("origin `{expected}`"), format!("origin `{found}`"))
            }
            Finding::RolledBack { seen, now } => {
                checkpoint(format!("at least {seen} entries"), format!("{now} entries"))
            }
            Finding::Forked { seen } => checkpoint(
                format!("a trace that begins with the {seen} entries seen before"),
                "one that begins otherwise".to_owned(),
            ),
            Finding::Rewritten { size } => checkpoint(
                format!("the root of the first {size} entries"),
                "another root".to_owned(),
            ),
            _ => checkpoint("a signed checkpoint".to_owned(), "none".to_owned()),
        }
    }
}
