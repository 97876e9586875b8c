//! What verification found wrong, one variant per kind of tampering, each with what it names.

use baton_terms::{Code, Diagnostic, Digest};

use super::detail::Detail;

/// The codes of problems in traces; each has a page in `docs/errors`.
pub mod codes {
    use baton_terms::Code;

    /// A line is no entry at all.
    pub const UNREADABLE_LINE: Code = Code::new(740);
    /// An entry was changed.
    pub const ENTRY_CHANGED: Code = Code::new(741);
    /// Entries were removed.
    pub const ENTRIES_REMOVED: Code = Code::new(742);
    /// An entry stands in the trace twice.
    pub const ENTRY_REPEATED: Code = Code::new(743);
    /// A line does not belong to the trace.
    pub const LINE_INSERTED: Code = Code::new(744);
    /// An entry stands at another place than its own.
    pub const ENTRY_MOVED: Code = Code::new(745);
    /// The last entries are missing.
    pub const TRUNCATED: Code = Code::new(746);
    /// Entries follow that no checkpoint covers.
    pub const UNSEALED: Code = Code::new(747);
    /// The checkpoint is missing or cannot be read.
    pub const CHECKPOINT_UNREADABLE: Code = Code::new(748);
    /// A known key is named on the checkpoint and did not sign it.
    pub const CHECKPOINT_SIGNATURE: Code = Code::new(749);
    /// No trusted key signed the checkpoint.
    pub const CHECKPOINT_UNTRUSTED: Code = Code::new(750);
    /// The key that signed the checkpoint does not count at the time asked about.
    pub const CHECKPOINT_KEY_STATE: Code = Code::new(751);
    /// The checkpoint is of another trace.
    pub const OTHER_ORIGIN: Code = Code::new(752);
    /// The trace is older than one already seen.
    pub const ROLLED_BACK: Code = Code::new(753);
    /// The trace does not extend one already seen.
    pub const FORKED: Code = Code::new(754);
    /// Bytes named by an entry are not there.
    pub const BLOB_MISSING: Code = Code::new(755);
    /// Bytes named by an entry are other bytes.
    pub const BLOB_CHANGED: Code = Code::new(756);
    /// An entry is earlier than the one before it.
    pub const TIME_BACKWARDS: Code = Code::new(757);
    /// An entry is later than the time asked about.
    pub const TIME_AHEAD: Code = Code::new(758);
    /// A line is not a well-formed entry.
    pub const ENTRY_SHAPE: Code = Code::new(759);
    /// The entries as a whole are not those that the checkpoint covers.
    pub const REWRITTEN: Code = Code::new(760);
    /// Signatures on the checkpoint by keys nobody here knows.
    pub const SIGNATURE_IGNORED: Code = Code::new(761);
}

/// One thing verification found, naming the entry, blob or checkpoint concerned.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Finding {
    /// A line is no entry, and no entry is missing in its place.
    UnreadableLine {
        /// Line, from 1.
        line: u64,
    },
    /// An entry was changed.
    EntryChanged {
        /// Which.
        sequence: u64,
    },
    /// Entries were taken out.
    EntriesRemoved {
        /// The first one.
        first: u64,
        /// The last one.
        last: u64,
    },
    /// An entry stands in the trace again.
    EntryRepeated {
        /// Which.
        sequence: u64,
        /// Where the copy stands, from 1.
        line: u64,
    },
    /// A line that never belonged to the trace.
    LineInserted {
        /// Where it stands, from 1.
        line: u64,
        /// The place it claims.
        claims: u64,
    },
    /// An entry stands out of order.
    EntryMoved {
        /// Which.
        sequence: u64,
        /// Where it stands, from 1.
        line: u64,
    },
    /// The last entries that the checkpoint covers are missing.
    Truncated {
        /// The first missing one.
        first: u64,
        /// The last missing one.
        last: u64,
    },
    /// Entries after the checkpoint; nothing says that they are all, or unchanged.
    Unsealed {
        /// The first one.
        first: u64,
        /// The last one.
        last: u64,
    },
    /// There is no checkpoint.
    CheckpointMissing,
    /// The checkpoint cannot be read.
    CheckpointUnreadable {
        /// Why.
        why: String,
    },
    /// A trusted key is named and did not make the signature.
    CheckpointSignatureWrong {
        /// The name on the signature.
        signer: String,
    },
    /// No trusted key signed.
    CheckpointUntrusted {
        /// The names on its signatures.
        signers: Vec<String>,
    },
    /// The key is expired, revoked or not yet valid.
    CheckpointKeyState {
        /// Name of the key.
        signer: String,
        /// What is the matter with it.
        state: String,
    },
    /// A signature that nobody here can check.
    SignatureIgnored {
        /// The name on the signature.
        signer: String,
    },
    /// Another trace's checkpoint.
    OtherOrigin {
        /// The origin asked for.
        expected: String,
        /// The origin found.
        found: String,
    },
    /// A restored old state: a checkpoint seen before covers more.
    RolledBack {
        /// Entries the earlier-seen checkpoint covers.
        seen: u64,
        /// Entries covered now.
        now: u64,
    },
    /// A checkpoint seen before covers other entries.
    Forked {
        /// Entries that checkpoint covers.
        seen: u64,
    },
    /// The chain is whole and the root is not: the entries were replaced together.
    Rewritten {
        /// Entries the checkpoint covers.
        size: u64,
    },
    /// Bytes an entry names are not there.
    BlobMissing {
        /// The first entry that names them.
        sequence: u64,
        /// The name it has for them.
        name: String,
        /// Their digest.
        digest: Digest,
    },
    /// Bytes do not have the digest they are kept under.
    BlobChanged {
        /// The digest they are kept under.
        digest: Digest,
        /// The digest they have.
        found: Digest,
    },
    /// An entry is earlier than the one before it.
    TimeBackwards {
        /// Which.
        sequence: u64,
    },
    /// An entry is later than the time asked about.
    TimeAhead {
        /// Which.
        sequence: u64,
    },
    /// A line is not a well-formed entry.
    EntryShape {
        /// Which.
        sequence: u64,
        /// What is wrong with it.
        why: String,
    },
}

/// How much a finding matters for the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Something was not covered.
    Uncovered,
    /// Nothing is wrong with the bytes, but nobody trusted vouches for them.
    Untrusted,
    /// The bytes are not what they were.
    Broken,
}

impl Finding {
    /// Returns how much the finding matters.
    pub fn weight(&self) -> Weight {
        match self {
            Self::Unsealed { .. } | Self::SignatureIgnored { .. } => Weight::Uncovered,
            Self::CheckpointMissing
            | Self::CheckpointUntrusted { .. }
            | Self::CheckpointKeyState { .. } => Weight::Untrusted,
            _ => Weight::Broken,
        }
    }

    /// Returns the stable code.
    pub fn code(&self) -> Code {
        match self {
            Self::UnreadableLine { .. } => codes::UNREADABLE_LINE,
            Self::EntryChanged { .. } => codes::ENTRY_CHANGED,
            Self::EntriesRemoved { .. } => codes::ENTRIES_REMOVED,
            Self::EntryRepeated { .. } => codes::ENTRY_REPEATED,
            Self::LineInserted { .. } => codes::LINE_INSERTED,
            Self::EntryMoved { .. } => codes::ENTRY_MOVED,
            Self::Truncated { .. } => codes::TRUNCATED,
            Self::Unsealed { .. } => codes::UNSEALED,
            Self::CheckpointMissing | Self::CheckpointUnreadable { .. } => {
                codes::CHECKPOINT_UNREADABLE
            }
            Self::CheckpointSignatureWrong { .. } => codes::CHECKPOINT_SIGNATURE,
            Self::CheckpointUntrusted { .. } => codes::CHECKPOINT_UNTRUSTED,
            Self::CheckpointKeyState { .. } => codes::CHECKPOINT_KEY_STATE,
            Self::SignatureIgnored { .. } => codes::SIGNATURE_IGNORED,
            Self::OtherOrigin { .. } => codes::OTHER_ORIGIN,
            Self::RolledBack { .. } => codes::ROLLED_BACK,
            Self::Forked { .. } => codes::FORKED,
            Self::Rewritten { .. } => codes::REWRITTEN,
            Self::BlobMissing { .. } => codes::BLOB_MISSING,
            Self::BlobChanged { .. } => codes::BLOB_CHANGED,
            Self::TimeBackwards { .. } => codes::TIME_BACKWARDS,
            Self::TimeAhead { .. } => codes::TIME_AHEAD,
            Self::EntryShape { .. } => codes::ENTRY_SHAPE,
        }
    }

    /// Returns the finding as readers see it; its pointer is into the bundle form of the trace.
    pub fn diagnostic(&self) -> Diagnostic {
        let message = self.to_string();
        let problem = match self.weight() {
            Weight::Uncovered => Diagnostic::warning(self.code(), message),
            Weight::Untrusted | Weight::Broken => Diagnostic::error(self.code(), message),
        };
        let detail = Detail::of(self);
        problem
            .pointing_to(detail.pointer)
            .expected(detail.expected)
            .found(detail.found)
            .hint(self.hint())
    }

    fn hint(&self) -> &'static str {
        match self.weight() {
            Weight::Uncovered => "seal the trace, or give the keys of every signer",
            Weight::Untrusted => {
                "give a keyring that holds the signer's key, obtained from the signer and not from the same place as the trace"
            }
            Weight::Broken => {
                "restore the trace from a copy that verifies, and find out who could write to this one"
            }
        }
    }
}
