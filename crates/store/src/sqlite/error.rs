//! What SQLite's result codes mean to the engine (<https://www.sqlite.org/rescode.html>).

use baton_engine::port::StoreError;
use rusqlite::{Error, ErrorCode};

/// Translates a failure before the commit: whatever it was, the transaction is rolled back and nothing was kept.
pub(super) fn before_commit(error: &Error) -> StoreError {
    let why = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::OutOfMemory
            | ErrorCode::OperationInterrupted,
        ) => StoreError::Unavailable { why },
        // Anything else means that the file is not what Baton wrote.
        _ => StoreError::Damaged { why },
    }
}

/// Translates a failure of the commit itself: an I/O error leaves open what reached the disk.
pub(super) fn of_commit(error: &Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Unavailable {
            why: error.to_string(),
        },
        _ => StoreError::OutcomeUnknown {
            why: error.to_string(),
        },
    }
}

/// Returns the failure to read a value of a row.
pub(super) fn damaged(why: impl Into<String>) -> StoreError {
    StoreError::Damaged { why: why.into() }
}
