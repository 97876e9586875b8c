//! The sentence of each finding.

use super::Finding;

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnreadableLine { line } => write!(f, "line {line} is not an entry"),
            Self::EntryChanged { sequence } => write!(f, "entry {sequence} was changed"),
            Self::EntriesRemoved { first, last } => write!(f, "{} removed", range(*first, *last)),
            Self::EntryRepeated { sequence, line } => {
                write!(f, "entry {sequence} stands again at line {line}")
            }
            Self::LineInserted { line, claims } => write!(
                f,
                "line {line} was inserted: it claims to be entry {claims} and is not"
            ),
            Self::EntryMoved { sequence, line } => {
                write!(f, "entry {sequence} was moved to line {line}")
            }
            Self::Truncated { first, last } => {
                write!(f, "the trace was cut off: {} missing", range(*first, *last))
            }
            Self::Unsealed { first, last } => {
                write!(f, "{} not covered by the checkpoint", range(*first, *last))
            }
            Self::EntryShape { sequence, why } => {
                write!(f, "entry {sequence} is not well-formed: {why}")
            }
            Self::TimeBackwards { sequence } => {
                write!(f, "entry {sequence} is earlier than the entry before it")
            }
            Self::TimeAhead { sequence } => {
                write!(f, "entry {sequence} is later than the time of verification")
            }
            Self::BlobMissing {
                sequence,
                name,
                digest,
            } => write!(f, "`{name}` of entry {sequence} is missing: {digest}"),
            Self::BlobChanged { digest, found } => {
                write!(f, "blob {digest} was changed: its bytes have {found}")
            }
            _ => self.fmt_checkpoint(f),
        }
    }
}

impl Finding {
    fn fmt_checkpoint(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::CheckpointUnreadable { why } => write!(f, "the checkpoint is unreadable: {why}"),
            Self::CheckpointSignatureWrong { signer } => {
                write!(f, "`{signer}` did not sign this checkpoint")
            }
            Self::CheckpointUntrusted { signers } => write!(
                f,
                "the checkpoint is signed by no trusted key, only by: {}",
                signers.join(", ")
            ),
            Self::CheckpointKeyState { signer, state } => {
                write!(f, "the key `{signer}` that signed the checkpoint {state}")
            }
            Self::SignatureIgnored { signer } => {
                write!(
                    f,
                    "the signature of `{signer}` was not checked: the key is unknown"
                )
            }
            Self::OtherOrigin { expected, found } => {
                write!(f, "the checkpoint is of `{found}`, not of `{expected}`")
            }
            Self::RolledBack { seen, now } => write!(
                f,
                "the trace was rolled back: {seen} entries were seen before, {now} are covered now"
            ),
            Self::Forked { seen } => write!(
                f,
                "the trace was rewritten: its first {seen} entries are not those seen before"
            ),
            Self::Rewritten { size } => write!(
                f,
                "the first {size} entries are not those that the checkpoint covers"
            ),
            _ => write!(f, "there is no checkpoint"),
        }
    }
}

fn range(first: u64, last: u64) -> String {
    if first == last {
        format!("entry {first} is")
    } else {
        format!("entries {first} to {last} are")
    }
}
