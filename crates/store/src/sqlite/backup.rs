//! Copying the store while it is in use, and checking what was copied.

use std::path::Path;

use baton_engine::port::StoreError;
use rusqlite::{Connection, OpenFlags, backup::Backup};

use super::{error::before_commit, open};

/// Pages copied between two looks at what changed meanwhile.
const PAGES: i32 = 4_096;

/// Why a copy was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// Something is there already; a backup replaces nothing.
    #[error("write the copy: something is there already")]
    Exists,
    /// The store could not be read or the copy not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The copy does not hold together.
    #[error("check the copy: {why}")]
    Unsound {
        /// What SQLite's integrity check says.
        why: String,
    },
}

/// Copies the database at `from` to the new file `to`.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    if to.exists() {
        return Err(BackupError::Exists);
    }
    let source = open::reader(from)?;
    let flags = OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_READ_WRITE;
    let mut target = Connection::open_with_flags(to, flags).map_err(|e| before_commit(&e))?;
    Backup::new(&source, &mut target)
        .and_then(|backup| backup.run_to_completion(PAGES, std::time::Duration::ZERO, None))
        .map_err(|e| before_commit(&e))?;
    check(&target)
}

/// Checks that every page, index and row of a database holds together.
pub(super) fn check(connection: &Connection) -> Result<(), BackupError> {
    let found: String = connection
        .query_row("pragma integrity_check(1)", [], |row| row.get(0))
        .map_err(|e| before_commit(&e))?;
    if found == "ok" {
        return Ok(());
    }
    Err(BackupError::Unsound { why: found })
}
