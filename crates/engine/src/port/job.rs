//! Jobs: durable pieces of work that wait for their instant (a timer) or for a receiver (a message).
//!
//! A node claims a due job for a while (a lease) and gets a fence, a number that only grows. Whoever comes back after the
//! lease has passed on holds a smaller fence and is refused (the fencing token of Kleppmann, "How to do distributed locking", 2016).

use baton_terms::Instant;

use super::{
    StreamId,
    stream::{NameError, checked},
};

/// The name of a job within its stream.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(String);

impl JobId {
    /// Returns the job of that name.
    ///
    /// # Errors
    /// When the text cannot be a name (see [`StreamId::new`]).
    pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
        checked(name.into()).map(Self)
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for JobId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a job is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobKind {
    /// Becomes a command when its instant has come.
    Timer,
    /// Leaves the store: delivered at least once, with its id to tell repetitions.
    Message,
}

impl JobKind {
    /// Returns the word under which stores keep the kind.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Timer => "timer",
            Self::Message => "message",
        }
    }
}

/// A job to set; setting one that is open already moves it to the new instant and body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// Its name within the stream.
    pub id: JobId,
    /// What it is for.
    pub kind: JobKind,
    /// Not before this instant.
    pub due: Instant,
    /// What its worker needs to know.
    pub body: Vec<u8>,
}

/// Which claim on a job is the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fence(pub u64);

/// One node's claim on one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The stream of the job.
    pub stream: StreamId,
    /// The job.
    pub job: JobId,
    /// The fence this claim was given.
    pub fence: Fence,
}

/// A claimed job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The claim under which it may be worked on and settled.
    pub claim: Claim,
    /// What it is for.
    pub kind: JobKind,
    /// When it was due.
    pub due: Instant,
    /// How often it was postponed by a settlement.
    pub attempt: u32,
    /// What its worker needs to know.
    pub body: Vec<u8>,
}

/// Which jobs to claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRequest {
    /// The node that will work on them.
    pub node: String,
    /// Only jobs of this kind.
    pub kind: JobKind,
    /// Jobs due at or before this instant, whose lease, if any, has ended by then.
    pub now: Instant,
    /// Until when the jobs are this node's.
    pub until: Instant,
    /// How many at most.
    pub limit: u32,
}

/// How the work on a claimed job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// It is done; the store keeps when.
    Done {
        /// When it was done.
        at: Instant,
    },
    /// It is to be tried again.
    Postponed {
        /// Not before this instant.
        due: Instant,
    },
}
