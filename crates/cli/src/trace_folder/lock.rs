//! One writer at a time, and no reader while it writes. The lock goes with the process that holds it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::codes::LOCKED;
use super::names::LOCK;
use crate::failure::{Failure, UNWRITABLE};

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub(super) struct Lock(
    // Holding the open file is holding the lock.
    #[expect(dead_code, reason = "kept open, never read")] File,
);

/// Locks a trace for writing; the folder is there already.
pub(super) fn for_writing(folder: &Path) -> Result<Lock, Failure> {
    let path = folder.join(LOCK);
    let open = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(|error| {
            Failure::new(UNWRITABLE, format!("write `{}`", path.display()))
                .expected("a folder that can be written to")
                .found(error.to_string())
                .hint("check the path and its permissions")
        })?;
    let locked = open.try_lock();
    held(open, locked, folder)
}

/// Locks a trace for reading. A copy without a lock file, or one that may not be opened, has no
/// writer either.
pub(super) fn for_reading(folder: &Path) -> Result<Option<Lock>, Failure> {
    #[expect(
        clippy::disallowed_methods,
        reason = "locking needs the open file and reads nothing"
    )]
    let Ok(open) = File::open(folder.join(LOCK)) else {
        return Ok(None);
    };
    let locked = open.try_lock_shared();
    held(open, locked, folder).map(Some)
}

fn held(open: File, locked: Result<(), TryLockError>, folder: &Path) -> Result<Lock, Failure> {
    let failure = || Failure::new(LOCKED, format!("lock the trace `{}`", folder.display()));
    match locked {
        Ok(()) => Ok(Lock(open)),
        Err(TryLockError::WouldBlock) => Err(failure()
            .expected("no other process at work on it")
            .found("another `baton` that has it locked")
            .hint("run it again when the other one has ended")),
        Err(TryLockError::Error(error)) => Err(failure()
            .expected("a file system with locks")
            .found(error.to_string())
            .hint("keep the trace on a local disk")),
    }
}
