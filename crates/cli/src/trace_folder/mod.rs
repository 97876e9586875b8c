//! A trace on disk: `entries.jsonl`, `checkpoint` and `blobs/<hex>` in one folder.
//!
//! What a trace is, and whether it verifies, is `baton_evidence::trace`'s matter; here are the
//! order of writes and the lock. A crash between any two writes leaves a trace that verifies, with
//! at most its last entries not sealed yet.

mod append;
mod codes;
mod names;
mod plan;
mod read;
#[cfg(test)]
mod tests;

pub(crate) use append::{Appended, Signing, append_decision, export, seal};
pub(crate) use codes::{NOT_A_TRACE, NOT_EXPORTED};
pub(crate) use read::{BlobFiles, Contents, read, read_blobs};
