//! Why a store did not do what it was asked.

use super::{Claim, JobId, StreamId};

/// What a store refuses because of what it holds: asking again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Someone else appended since the decision was made: read, decide and ask again.
    #[error("append to `{stream}` after {expected} entries: it has {found}")]
    Moved {
        /// The stream.
        stream: StreamId,
        /// Entries the decision was made on.
        expected: u64,
        /// Entries there are.
        found: u64,
    },
    /// The idempotency key was used for another request.
    #[error("use the idempotency key `{key}` again: it belongs to another request")]
    KeyReused {
        /// The key.
        key: String,
    },
    /// The job was settled, cleared or taken over.
    #[error("settle `{job}` of `{stream}` under fence {fence}: it is no longer this node's")]
    Fenced {
        /// The stream.
        stream: StreamId,
        /// The job.
        job: JobId,
        /// The fence of the claim.
        fence: u64,
    },
    /// A transition that can never be kept.
    #[error("keep the transition: {why}")]
    Malformed {
        /// What is wrong with it.
        why: String,
    },
}

impl Refusal {
    /// Returns the refusal of a claim that is no longer the latest.
    pub fn fenced(claim: &Claim) -> Self {
        Self::Fenced {
            stream: claim.stream.clone(),
            job: claim.job.clone(),
            fence: claim.fence.0,
        }
    }
}

/// Why an operation of a store failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The store understood and refused; nothing was kept.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store cannot be reached or is busy; nothing was kept, and trying again may help.
    #[error("reach the store: {why}")]
    Unavailable {
        /// What the store said.
        why: String,
    },
    /// The connection ended while a commit was on its way: it may or may not have been kept. Asking again with the
    /// same idempotency key, or reading the stream, tells.
    #[error("learn whether the store kept it: {why}")]
    OutcomeUnknown {
        /// What the store said.
        why: String,
    },
    /// There is no room left; nothing was kept.
    #[error("write to the store: no space left")]
    Full,
    /// The store holds what it never wrote.
    #[error("read the store: {why}")]
    Damaged {
        /// What is wrong.
        why: String,
    },
    /// A newer Baton wrote the store: this one reads and writes none of it.
    #[error("open the store: its schema is version {found}, this Baton knows up to {known}")]
    TooNew {
        /// The version found.
        found: u32,
        /// The latest version known.
        known: u32,
    },
}

impl StoreError {
    /// Returns whether asking again, unchanged, may succeed.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Unavailable { .. } | Self::OutcomeUnknown { .. } | Self::Full
        )
    }
}
