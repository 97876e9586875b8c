//! The register: one log of the whole store that says, in signed checkpoints, how far each stream had grown.
//!
//! Streams grow independently, so that no counter is shared by all writers. Sealing walks the streams that grew, appends to the
//! register one entry for each, and signs the register's root. What is cut off or rewritten in a stream later is found against its register entry; a store
//! restored from an old backup is found because its register is shorter than the last known checkpoint.

use baton_terms::Digest;

use super::{Refusal, StoreError, StreamId};

/// A stream that grew since it was last sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsealed {
    /// The stream.
    pub stream: StreamId,
    /// How many of its entries are covered by the register.
    pub sealed: u64,
    /// How many entries it has.
    pub entries: u64,
    /// The subtrees of the tree over those that are sealed, as they were handed over with the last seal: sealing goes on from there.
    pub frontier: Vec<Digest>,
}

/// How far a stream is sealed by a register entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedStream {
    /// The stream.
    pub stream: StreamId,
    /// How many of its entries are covered.
    pub entries: u64,
    /// The subtrees of the tree over them, to be given back as [`Unsealed::frontier`].
    pub frontier: Vec<Digest>,
}

/// New entries of the register, with what they seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealing {
    /// How many entries the register had: compare-and-set.
    pub expected: u64,
    /// The canonical lines to append, one per stream.
    pub lines: Vec<Vec<u8>>,
    /// How far each stream is sealed by them.
    pub streams: Vec<SealedStream>,
    /// The signed checkpoint over the register with these lines.
    pub checkpoint: Vec<u8>,
}

impl Sealing {
    /// Returns the refusal of a register that has `found` entries rather than those the sealing was made on.
    pub fn moved(&self, found: u64) -> Refusal {
        Refusal::Moved {
            stream: StreamId::register(),
            expected: self.expected,
            found,
        }
    }
}

/// Where the register stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegisterHead {
    /// How many entries it has.
    pub entries: u64,
    /// The last signed checkpoint, if any was made.
    pub checkpoint: Option<Vec<u8>>,
}

/// The register of a store.
pub trait Register {
    /// Returns streams that grew since they were sealed, in an order of the store's own, `limit` at most.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn unsealed(&self, limit: u32) -> Result<Vec<Unsealed>, StoreError>;

    /// Returns where the register stands.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn register_head(&self) -> Result<RegisterHead, StoreError>;

    /// Returns lines of the register from a place on, `limit` at most.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn register_lines(&self, from: u64, limit: u32) -> Result<Vec<Vec<u8>>, StoreError>;

    /// Appends to the register.
    ///
    /// # Errors
    /// [`super::Refusal::Moved`] when another node sealed meanwhile.
    fn seal(&self, sealing: Sealing) -> Result<(), StoreError>;
}
