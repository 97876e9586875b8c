//! Names in a trace folder.

/// File of the lines.
pub(super) const ENTRIES: &str = "entries.jsonl";
/// File of the signed checkpoint over them.
pub(super) const CHECKPOINT: &str = "checkpoint";
/// Folder of the bytes that entries name.
pub(super) const BLOBS: &str = "blobs";
/// File that one writer at a time holds.
pub(super) const LOCK: &str = "lock";
