//! What the engine needs of a store, in plain data: streams of trace entries that grow by
//! compare-and-set, jobs that wait for their instant, blobs by digest, and the register that seals it all.
//!
//! A stream is the trace of one handoff or mission. One [`Transition`] appends the entries of one decision and
//! everything that must become true with them: either all of it is on disk when [`Ledger::append`] returns, or nothing
//! ever was. Recovery needs no other path: it reads the stream and replays it.

mod clock;
mod courier;
mod error;
mod job;
mod ledger;
mod register;
mod stream;
mod transition;
mod wake;

pub use clock::Clock;
pub use courier::{Courier, Delivered, MESSAGE_BYTES_MAX, Message, MessageKind};
pub use error::{Refusal, StoreError};
pub use job::{Claim, ClaimRequest, Fence, Job, JobId, JobKind, NewJob, Settlement};
pub use ledger::{Jobs, Ledger, Page, Store, each_head};
pub use register::{Register, RegisterHead, SealedStream, Sealing, Unsealed};
pub use stream::{Head, Line, NameError, StreamId, Summary};
pub use transition::{
    Appended, BLOBS_BYTES_MAX, BODY_BYTES_MAX, Blob, JOBS_MAX, LINE_BYTES_MAX, LINES_MAX, Request,
    Transition,
};
pub use wake::{Mark, REST_MAX, Wake};
