//! Sealing: one register entry per stream that grew, and a signed checkpoint over the register.

use std::collections::BTreeMap;

use baton_evidence::{
    checkpoint::{Checkpoint, CheckpointError, NoteSigner},
    merkle::{Frontier, leaf_hash},
    trace::{Draft, Entry, EntryError, genesis},
};
use baton_terms::{Digest, Id, Instant};
use serde_json::Map;

use crate::port::{SealedStream, Sealing, Store, StoreError, Unsealed};

/// Streams sealed in one transaction.
const STREAMS_MAX: u32 = 1_000;
/// Lines read at once.
const LINES_MAX: u32 = 10_000;
/// The kind of a register entry.
pub(super) const KIND: &str = "stream-sealed";
/// Under which name its detail holds the stream's root.
pub(super) const ROOT: &str = "root";
/// Under which name its detail says how many entries the root covers.
pub(super) const ENTRIES: &str = "entries";

/// Seals a store again and again, knowing the register it has read so far.
#[derive(Debug, Clone)]
pub struct Sealer {
    origin: String,
    frontier: Frontier,
    last_leaf: Digest,
    last_time: Option<Instant>,
}

/// What one round sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// How many streams.
    pub streams: u64,
    /// How many entries the register has.
    pub entries: u64,
}

/// Why nothing was sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The store failed or another node sealed meanwhile.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A line of the register or the origin cannot be what it should be.
    #[error("seal the store: {why}")]
    Unsound {
        /// What is wrong.
        why: String,
    },
}

impl From<EntryError> for SealError {
    fn from(error: EntryError) -> Self {
        unsound(&error)
    }
}

impl From<CheckpointError> for SealError {
    fn from(error: CheckpointError) -> Self {
        unsound(&error)
    }
}

fn unsound(error: &impl std::fmt::Display) -> SealError {
    SealError::Unsound {
        why: error.to_string(),
    }
}

impl Sealer {
    /// Returns a sealer whose checkpoints carry this origin.
    pub fn new(origin: impl Into<String>) -> Self {
        Self {
            origin: origin.into(),
            frontier: Frontier::new(),
            last_leaf: genesis(),
            last_time: None,
        }
    }

    /// Seals streams that grew, as many as one transaction holds; nothing grew, nothing is written.
    ///
    /// # Errors
    /// When the store fails, or another node sealed meanwhile: the next round reads on and tries again.
    pub fn seal(
        &mut self,
        store: &dyn Store,
        signers: &[NoteSigner<'_>],
        now: Instant,
    ) -> Result<Sealed, SealError> {
        self.catch_up(store)?;
        let grown = store.unsealed(STREAMS_MAX)?;
        if grown.is_empty() {
            return Ok(self.sealed(0));
        }
        // A clock that went back may not make the register's times go back.
        let time = self.last_time.map_or(now, |last| last.max(now));
        let mut next = self.clone();
        let mut lines = Vec::new();
        let mut streams = Vec::new();
        for stream in &grown {
            let frontier = grown_frontier(store, stream)?;
            lines.push(next.push(draft(stream, frontier.root(), time)?)?);
            streams.push(SealedStream {
                stream: stream.stream.clone(),
                entries: stream.entries,
                frontier: frontier.subtrees().to_vec(),
            });
        }
        let checkpoint = Checkpoint::new(&self.origin, next.frontier.size(), next.frontier.root())?;
        store.seal(Sealing {
            expected: self.frontier.size(),
            lines,
            streams,
            checkpoint: checkpoint.sign(signers),
        })?;
        *self = next;
        Ok(self.sealed(grown.len()))
    }

    fn sealed(&self, streams: usize) -> Sealed {
        Sealed {
            streams: u64::try_from(streams).unwrap_or(u64::MAX),
            entries: self.frontier.size(),
        }
    }

    fn push(&mut self, draft: Draft) -> Result<Vec<u8>, EntryError> {
        let time = draft.time;
        let (_, line) = Entry::with_line(draft, self.frontier.size(), self.last_leaf)?;
        self.follow(&line, time);
        Ok(line)
    }

    fn follow(&mut self, line: &[u8], time: Instant) {
        self.last_leaf = leaf_hash(line);
        self.frontier.push(self.last_leaf);
        self.last_time = Some(time);
    }

    /// Reads what other nodes, or this one before it started again, have sealed.
    fn catch_up(&mut self, store: &dyn Store) -> Result<(), SealError> {
        loop {
            let lines = store.register_lines(self.frontier.size(), LINES_MAX)?;
            if lines.is_empty() {
                return Ok(());
            }
            for line in &lines {
                let sequence = self.frontier.size();
                let entry = Entry::parse(line).ok().filter(|entry| {
                    entry.sequence() == sequence && entry.previous() == self.last_leaf
                });
                let Some(entry) = entry else {
                    return Err(SealError::Unsound {
                        why: format!(
                            "entry {sequence} of the register does not follow the one before it"
                        ),
                    });
                };
                self.follow(line, entry.draft().time);
            }
        }
    }
}

fn draft(stream: &Unsealed, root: Digest, time: Instant) -> Result<Draft, SealError> {
    let mut detail = Map::new();
    detail.insert(ENTRIES.into(), stream.entries.into());
    // Not among the digests: those name documents that an auditor may ask for.
    detail.insert(ROOT.into(), root.to_string().into());
    Ok(Draft {
        time,
        kind: KIND.parse::<Id>().map_err(|error| unsound(&error))?,
        subject: stream.stream.to_string(),
        actor: None,
        digests: BTreeMap::new(),
        detail,
    })
}

/// Returns the tree over a stream, going on from where it was sealed; one whose frontier was not kept is read from its start.
fn grown_frontier(store: &dyn Store, grown: &Unsealed) -> Result<Frontier, StoreError> {
    let (stream, entries) = (&grown.stream, grown.entries);
    let mut frontier = Frontier::of_kept(grown.sealed, grown.frontier.clone()).unwrap_or_default();
    while frontier.size() < entries {
        let wanted = u32::try_from(entries - frontier.size())
            .unwrap_or(LINES_MAX)
            .min(LINES_MAX);
        let lines = store.lines(stream, frontier.size(), wanted)?;
        if lines.is_empty() {
            return Err(StoreError::Damaged {
                why: format!(
                    "`{stream}` should have {entries} entries, it has {}",
                    frontier.size()
                ),
            });
        }
        frontier.extend(lines.iter().map(|line| leaf_hash(&line.bytes)));
    }
    Ok(frontier)
}
