//! Claiming, settling and renewing jobs, within the writer's transaction.

use baton_engine::port::{
    Claim, ClaimRequest, Fence, Job, JobId, JobKind, Refusal, Settlement, StoreError, StreamId,
};
use baton_terms::Instant;
use rusqlite::{Connection, Row, params};

use super::{
    append::i64,
    error::{before_commit, damaged},
};
use crate::micros;

/// Claims due jobs: each gets a fence larger than any given before.
pub(super) fn claim(
    connection: &Connection,
    request: &ClaimRequest,
) -> Result<Vec<Job>, StoreError> {
    let mut ready = connection
        .prepare_cached(
            "select job_no, stream, job, jobs.due_us, attempt, body from jobs join streams using (stream_no)
               where done_us is null and kind = ?1 and ready_us <= ?2 order by ready_us, job_no limit ?3",
        )
        .map_err(|e| before_commit(&e))?;
    let rows: Vec<Ready> = ready
        .query_map(
            params![
                request.kind.as_str(),
                micros::down(request.now),
                request.limit
            ],
            Ready::read,
        )
        .and_then(Iterator::collect)
        .map_err(|e| before_commit(&e))?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let last = fences(connection, rows.len())?;
    let first = last - i64::try_from(rows.len()).unwrap_or(i64::MAX) + 1;
    rows.into_iter()
        .zip(first..)
        .map(|(row, fence)| take(connection, (row, fence), request))
        .collect()
}

/// Takes as many new fences as there are jobs, and returns the last.
fn fences(connection: &Connection, jobs: usize) -> Result<i64, StoreError> {
    connection
        .prepare_cached("update standing set fence = fence + ?1 returning fence")
        .and_then(|mut statement| {
            statement.query_row([i64::try_from(jobs).unwrap_or(i64::MAX)], |row| row.get(0))
        })
        .map_err(|e| before_commit(&e))
}

/// A due job as the table has it.
struct Ready {
    number: i64,
    stream: String,
    job: String,
    due: i64,
    attempt: u32,
    body: Vec<u8>,
}

impl Ready {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            stream: row.get(1)?,
            job: row.get(2)?,
            due: row.get(3)?,
            attempt: row.get(4)?,
            body: row.get(5)?,
        })
    }
}

fn take(
    connection: &Connection,
    (row, fence): (Ready, i64),
    request: &ClaimRequest,
) -> Result<Job, StoreError> {
    connection
        .prepare_cached("update jobs set fence = ?2, node = ?3, ready_us = ?4 where job_no = ?1")
        .and_then(|mut statement| {
            statement.execute(params![
                row.number,
                fence,
                request.node,
                micros::up(request.until)
            ])
        })
        .map_err(|e| before_commit(&e))?;
    Ok(Job {
        claim: Claim {
            stream: StreamId::new(row.stream).map_err(|e| damaged(e.to_string()))?,
            job: JobId::new(row.job).map_err(|e| damaged(e.to_string()))?,
            fence: Fence(u64::try_from(fence).map_err(|e| damaged(e.to_string()))?),
        },
        kind: request.kind,
        due: micros::instant(row.due)?,
        attempt: row.attempt,
        body: row.body,
    })
}

/// Settles a claimed job. A done timer is forgotten; a done message is kept as proof that it left.
pub(super) fn settle(
    connection: &Connection,
    claim: &Claim,
    settlement: &Settlement,
) -> Result<(), StoreError> {
    match settlement {
        Settlement::Done { at } => finish(connection, claim, *at),
        Settlement::Postponed { due } => {
            let sql = "update jobs set ready_us = ?4, attempt = attempt + 1, node = null, fence = 0
               where stream_no = (select stream_no from streams where stream = ?1)
               and job = ?2 and fence = ?3 and node is not null and done_us is null";
            refuse_fenced(change(connection, sql, claim, micros::up(*due))?, claim)
        }
    }
}

/// Refuses a claim that is no longer the latest on its job.
pub(super) fn refuse_unless_held(connection: &Connection, claim: &Claim) -> Result<(), StoreError> {
    let held: i64 = connection
        .prepare_cached(
            "select count(*) from jobs where stream_no = (select stream_no from streams where stream = ?1)
               and job = ?2 and fence = ?3 and node is not null and done_us is null",
        )
        .and_then(|mut statement| {
            statement.query_row(
                params![claim.stream.as_str(), claim.job.as_str(), i64(claim.fence.0)],
                |row| row.get(0),
            )
        })
        .map_err(|e| before_commit(&e))?;
    refuse_fenced(usize::try_from(held).unwrap_or(0), claim)
}

/// Ends a claimed job: a timer is gone, a message stays as done.
pub(super) fn finish(
    connection: &Connection,
    claim: &Claim,
    at: Instant,
) -> Result<(), StoreError> {
    let gone = "delete from jobs where stream_no = (select stream_no from streams where stream = ?1)
        and job = ?2 and fence = ?3 and node is not null and done_us is null and kind = 'timer' and ?4 is not null";
    let done = "update jobs set done_us = ?4, node = null
        where stream_no = (select stream_no from streams where stream = ?1)
        and job = ?2 and fence = ?3 and node is not null and done_us is null";
    let at = micros::down(at);
    if change(connection, gone, claim, at)? == 1 {
        return Ok(());
    }
    refuse_fenced(change(connection, done, claim, at)?, claim)
}

/// Extends a lease.
pub(super) fn renew(
    connection: &Connection,
    claim: &Claim,
    until: Instant,
) -> Result<(), StoreError> {
    let sql = "update jobs set ready_us = ?4 where stream_no = (select stream_no from streams where stream = ?1)
        and job = ?2 and fence = ?3 and node is not null and done_us is null";
    refuse_fenced(change(connection, sql, claim, micros::up(until))?, claim)
}

fn change(
    connection: &Connection,
    sql: &str,
    claim: &Claim,
    instant: i64,
) -> Result<usize, StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| {
            statement.execute(params![
                claim.stream.as_str(),
                claim.job.as_str(),
                i64(claim.fence.0),
                instant
            ])
        })
        .map_err(|e| before_commit(&e))
}

fn refuse_fenced(changed: usize, claim: &Claim) -> Result<(), StoreError> {
    if changed == 0 {
        return Err(Refusal::fenced(claim).into());
    }
    Ok(())
}

/// Returns when the next open job of any kind is ready.
pub(super) fn next_due(connection: &Connection) -> Result<Option<Instant>, StoreError> {
    let mut earliest: Option<i64> = None;
    for kind in [JobKind::Timer, JobKind::Message] {
        let ready: Option<i64> = connection
            .prepare_cached("select min(ready_us) from jobs where done_us is null and kind = ?1")
            .and_then(|mut statement| statement.query_row([kind.as_str()], |row| row.get(0)))
            .map_err(|e| before_commit(&e))?;
        earliest = [earliest, ready].into_iter().flatten().min();
    }
    earliest.map(micros::instant).transpose()
}
