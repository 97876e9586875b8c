//! Keeping one transition.

use baton_engine::port::{
    Appended, JobKind, NewJob, Refusal, Request, StoreError, StreamId, Transition,
};
use rusqlite::{Connection, OptionalExtension, ToSql, params};

use super::{error::before_commit, jobs, register};
use crate::micros;

/// Keeps the transition within the transaction that is open. What is refused is refused before anything is written, but for a job's
/// name, which nobody but this stream chooses.
pub(super) fn append(
    connection: &Connection,
    transition: &Transition,
) -> Result<Appended, StoreError> {
    if let Some(request) = &transition.request
        && let Some(answer) = answered(connection, request)?
    {
        return Ok(Appended::Before { answer });
    }
    let standing = standing(connection, &transition.stream)?;
    let found = standing.as_ref().map_or(0, |standing| standing.entries);
    if let Some(claim) = &transition.under {
        jobs::refuse_unless_held(connection, claim)?;
    }
    if found != i64(transition.expected) {
        return Err(transition.moved(register::count(found)?).into());
    }
    if let Some(claim) = &transition.under {
        jobs::finish(connection, claim, transition.at)?;
    }
    let stream_no = grow(connection, transition, standing.as_ref())?;
    write_lines(connection, stream_no, transition)?;
    write_blobs(connection, transition)?;
    write_jobs(connection, stream_no, transition)?;
    if let Some(request) = &transition.request {
        connection
            .prepare_cached(
                "insert into requests (key, digest, stream_no, answer) values (?1, ?2, ?3, ?4)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    request.key,
                    request.digest.as_bytes(),
                    stream_no,
                    request.answer
                ])
            })
            .map_err(|e| before_commit(&e))?;
    }
    Ok(Appended::Now {
        entries: after(transition),
    })
}

/// Where a stream stands.
struct Standing {
    stream_no: i64,
    entries: i64,
    has_grown: bool,
}

fn standing(connection: &Connection, stream: &StreamId) -> Result<Option<Standing>, StoreError> {
    connection
        .prepare_cached("select stream_no, entries, has_grown from streams where stream = ?1")
        .and_then(|mut statement| {
            statement
                .query_row([stream.as_str()], |row| {
                    Ok(Standing {
                        stream_no: row.get(0)?,
                        entries: row.get(1)?,
                        has_grown: row.get(2)?,
                    })
                })
                .optional()
        })
        .map_err(|e| before_commit(&e))
}

/// Returns the answer that was given to this very request.
fn answered(connection: &Connection, request: &Request) -> Result<Option<Vec<u8>>, StoreError> {
    let kept: Option<(Vec<u8>, Vec<u8>)> = connection
        .prepare_cached("select digest, answer from requests where key = ?1")
        .and_then(|mut statement| {
            statement
                .query_row([&request.key], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()
        })
        .map_err(|e| before_commit(&e))?;
    match kept {
        None => Ok(None),
        Some((digest, answer)) if digest == request.digest.as_bytes() => Ok(Some(answer)),
        Some(_) => Err(Refusal::KeyReused {
            key: request.key.clone(),
        }
        .into()),
    }
}

fn after(transition: &Transition) -> u64 {
    let lines = u64::try_from(transition.lines.len()).unwrap_or(u64::MAX);
    transition.expected.saturating_add(lines)
}

/// Moves the stream's head and returns the stream's number.
fn grow(
    connection: &Connection,
    transition: &Transition,
    standing: Option<&Standing>,
) -> Result<i64, StoreError> {
    let summary = &transition.summary;
    // The flag is set only when it has to be: a column that is set has its index written again.
    let sql = match standing {
        None => {
            "insert into streams (entries, leaf, state, turn, due_us, stream) values (?1, ?2, ?3, ?4, ?5, ?6)"
        }
        Some(Standing {
            has_grown: true, ..
        }) => {
            "update streams set entries = ?1, leaf = ?2, state = ?3, turn = ?4, due_us = ?5 where stream_no = ?6"
        }
        Some(_) => {
            "update streams set entries = ?1, leaf = ?2, state = ?3, turn = ?4, due_us = ?5, has_grown = 1 where stream_no = ?6"
        }
    };
    let name: &dyn ToSql = match standing {
        None => &transition.stream.as_str(),
        Some(standing) => &standing.stream_no,
    };
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| {
            statement.execute(params![
                i64(after(transition)),
                transition.leaf.as_bytes(),
                summary.state,
                summary.turn,
                summary.due.map(micros::up),
                name,
            ])
        })
        .map_err(|e| before_commit(&e))?;
    Ok(standing.map_or_else(
        || connection.last_insert_rowid(),
        |standing| standing.stream_no,
    ))
}

fn write_lines(
    connection: &Connection,
    stream_no: i64,
    transition: &Transition,
) -> Result<(), StoreError> {
    let mut statement = connection
        .prepare_cached("insert into entries (stream_no, sequence, line) values (?1, ?2, ?3)")
        .map_err(|e| before_commit(&e))?;
    for (sequence, line) in (transition.expected..).zip(&transition.lines) {
        statement
            .execute(params![stream_no, i64(sequence), line])
            .map_err(|e| before_commit(&e))?;
    }
    Ok(())
}

fn write_blobs(connection: &Connection, transition: &Transition) -> Result<(), StoreError> {
    for blob in &transition.blobs {
        connection
            .prepare_cached(
                "insert into blobs (digest, bytes) values (?1, ?2) on conflict (digest) do nothing",
            )
            .and_then(|mut statement| {
                statement.execute(params![blob.digest.as_bytes(), blob.bytes])
            })
            .map_err(|e| before_commit(&e))?;
    }
    Ok(())
}

fn write_jobs(
    connection: &Connection,
    stream_no: i64,
    transition: &Transition,
) -> Result<(), StoreError> {
    for job in &transition.cleared {
        connection
            .prepare_cached(
                "delete from jobs where stream_no = ?1 and job = ?2 and done_us is null",
            )
            .and_then(|mut statement| statement.execute(params![stream_no, job.as_str()]))
            .map_err(|e| before_commit(&e))?;
    }
    for job in &transition.jobs {
        write_job(connection, stream_no, job)?;
    }
    Ok(())
}

/// Sets a job. A timer may be set again, open or done; a message is what a receiver tells repetitions by, so its name is used once.
fn write_job(connection: &Connection, stream_no: i64, job: &NewJob) -> Result<(), StoreError> {
    let sql = match job.kind {
        JobKind::Timer => {
            "insert into jobs (stream_no, job, kind, due_us, ready_us, body) values (?1, ?2, ?3, ?4, ?4, ?5)
               on conflict (stream_no, job) do update
               set due_us = ?4, ready_us = ?4, body = ?5, attempt = 0, fence = 0, node = null, done_us = null
               where kind = ?3"
        }
        JobKind::Message => {
            "insert into jobs (stream_no, job, kind, due_us, ready_us, body) values (?1, ?2, ?3, ?4, ?4, ?5)
               on conflict (stream_no, job) do nothing"
        }
    };
    let due = micros::up(job.due);
    let changed = connection
        .prepare_cached(sql)
        .and_then(|mut statement| {
            statement.execute(params![
                stream_no,
                job.id.as_str(),
                job.kind.as_str(),
                due,
                job.body
            ])
        })
        .map_err(|e| before_commit(&e))?;
    if changed == 0 {
        return Err(Refusal::Malformed {
            why: format!("a message or timer is called `{}` already", job.id),
        }
        .into());
    }
    Ok(())
}

/// Counts in this store stay far below 2^63; beyond, the database refuses the row.
pub(super) fn i64(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(-1)
}
