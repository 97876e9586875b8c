//! Names in a trace folder.

use std::path::{Path, PathBuf};

/// File of the lines.
pub(super) const ENTRIES: &str = "entries.jsonl";
/// File of the signed checkpoint over them.
pub(super) const CHECKPOINT: &str = "checkpoint";
/// Folder of the bytes that entries name.
pub(super) const BLOBS: &str = "blobs";
/// File that one writer at a time holds.
const LOCK: &str = "lock";

/// Returns the lock file of a trace, and what it stands for in words.
pub(super) fn lock_of(folder: &Path) -> (PathBuf, String) {
    let what = format!("the trace `{}`", folder.display());
    (folder.join(LOCK), what)
}
