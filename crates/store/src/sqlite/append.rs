//! Keeping one transition.

use baton_engine::port::{Appended, JobKind, NewJob, Refusal, StoreError, Transition};
use rusqlite::{Connection, OptionalExtension, ToSql, params};

use super::{error::before_commit, jobs, read, register};
use crate::micros;

/// Keeps the transition within the transaction that is open. What is refused is refused before anything is written, but for a job's
/// name, which nobody but this stream chooses.
pub(super) fn append(
    connection: &Connection,
    transition: &Transition,
) -> Result<Appended, StoreError> {
    let standing = match standing_as_expected(connection, transition) {
        // The row of its first entry says whether the request was kept before. Here it is looked up only where nothing will say so.
        Ok(Some(standing)) => standing,
        other => match answered(connection, transition)? {
            Some(answer) => return Ok(Appended::Before { answer }),
            None => other?.unwrap_or_default(),
        },
    };
    let stream_no = match standing.stream_no {
        0 => begin(connection, transition)?,
        stream_no => stream_no,
    };
    if !write_first_line(connection, stream_no, transition)? {
        let answer = answered(connection, transition)?.unwrap_or_default();
        return Ok(Appended::Before { answer });
    }
    if let Some(claim) = &transition.under {
        jobs::finish(connection, claim, transition.at)?;
    }
    if standing.stream_no != 0 {
        grow(connection, transition, &standing)?;
    }
    write_further_lines(connection, stream_no, transition)?;
    write_blobs(connection, transition)?;
    write_jobs(connection, stream_no, transition)?;
    Ok(Appended::Now {
        entries: after(transition),
    })
}

/// Where a stream stands, beside where it goes; a number of 0 says that it is not there yet.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    stream_no: i64,
    entries: i64,
    has_grown: bool,
    is_state_same: bool,
    is_turn_same: bool,
}

/// Returns where the stream stands, nothing for a new one, and refuses what was decided on another state of things.
fn standing_as_expected(
    connection: &Connection,
    transition: &Transition,
) -> Result<Option<Standing>, StoreError> {
    let standing = standing(connection, transition)?;
    if let Some(claim) = &transition.under {
        jobs::refuse_unless_held(connection, claim)?;
    }
    let found = standing.map_or(0, |standing| standing.entries);
    if found != i64(transition.expected) {
        return Err(transition.moved(register::count(found)?).into());
    }
    Ok(standing)
}

fn standing(
    connection: &Connection,
    transition: &Transition,
) -> Result<Option<Standing>, StoreError> {
    let summary = &transition.summary;
    connection
        .prepare_cached(
            "select stream_no, entries, has_grown, state is ?2, turn is ?3 from streams where stream = ?1",
        )
        .and_then(|mut statement| {
            statement
                .query_row(
                    params![transition.stream.as_str(), summary.state, summary.turn],
                    |row| {
                        Ok(Standing {
                            stream_no: row.get(0)?,
                            entries: row.get(1)?,
                            has_grown: row.get(2)?,
                            is_state_same: row.get(3)?,
                            is_turn_same: row.get(4)?,
                        })
                    },
                )
                .optional()
        })
        .map_err(|e| before_commit(&e))
}

/// Returns the answer that was given to this very request.
fn answered(
    connection: &Connection,
    transition: &Transition,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(request) = &transition.request else {
        return Ok(None);
    };
    match read::request(connection, &request.key)? {
        None => Ok(None),
        Some(kept) if kept.digest == request.digest => Ok(Some(kept.answer)),
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

/// Adds a new stream and returns its number.
fn begin(connection: &Connection, transition: &Transition) -> Result<i64, StoreError> {
    let summary = &transition.summary;
    connection
        .prepare_cached(
            "insert into streams (stream, entries, leaf, state, turn, due_us) values (?1, ?2, ?3, ?4, ?5, ?6)",
        )
        .and_then(|mut statement| {
            statement.insert(params![
                transition.stream.as_str(),
                i64(after(transition)),
                transition.leaf.as_bytes(),
                summary.state,
                summary.turn,
                summary.due.map(micros::up),
            ])
        })
        .map_err(|e| before_commit(&e))
}

/// Moves the stream's head. Columns of indexes are set only when they change: one that is set has its index written again.
fn grow(
    connection: &Connection,
    transition: &Transition,
    standing: &Standing,
) -> Result<(), StoreError> {
    let summary = &transition.summary;
    let (entries, due) = (i64(after(transition)), summary.due.map(micros::up));
    let mut sql = "update streams set entries = ?, leaf = ?, due_us = ?".to_owned();
    let mut values: Vec<&dyn ToSql> = vec![&entries, transition.leaf.as_bytes(), &due];
    if !standing.is_state_same {
        sql.push_str(", state = ?");
        values.push(&summary.state);
    }
    if !standing.is_turn_same {
        sql.push_str(", turn = ?");
        values.push(&summary.turn);
    }
    if !standing.has_grown {
        sql.push_str(", has_grown = 1");
    }
    sql.push_str(" where stream_no = ?");
    values.push(&standing.stream_no);
    connection
        .prepare_cached(&sql)
        .and_then(|mut statement| statement.execute(values.as_slice()))
        .map_err(|e| before_commit(&e))?;
    Ok(())
}

/// Writes the first entry with the request it answers; returns false, with nothing written, when the key is taken.
fn write_first_line(
    connection: &Connection,
    stream_no: i64,
    transition: &Transition,
) -> Result<bool, StoreError> {
    let request = transition.request.as_ref();
    let written = connection
        .prepare_cached(
            "insert into entries (stream_no, sequence, key, asked, answer, line) values (?1, ?2, ?3, ?4, ?5, ?6)
               on conflict (key) where key is not null do nothing",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                stream_no,
                i64(transition.expected),
                request.map(|request| read::key(&request.key)),
                request.map(|request| request.digest.as_bytes()),
                request.map(|request| &request.answer),
                transition.lines.first(),
            ])
        })
        .map_err(|e| before_commit(&e))?;
    Ok(written == 1)
}

fn write_further_lines(
    connection: &Connection,
    stream_no: i64,
    transition: &Transition,
) -> Result<(), StoreError> {
    for (sequence, line) in (transition.expected..).zip(&transition.lines).skip(1) {
        connection
            .prepare_cached("insert into entries (stream_no, sequence, line) values (?1, ?2, ?3)")
            .and_then(|mut statement| statement.execute(params![stream_no, i64(sequence), line]))
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
