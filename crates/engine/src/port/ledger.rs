//! The traits a store implements.

use baton_terms::{Digest, Instant};

use super::{
    Appended, Claim, ClaimRequest, Head, Job, Line, Register, Request, Settlement, StoreError,
    StreamId, Transition,
};

/// Which streams to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Only streams whose name begins with this.
    pub prefix: String,
    /// Only streams in this state.
    pub state: Option<String>,
    /// Only streams whose turn it is for this team or role.
    pub turn: Option<String>,
    /// Only streams after this one, in the order of names.
    pub after: Option<StreamId>,
    /// How many at most.
    pub limit: u32,
}

/// Streams read at once where all of them are looked at.
const HEADS_READ: u32 = 500;

impl Page {
    /// Returns the first page of all streams whose name begins so.
    pub fn under(prefix: impl Into<String>) -> Self {
        Self {
            prefix: prefix.into(),
            state: None,
            turn: None,
            after: None,
            limit: HEADS_READ,
        }
    }
}

/// Looks at every stream from a page on, page by page, in the order of their names.
///
/// # Errors
/// When the store cannot be read, or with what `look` fails with.
pub fn each_head<E: From<StoreError>>(
    ledger: &(impl Ledger + ?Sized),
    mut page: Page,
    mut look: impl FnMut(&Head) -> Result<(), E>,
) -> Result<(), E> {
    loop {
        let heads = ledger.heads(&page)?;
        heads.iter().try_for_each(&mut look)?;
        let is_full = u32::try_from(heads.len()).is_ok_and(|count| count >= page.limit);
        match heads.into_iter().next_back() {
            Some(last) if is_full => page.after = Some(last.stream),
            _ => return Ok(()),
        }
    }
}

/// Streams that grow by compare-and-set, and the blobs they name.
pub trait Ledger {
    /// Keeps a transition: when this returns it is on disk, whole.
    ///
    /// # Errors
    /// See [`super::Refusal`] and [`StoreError`]; with any of them but `OutcomeUnknown` nothing was kept.
    fn append(&self, transition: Transition) -> Result<Appended, StoreError>;

    /// Returns entries of a stream from a place on, `limit` at most; none when there is no such stream.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn lines(&self, stream: &StreamId, from: u64, limit: u32) -> Result<Vec<Line>, StoreError>;

    /// Returns where a stream stands.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn head(&self, stream: &StreamId) -> Result<Option<Head>, StoreError>;

    /// Returns streams in the order of their names.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn heads(&self, page: &Page) -> Result<Vec<Head>, StoreError>;

    /// Returns the request that was kept under an idempotency key.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn request(&self, key: &str) -> Result<Option<Request>, StoreError>;

    /// Returns the document under a digest.
    ///
    /// # Errors
    /// When the store cannot be read, or [`StoreError::Damaged`] when the document has another digest.
    fn blob(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError>;
}

/// Jobs: claimed when due, worked on under a lease, settled under a fence.
pub trait Jobs {
    /// Claims due jobs, the earliest first.
    ///
    /// # Errors
    /// When the store cannot be reached.
    fn claim(&self, request: &ClaimRequest) -> Result<Vec<Job>, StoreError>;

    /// Settles a claimed job.
    ///
    /// # Errors
    /// [`super::Refusal::Fenced`] when the job is no longer this node's.
    fn settle(&self, claim: &Claim, settlement: &Settlement) -> Result<(), StoreError>;

    /// Extends a lease.
    ///
    /// # Errors
    /// [`super::Refusal::Fenced`] when the job is no longer this node's.
    fn renew(&self, claim: &Claim, until: Instant) -> Result<(), StoreError>;

    /// Returns when the earliest open job is due or its lease ends, whichever is later.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn next_due(&self) -> Result<Option<Instant>, StoreError>;
}

/// Everything the engine needs of a store.
pub trait Store: Ledger + Jobs + Register + Send + Sync {}

impl<T: Ledger + Jobs + Register + Send + Sync> Store for T {}
