//! Reading streams, requests and blobs.

use baton_engine::port::{Head, Line, Page, Request, StoreError, StreamId, Summary};
use baton_terms::Digest;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    append::i64,
    error::{before_commit, damaged},
    register::count,
};
use crate::micros;

/// Returns entries of a stream.
pub(super) fn lines(
    connection: &Connection,
    stream: &StreamId,
    from: u64,
    limit: u32,
) -> Result<Vec<Line>, StoreError> {
    let rows: Vec<(i64, Vec<u8>)> = connection
        .prepare_cached(
            "select sequence, line from entries where stream_no = (select stream_no from streams where stream = ?1)
               and sequence >= ?2 order by sequence limit ?3",
        )
        .and_then(|mut statement| {
            statement
                .query_map(params![stream.as_str(), i64(from), limit], |row| Ok((row.get(0)?, row.get(1)?)))
                .and_then(Iterator::collect)
        })
        .map_err(|e| before_commit(&e))?;
    rows.into_iter()
        .map(|(sequence, bytes)| {
            Ok(Line {
                sequence: count(sequence)?,
                bytes,
            })
        })
        .collect()
}

/// A head as the table has it.
struct Kept {
    stream: String,
    entries: i64,
    leaf: [u8; 32],
    state: String,
    turn: Option<String>,
    due: Option<i64>,
}

const HEAD: &str = "select stream, entries, leaf, state, turn, due_us from streams";

impl Kept {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            stream: row.get(0)?,
            entries: row.get(1)?,
            leaf: row.get(2)?,
            state: row.get(3)?,
            turn: row.get(4)?,
            due: row.get(5)?,
        })
    }

    fn into_head(self) -> Result<Head, StoreError> {
        Ok(Head {
            stream: StreamId::new(self.stream).map_err(|e| damaged(e.to_string()))?,
            entries: count(self.entries)?,
            leaf: Digest::from_bytes(self.leaf),
            summary: Summary {
                state: self.state,
                turn: self.turn,
                due: self.due.map(micros::instant).transpose()?,
            },
        })
    }
}

/// Returns where one stream stands.
pub(super) fn head(connection: &Connection, stream: &StreamId) -> Result<Option<Head>, StoreError> {
    connection
        .prepare_cached(&format!("{HEAD} where stream = ?1"))
        .and_then(|mut statement| {
            statement
                .query_row([stream.as_str()], Kept::read)
                .optional()
        })
        .map_err(|e| before_commit(&e))?
        .map(Kept::into_head)
        .transpose()
}

/// Returns a page of streams in the order of names.
pub(super) fn heads(connection: &Connection, page: &Page) -> Result<Vec<Head>, StoreError> {
    // Names are ASCII without `\x7f`, so this upper end closes the range of a prefix.
    let end = format!("{}\u{7f}", page.prefix);
    let after = page.after.as_ref().map_or("", StreamId::as_str);
    // One bound below, the higher one: of two SQLite seeks to either and walks from there.
    let (from, bound) = if after < page.prefix.as_str() {
        (page.prefix.as_str(), ">=")
    } else {
        (after, ">")
    };
    let filter = match (&page.turn, &page.state) {
        (Some(_), Some(_)) => "turn = ?3 and state = ?4",
        (Some(_), None) => "turn = ?3 and ?4 is null",
        (None, Some(_)) => "state = ?4 and ?3 is null",
        (None, None) => "?3 is null and ?4 is null",
    };
    let sql = format!(
        "{HEAD} where stream {bound} ?1 and stream < ?2 and {filter} order by stream limit ?5"
    );
    let rows: Vec<Kept> = connection
        .prepare_cached(&sql)
        .and_then(|mut statement| {
            statement
                .query_map(
                    params![from, end, page.turn, page.state, page.limit],
                    Kept::read,
                )
                .and_then(Iterator::collect)
        })
        .map_err(|e| before_commit(&e))?;
    rows.into_iter().map(Kept::into_head).collect()
}

/// Returns what stands for an idempotency key in the table: 128 bits of its digest, which tell any two keys apart.
pub(super) fn key(key: &str) -> [u8; 16] {
    let digest = Digest::of(key.as_bytes());
    digest.as_bytes().first_chunk().copied().unwrap_or_default()
}

/// Returns the request kept under a key.
pub(super) fn request(connection: &Connection, key: &str) -> Result<Option<Request>, StoreError> {
    let kept: Option<([u8; 32], Vec<u8>)> = connection
        .prepare_cached("select asked, answer from entries where key = ?1")
        .and_then(|mut statement| {
            statement
                .query_row([self::key(key)], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()
        })
        .map_err(|e| before_commit(&e))?;
    Ok(kept.map(|(digest, answer)| Request {
        key: key.to_owned(),
        digest: Digest::from_bytes(digest),
        answer,
    }))
}

/// Returns a document, checked against its name.
pub(super) fn blob(
    connection: &Connection,
    digest: &Digest,
) -> Result<Option<Vec<u8>>, StoreError> {
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached("select bytes from blobs where digest = ?1")
        .and_then(|mut statement| {
            statement
                .query_row([digest.as_bytes()], |row| row.get(0))
                .optional()
        })
        .map_err(|e| before_commit(&e))?;
    match bytes {
        Some(bytes) if Digest::of(&bytes) != *digest => {
            Err(damaged(format!("the document {digest} was changed")))
        }
        other => Ok(other),
    }
}
