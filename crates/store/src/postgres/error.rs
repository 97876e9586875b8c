//! What PostgreSQL's codes mean to the engine (<https://www.postgresql.org/docs/15/errcodes-appendix.html>).

use baton_engine::port::StoreError;
use postgres::{Error, error::SqlState};

/// Raised by `append_transition` when the idempotency key was taken while it ran.
const KEY_TAKEN: &str = "BT001";
/// Raised by `append_transition` when a job's name is in use.
const JOB_NAMED_ALREADY: &str = "BT002";

/// What to do about a failed statement.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server undid it because of someone else: ask again.
    Again(StoreError),
    /// The store refuses it.
    NameTaken,
    /// It failed, and the error says what is known.
    Final(StoreError),
}

/// Translates the failure of a statement that changes something and commits with it.
pub(super) fn of_change(error: &Error) -> Failure {
    let why = reason(error);
    let Some(code) = error.code() else {
        // No code means no answer: the connection ended with the statement on its way.
        return Failure::Final(StoreError::OutcomeUnknown { why });
    };
    let conflicts = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
    ];
    if conflicts.contains(code) || code.code() == KEY_TAKEN {
        return Failure::Again(StoreError::Unavailable { why });
    }
    if code.code() == JOB_NAMED_ALREADY {
        return Failure::NameTaken;
    }
    if *code == SqlState::ADMIN_SHUTDOWN || *code == SqlState::CRASH_SHUTDOWN {
        // The server may say so after the commit was written and before it was confirmed.
        return Failure::Final(StoreError::OutcomeUnknown { why });
    }
    Failure::Final(of_code(code, why))
}

/// Translates the failure of a statement that only reads.
pub(super) fn of_read(error: &Error) -> StoreError {
    let why = reason(error);
    match error.code() {
        None => StoreError::Unavailable { why },
        Some(code) => of_code(code, why),
    }
}

fn of_code(code: &SqlState, why: String) -> StoreError {
    let is_class = |class: &str| code.code().starts_with(class);
    if *code == SqlState::DISK_FULL {
        StoreError::Full
    } else if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        StoreError::Unavailable {
            why: format!(
                "the server only reads, as a standby does; `target_session_attrs=read-write` finds the one that writes: {why}"
            ),
        }
    } else if is_class("XX") || is_class("23") || is_class("42") {
        StoreError::Damaged { why }
    } else {
        StoreError::Unavailable { why }
    }
}

/// Returns the failure to read a value of a row.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it stands where `map_err` hands over its error"
)]
pub(super) fn damaged(why: impl ToString) -> StoreError {
    StoreError::Damaged {
        why: why.to_string(),
    }
}

/// Returns what the server said, or what became of the connection.
pub(super) fn reason(error: &Error) -> String {
    match error.as_db_error() {
        Some(said) => format!("{} ({})", said.message(), said.code().code()),
        // What the connection failed of is one level below.
        None => std::error::Error::source(error)
            .map_or_else(|| error.to_string(), |source| format!("{error}: {source}")),
    }
}
