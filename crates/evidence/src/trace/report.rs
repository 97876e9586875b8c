//! What verification covered, what not, and what follows.

use super::{Finding, Weight};

/// How deep verification went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Every byte of every line is covered by hash chain, Merkle root and signature; lines are not
    /// parsed, and blobs not read.
    Chain,
    /// The chain, every line parsed and checked for its shape, and every blob.
    Audit,
}

/// The conclusion; only [`Verdict::Verified`] is a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Everything given is what its trusted signer sealed.
    Verified,
    /// What is covered is what its trusted signer sealed; some of it is not covered.
    InPart,
    /// Consistent in itself, but no trusted key vouches for it.
    Untrusted,
    /// Something was tampered with.
    Refused,
}

/// What verification looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Name of the trace, from the checkpoint.
    pub origin: Option<String>,
    /// Entries that a trusted signature covers.
    pub sealed: u64,
    /// Lines there are.
    pub lines: u64,
    /// Blobs whose bytes were compared with their digest.
    pub blobs: u64,
    /// Checkpoints seen before that the trace was found to extend.
    pub earlier_checkpoints: u64,
    /// Names of the trusted keys that signed the checkpoint.
    pub signers: Vec<String>,
    /// What was given and not looked at, in words.
    pub not_covered: Vec<String>,
}

/// The result of verifying a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How deep verification went.
    pub level: Level,
    /// What it looked at.
    pub coverage: Coverage,
    /// What it found, in order of the trace.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Returns what follows from the findings.
    pub fn verdict(&self) -> Verdict {
        match self.findings.iter().map(Finding::weight).max() {
            None if self.coverage.not_covered.is_empty() => Verdict::Verified,
            None | Some(Weight::Uncovered) => Verdict::InPart,
            Some(Weight::Untrusted) => Verdict::Untrusted,
            Some(Weight::Broken) => Verdict::Refused,
        }
    }

    /// Returns whether everything given is what its trusted signer sealed.
    pub fn is_verified(&self) -> bool {
        self.verdict() == Verdict::Verified
    }
}
