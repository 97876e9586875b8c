//! The register: what grew since it was sealed, and sealing it.

use baton_engine::port::{RegisterHead, Sealing, StoreError, StreamId, Unsealed};
use rusqlite::{Connection, params};

use super::{
    append::i64,
    error::{before_commit, damaged},
};
use crate::frontier;

/// Returns streams with entries that no register entry covers.
pub(super) fn unsealed(connection: &Connection, limit: u32) -> Result<Vec<Unsealed>, StoreError> {
    let mut statement = connection
        .prepare_cached("select stream, sealed, entries, frontier from streams where has_grown = 1 order by stream_no limit ?1")
        .map_err(|e| before_commit(&e))?;
    let rows: Vec<(String, i64, i64, Option<Vec<u8>>)> = statement
        .query_map([limit], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .and_then(Iterator::collect)
        .map_err(|e| before_commit(&e))?;
    rows.into_iter()
        .map(|(stream, sealed, entries, kept)| {
            Ok(Unsealed {
                stream: StreamId::new(stream).map_err(|e| damaged(e.to_string()))?,
                sealed: count(sealed)?,
                entries: count(entries)?,
                frontier: frontier::subtrees(kept.as_deref()),
            })
        })
        .collect()
}

/// Returns how many entries the register has and its last checkpoint.
pub(super) fn head(connection: &Connection) -> Result<RegisterHead, StoreError> {
    let (entries, checkpoint): (i64, Option<Vec<u8>>) = connection
        .prepare_cached(
            "select (select ifnull(max(sequence) + 1, 0) from register), checkpoint from standing",
        )
        .and_then(|mut statement| statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))))
        .map_err(|e| before_commit(&e))?;
    Ok(RegisterHead {
        entries: count(entries)?,
        checkpoint,
    })
}

/// Returns lines of the register.
pub(super) fn lines(
    connection: &Connection,
    from: u64,
    limit: u32,
) -> Result<Vec<Vec<u8>>, StoreError> {
    connection
        .prepare_cached("select line from register where sequence >= ?1 order by sequence limit ?2")
        .and_then(|mut statement| {
            statement
                .query_map(params![i64(from), limit], |row| row.get(0))
                .and_then(Iterator::collect)
        })
        .map_err(|e| before_commit(&e))
}

/// Appends to the register within the writer's transaction.
pub(super) fn seal(connection: &Connection, sealing: &Sealing) -> Result<(), StoreError> {
    let found = head(connection)?.entries;
    if found != sealing.expected {
        return Err(sealing.moved(found).into());
    }
    for (sequence, line) in (sealing.expected..).zip(&sealing.lines) {
        connection
            .prepare_cached("insert into register (sequence, line) values (?1, ?2)")
            .and_then(|mut statement| statement.execute(params![i64(sequence), line]))
            .map_err(|e| before_commit(&e))?;
    }
    for sealed in &sealing.streams {
        connection
            .prepare_cached(
                "update streams set sealed = ?2, frontier = ?3, has_grown = entries > ?2 where stream = ?1",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    sealed.stream.as_str(),
                    i64(sealed.entries),
                    frontier::kept(&sealed.frontier)
                ])
            })
            .map_err(|e| before_commit(&e))?;
    }
    connection
        .prepare_cached("update standing set checkpoint = ?1")
        .and_then(|mut statement| statement.execute([&sealing.checkpoint]))
        .map_err(|e| before_commit(&e))?;
    Ok(())
}

/// Returns a count that the table keeps.
pub(super) fn count(kept: i64) -> Result<u64, StoreError> {
    u64::try_from(kept).map_err(|_| damaged(format!("{kept} is no count")))
}
