//! One writer at a time, and no reader while it writes. The lock goes with the process that holds it.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use baton_terms::Code;

use crate::failure::{Failure, UNWRITABLE};

/// Another process works on it.
pub(crate) const LOCKED: Code = Code::new(911);

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock(
    // Holding the open file is holding the lock.
    #[expect(dead_code, reason = "kept open, never read")] File,
);

/// Locks what the lock file `path` stands for, `what` in words, for writing; the file's folder is
/// there already.
pub(crate) fn for_writing(path: &Path, what: &str) -> Result<Lock, Failure> {
    let open = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .map_err(|error| {
            Failure::new(UNWRITABLE, format!("write `{}`", path.display()))
                .expected("a folder that can be written to")
                .found(error.to_string())
                .hint("check the path and its permissions")
        })?;
    let locked = open.try_lock();
    held(open, locked, what)
}

/// Locks it for reading. A copy without a lock file, or one that may not be opened, has no writer
/// either.
pub(crate) fn for_reading(path: &Path, what: &str) -> Result<Option<Lock>, Failure> {
    #[expect(
        clippy::disallowed_methods,
        reason = "locking needs the open file and reads nothing"
    )]
    let Ok(open) = File::open(path) else {
        return Ok(None);
    };
    let locked = open.try_lock_shared();
    held(open, locked, what).map(Some)
}

fn held(open: File, locked: Result<(), TryLockError>, what: &str) -> Result<Lock, Failure> {
    let failure = || Failure::new(LOCKED, format!("lock {what}"));
    match locked {
        Ok(()) => Ok(Lock(open)),
        Err(TryLockError::WouldBlock) => Err(failure()
            .expected("no other process at work on it")
            .found("another `baton` that has it locked")
            .hint("run it again when the other one has ended")),
        Err(TryLockError::Error(error)) => Err(failure()
            .expected("a file system with locks")
            .found(error.to_string())
            .hint("keep it on a local disk")),
    }
}
