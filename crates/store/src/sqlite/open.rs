//! Opening a connection: the settings durability rests on, and the steps to the current schema.

use std::{path::Path, time::Duration};

use baton_engine::port::StoreError;
use rusqlite::{
    Connection, OpenFlags, OptionalExtension, TransactionBehavior, config::DbConfig, params,
};

use super::error::{before_commit, damaged};
use crate::steps::{Dialect, Step, known_steps};

/// How long a connection waits for another process's write.
const BUSY: Duration = Duration::from_secs(10);
/// Marks the file as Baton's (`BATN`), for `file` and for refusing other databases.
const APPLICATION_ID: i32 = 0x4241_544e;
/// Statements kept prepared per connection.
const STATEMENTS: usize = 64;

/// Pages in the log that are copied to the file together: 16 MiB.
const CHECKPOINT_PAGES: &str = "4096";
/// Memory for pages, negative as SQLite wants it when it counts KiB.
const CACHE_KIB: &str = "-32768";

/// Opens the connection that writes, creating file and schema when they are missing.
pub(super) fn writer(path: &Path) -> Result<Connection, StoreError> {
    let mut connection = connect(
        path,
        OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_READ_WRITE,
    )?;
    refuse_foreign(&connection)?;
    set(&connection, "journal_mode", "wal")?;
    // FULL syncs the log at every commit: what was answered survives the loss of power.
    set(&connection, "synchronous", "full")?;
    // Fewer, larger checkpoints: a page that many commits wrote is copied once.
    set(&connection, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    set(&connection, "cache_size", CACHE_KIB)?;
    migrate(&mut connection)?;
    Ok(connection)
}

/// Returns a number that another connection's commit changes.
pub(super) fn version(connection: &Connection) -> Result<i64, StoreError> {
    pragma(connection, "data_version")
}

/// Keeps the file from growing beyond `bytes_max`.
pub(super) fn limit(connection: &Connection, bytes_max: u64) -> Result<(), StoreError> {
    let page: i64 = pragma(connection, "page_size")?;
    let pages = bytes_max / u64::try_from(page).unwrap_or(u64::MAX).max(1);
    connection
        .pragma_update(
            None,
            "max_page_count",
            i64::try_from(pages).unwrap_or(i64::MAX),
        )
        .map_err(|e| before_commit(&e))
}

/// Opens a connection that only reads.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    set(&connection, "query_only", "on")?;
    Ok(connection)
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|e| before_commit(&e))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A plan is made once, whatever values are bound: else SQLite with its histograms plans a statement anew each time it runs.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(|e| before_commit(&e))?;
    connection
        .busy_timeout(BUSY)
        .map_err(|e| before_commit(&e))?;
    // The file may come from elsewhere: its schema may not run functions, and its pages are checked as they are read.
    set(&connection, "trusted_schema", "off")?;
    set(&connection, "cell_size_check", "on")?;
    Ok(connection)
}

fn set(connection: &Connection, name: &str, value: &str) -> Result<(), StoreError> {
    connection
        .pragma_update(None, name, value)
        .map_err(|e| before_commit(&e))
}

/// Refuses a database that another program made.
fn refuse_foreign(connection: &Connection) -> Result<(), StoreError> {
    let id: i32 = pragma(connection, "application_id")?;
    let tables: i64 = connection
        .query_row("select count(*) from sqlite_schema", [], |row| row.get(0))
        .map_err(|e| before_commit(&e))?;
    if id == APPLICATION_ID {
        return Ok(());
    }
    if id != 0 || tables > 0 {
        return Err(damaged("the file is a database of another program"));
    }
    connection
        .pragma_update(None, "application_id", APPLICATION_ID)
        .map_err(|e| before_commit(&e))
}

fn pragma<T: rusqlite::types::FromSql>(
    connection: &Connection,
    name: &str,
) -> Result<T, StoreError> {
    connection
        .pragma_query_value(None, name, |row| row.get(0))
        .map_err(|e| before_commit(&e))
}

/// Runs the steps that have not run yet, all in one transaction.
fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let steps = known_steps(Dialect::Sqlite);
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|e| before_commit(&e))?;
    transaction
        .execute_batch(
            "create table if not exists steps (step integer primary key, digest blob not null) strict",
        )
        .map_err(|e| before_commit(&e))?;
    refuse_newer(&transaction, steps)?;
    for step in steps {
        if !has_run(&transaction, step)? {
            transaction
                .execute_batch(step.sql)
                .map_err(|e| before_commit(&e))?;
            transaction
                .execute(
                    "insert into steps (step, digest) values (?1, ?2)",
                    params![step.number, step.digest().as_bytes()],
                )
                .map_err(|e| before_commit(&e))?;
        }
    }
    transaction.commit().map_err(|e| before_commit(&e))
}

fn refuse_newer(connection: &Connection, steps: &[Step]) -> Result<(), StoreError> {
    let found: Option<u32> = connection
        .query_row("select max(step) from steps", [], |row| row.get(0))
        .map_err(|e| before_commit(&e))?;
    let known = steps.last().map_or(0, |step| step.number);
    match found.filter(|found| *found > known) {
        Some(found) => Err(StoreError::TooNew { found, known }),
        None => Ok(()),
    }
}

/// Returns whether a step ran, and refuses a database on which another text ran under its number.
fn has_run(connection: &Connection, step: &Step) -> Result<bool, StoreError> {
    let digest: Option<Vec<u8>> = connection
        .query_row(
            "select digest from steps where step = ?1",
            [step.number],
            |row| row.get(0),
        )
        .optional()
        .map_err(|e| before_commit(&e))?;
    match digest {
        None => Ok(false),
        Some(digest) if digest == step.digest().as_bytes() => Ok(true),
        Some(_) => Err(damaged(format!(
            "step {} of its schema is not the one Baton knows",
            step.number
        ))),
    }
}
