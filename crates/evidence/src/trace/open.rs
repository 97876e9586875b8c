//! A trace that grows: opened from bytes that verify, appended to, sealed.

use baton_terms::Instant;

use super::{
    Draft, Entry, EntryError, Finding, Level, Material, Report, Trust, Weight, genesis, lines,
    verify, walk::walk,
};
use crate::{
    checkpoint::{Checkpoint, CheckpointError, NoteSigner},
    merkle::{Frontier, leaf_hash},
};
use baton_terms::Digest;

/// A trace to which entries are appended.
#[derive(Debug, Clone)]
pub struct Trace {
    // INVARIANT: whole chained lines, with the tree over them and the leaf and time of the last.
    entries: Vec<u8>,
    frontier: Frontier,
    last_leaf: Digest,
    last_time: Option<Instant>,
}

/// Why an entry cannot be appended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// The draft cannot be an entry.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The entry would be earlier than the one before it.
    #[error("append an entry of {found}: the last one is of {last}")]
    Backwards {
        /// Time of the last entry.
        last: Instant,
        /// Time of the draft.
        found: Instant,
    },
}

impl Default for Trace {
    fn default() -> Self {
        Self::new()
    }
}

impl Trace {
    /// Returns the trace without entries.
    pub fn new() -> Self {
        Self {
            entries: Vec::new(),
            frontier: Frontier::new(),
            last_leaf: genesis(),
            last_time: None,
        }
    }

    /// Returns the trace in `entries`, verified at the chain level.
    ///
    /// Entries after the checkpoint are accepted, because a trace is sealed less often than it
    /// grows; without a checkpoint the chain alone is verified.
    ///
    /// # Errors
    /// With the report, when anything was tampered with or no trusted key signed the checkpoint.
    pub fn open(
        entries: Vec<u8>,
        checkpoint: Option<&[u8]>,
        trust: Trust<'_>,
    ) -> Result<Self, Box<Report>> {
        let material = Material {
            entries: &entries,
            checkpoint,
            earlier: &[],
            blobs: None,
        };
        let mut report = verify(&material, trust, Level::Chain);
        let is_refused = |finding: &Finding| {
            finding.weight() > Weight::Uncovered && *finding != Finding::CheckpointMissing
        };
        if report.findings.iter().any(is_refused) {
            return Err(Box::new(report));
        }
        let last_time = match lines::split(&entries).last().map(Entry::parse) {
            None => None,
            Some(Ok(entry)) => Some(entry.draft().time),
            Some(Err(_)) => {
                let sequence = report.coverage.lines.saturating_sub(1);
                let why = "the last line cannot be read".to_owned();
                report.findings.push(Finding::EntryShape { sequence, why });
                return Err(Box::new(report));
            }
        };
        let walk = walk(&entries, &[], b"");
        Ok(Self {
            frontier: walk.frontier,
            last_leaf: walk.last_leaf,
            last_time,
            entries,
        })
    }

    /// Appends an entry and returns its line with the newline, for writers that append to a file.
    ///
    /// # Errors
    /// When the draft cannot be an entry, or is earlier than the last one.
    pub fn append(&mut self, draft: Draft) -> Result<Vec<u8>, AppendError> {
        let found = draft.time;
        if let Some(last) = self.last_time.filter(|last| found < *last) {
            return Err(AppendError::Backwards { last, found });
        }
        let (_, mut line) = Entry::with_line(draft, self.frontier.size(), self.last_leaf)?;
        self.last_leaf = leaf_hash(&line);
        self.last_time = Some(found);
        self.frontier.push(self.last_leaf);
        line.push(b'\n');
        self.entries.extend_from_slice(&line);
        Ok(line)
    }

    /// Returns the bytes of a checkpoint over all entries, signed by `signers`.
    ///
    /// # Errors
    /// When the origin cannot stand in a checkpoint.
    pub fn seal(
        &self,
        origin: &str,
        signers: &[NoteSigner<'_>],
    ) -> Result<Vec<u8>, CheckpointError> {
        let checkpoint = Checkpoint::new(origin, self.frontier.size(), self.frontier.root())?;
        Ok(checkpoint.sign(signers))
    }

    /// Returns the lines.
    pub fn entries(&self) -> &[u8] {
        &self.entries
    }

    /// Returns the number of entries.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Returns the Merkle root over all entries.
    pub fn root(&self) -> Digest {
        self.frontier.root()
    }
}
