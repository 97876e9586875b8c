//! A trail: how far a stream was read, and what its next entries look like.
//!
//! Every stream is a trace (`trace-entry/v1`): exported, it is verified and shown by the same commands as a trace folder.

use baton_evidence::{
    merkle::leaf_hash,
    trace::{Draft, Entry, EntryError, genesis},
};
use baton_terms::Digest;

use crate::port::{Ledger, Line, StoreError, StreamId};

/// Lines read at once.
const LINES_READ: u32 = 1_000;

/// The end of a stream as far as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trail {
    entries: u64,
    leaf: Digest,
}

impl Default for Trail {
    fn default() -> Self {
        Self {
            entries: 0,
            leaf: genesis(),
        }
    }
}

impl Trail {
    /// Returns how many entries were read.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// Returns the leaf hash of the last one.
    pub fn leaf(&self) -> Digest {
        self.leaf
    }

    /// Reads a stream to its end, handing over each entry in order.
    ///
    /// # Errors
    /// When the store fails, an entry does not follow the one before it, or `take` refuses one.
    pub fn read_on<E: From<StoreError>>(
        &mut self,
        store: &(impl Ledger + ?Sized),
        stream: &StreamId,
        mut take: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        loop {
            let lines = store.lines(stream, self.entries, LINES_READ)?;
            let is_last = u32::try_from(lines.len()).is_ok_and(|count| count < LINES_READ);
            for line in &lines {
                take(self.follow(stream, line)?)?;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Returns what comes next with its line, and takes it as read.
    ///
    /// # Errors
    /// When the draft cannot be an entry.
    pub fn push(&mut self, draft: Draft) -> Result<(Entry, Vec<u8>), EntryError> {
        let (entry, line) = Entry::with_line(draft, self.entries, self.leaf)?;
        self.entries += 1;
        self.leaf = leaf_hash(&line);
        Ok((entry, line))
    }

    fn follow(&mut self, stream: &StreamId, line: &Line) -> Result<Entry, StoreError> {
        let entry = Entry::parse(&line.bytes).ok().filter(|entry| {
            line.sequence == self.entries
                && entry.sequence() == self.entries
                && entry.previous() == self.leaf
        });
        let entry = entry.ok_or_else(|| StoreError::Damaged {
            why: format!(
                "entry {} of `{stream}` does not follow the one before it",
                self.entries
            ),
        })?;
        self.entries += 1;
        self.leaf = leaf_hash(&line.bytes);
        Ok(entry)
    }
}
