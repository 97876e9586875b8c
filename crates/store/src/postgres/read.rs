//! Reading streams, requests and blobs.

use baton_engine::port::{Head, Line, Page, Request, StoreError, StreamId, Summary};
use baton_terms::Digest;
use postgres::Row;

use super::{
    append::count,
    error::{damaged, of_read},
    pool::Session,
};
use crate::micros;

const HEAD: &str =
    "select stream, entries, leaf, state, turn, due_us from streams where stream = $1";

macro_rules! heads {
    ($filter:literal) => {
        concat!(
            "select stream, entries, leaf, state, turn, due_us from streams
             where stream >= $1 and stream < $2 and stream > $3 and ",
            $filter,
            " order by stream limit $6"
        )
    };
}

/// Returns entries of a stream.
pub(super) fn lines(
    session: &mut Session,
    stream: &StreamId,
    from: u64,
    limit: u32,
) -> Result<Vec<Line>, StoreError> {
    let statement = session.statement(
        "select sequence, line from entries where stream_no = (select stream_no from streams where stream = $1)
         and sequence >= $2 order by sequence limit $3",
    )?;
    let rows = session
        .client
        .query(
            &statement,
            &[&stream.as_str(), &count(from), &i64::from(limit)],
        )
        .map_err(|e| of_read(&e))?;
    rows.iter()
        .map(|row| {
            let sequence: i64 = row.try_get(0).map_err(damaged)?;
            Ok(Line {
                sequence: u64::try_from(sequence).map_err(damaged)?,
                bytes: row.try_get(1).map_err(damaged)?,
            })
        })
        .collect()
}

fn read_head(row: &Row) -> Result<Head, StoreError> {
    let stream: String = row.try_get(0).map_err(damaged)?;
    let entries: i64 = row.try_get(1).map_err(damaged)?;
    let due: Option<i64> = row.try_get(5).map_err(damaged)?;
    Ok(Head {
        stream: StreamId::new(stream).map_err(damaged)?,
        entries: u64::try_from(entries).map_err(damaged)?,
        leaf: digest(row.try_get(2).map_err(damaged)?)?,
        summary: Summary {
            state: row.try_get(3).map_err(damaged)?,
            turn: row.try_get(4).map_err(damaged)?,
            due: due.map(micros::instant).transpose()?,
        },
    })
}

fn digest(bytes: &[u8]) -> Result<Digest, StoreError> {
    let bytes = bytes
        .try_into()
        .map_err(|_| damaged("a digest is not 32 bytes long"))?;
    Ok(Digest::from_bytes(bytes))
}

/// Returns where one stream stands.
pub(super) fn head(session: &mut Session, stream: &StreamId) -> Result<Option<Head>, StoreError> {
    let statement = session.statement(HEAD)?;
    let row = session
        .client
        .query_opt(&statement, &[&stream.as_str()])
        .map_err(|e| of_read(&e))?;
    row.as_ref().map(read_head).transpose()
}

/// Returns a page of streams in the order of names.
pub(super) fn heads(session: &mut Session, page: &Page) -> Result<Vec<Head>, StoreError> {
    // Names are ASCII without `\x7f`, so this upper end closes the range of a prefix.
    let end = format!("{}\u{7f}", page.prefix);
    let after = page.after.as_ref().map_or("", StreamId::as_str);
    // A statement per filter: one plan for all of them would use no index.
    let statement = session.statement(match (&page.turn, &page.state) {
        (Some(_), Some(_)) => heads!("turn = $4 and state = $5"),
        (Some(_), None) => heads!("turn = $4 and $5::text is null"),
        (None, Some(_)) => heads!("state = $5 and $4::text is null"),
        (None, None) => heads!("$4::text is null and $5::text is null"),
    })?;
    let rows = session
        .client
        .query(
            &statement,
            &[
                &page.prefix,
                &end,
                &after,
                &page.turn,
                &page.state,
                &i64::from(page.limit),
            ],
        )
        .map_err(|e| of_read(&e))?;
    rows.iter().map(read_head).collect()
}

/// Returns the request kept under a key.
pub(super) fn request(session: &mut Session, key: &str) -> Result<Option<Request>, StoreError> {
    let statement = session.statement("select digest, answer from requests where key = $1")?;
    let row = session
        .client
        .query_opt(&statement, &[&key])
        .map_err(|e| of_read(&e))?;
    row.map(|row| {
        Ok(Request {
            key: key.to_owned(),
            digest: digest(row.try_get(0).map_err(damaged)?)?,
            answer: row.try_get(1).map_err(damaged)?,
        })
    })
    .transpose()
}

/// Returns a document, checked against its name.
pub(super) fn blob(session: &mut Session, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
    let statement = session.statement("select bytes from blobs where digest = $1")?;
    let row = session
        .client
        .query_opt(&statement, &[&digest.as_bytes().as_slice()])
        .map_err(|e| of_read(&e))?;
    let bytes: Option<Vec<u8>> = row.map(|row| row.try_get(0)).transpose().map_err(damaged)?;
    match bytes {
        Some(bytes) if Digest::of(&bytes) != *digest => {
            Err(damaged(format!("the document {digest} was changed")))
        }
        other => Ok(other),
    }
}
