//! Claiming, settling and renewing jobs.

use baton_engine::port::{
    Claim, ClaimRequest, Fence, Job, JobId, JobKind, Refusal, Settlement, StoreError, StreamId,
};
use baton_terms::Instant;
use postgres::Row;

use super::{
    append::count,
    error::{Failure, damaged, of_change, of_read},
    pool::Session,
};
use crate::micros;

// `skip locked` lets nodes claim side by side: what another transaction holds is simply not there. A plan made for any values takes a
// limit that is bound for a tenth of the table, and then reads the whole table to find the rows again; the limit beside it, which it
// can read, has it look up each by its key.
macro_rules! claim_at_most {
    ($most:literal) => {
        concat!(
            "with ready as materialized (
                select stream_no, job, job_no, ready_us from jobs where done_us is null and kind = $1 and ready_us <= $2
                order by ready_us, job_no limit $3 for update skip locked
            ), claimed as (
                update jobs j set fence = nextval('fences'), node = $4, ready_us = $5 from (select * from ready limit ",
            $most,
            ") r where j.stream_no = r.stream_no and j.job = r.job
                returning j.job_no, r.ready_us as was_us, j.stream_no, j.job, j.due_us, j.attempt, j.body, j.fence
            )
            select (select stream from streams s where s.stream_no = claimed.stream_no), job, due_us, attempt, body, fence
            from claimed order by was_us, job_no"
        )
    };
}

/// Ways to claim, by how many they claim at most.
const CLAIMS: [(u32, &str); 2] = [(64, claim_at_most!(64)), (1_000, claim_at_most!(1000))];

const GONE: &str = "delete from jobs j using streams s where s.stream_no = j.stream_no and s.stream = $1
    and j.job = $2 and j.fence = $3 and j.node is not null and j.done_us is null and j.kind = 'timer' and $4::bigint is not null";

const DONE: &str =
    "update jobs j set done_us = $4, node = null from streams s where s.stream_no = j.stream_no
    and s.stream = $1 and j.job = $2 and j.fence = $3 and j.node is not null and j.done_us is null";

const POSTPONED: &str =
    "update jobs j set ready_us = $4, attempt = attempt + 1, node = null, fence = 0
    from streams s where s.stream_no = j.stream_no
    and s.stream = $1 and j.job = $2 and j.fence = $3 and j.node is not null and j.done_us is null";

const RENEWED: &str =
    "update jobs j set ready_us = $4 from streams s where s.stream_no = j.stream_no
    and s.stream = $1 and j.job = $2 and j.fence = $3 and j.node is not null and j.done_us is null";

/// Claims due jobs: each gets a fence larger than any given before.
pub(super) fn claim(session: &mut Session, request: &ClaimRequest) -> Result<Vec<Job>, StoreError> {
    let enough = CLAIMS.iter().find(|(most, _)| request.limit <= *most);
    let [.., largest] = &CLAIMS;
    let (most, sql) = enough.unwrap_or(largest);
    let statement = session.statement(sql)?;
    let rows = session
        .client
        .query(
            &statement,
            &[
                &request.kind.as_str(),
                &micros::down(request.now),
                &i64::from(request.limit.min(*most)),
                &request.node,
                &micros::up(request.until),
            ],
        )
        .map_err(|e| final_error(of_change(&e)))?;
    rows.iter().map(|row| read(row, request.kind)).collect()
}

fn read(row: &Row, kind: JobKind) -> Result<Job, StoreError> {
    let stream: String = row.try_get(0).map_err(damaged)?;
    let job: String = row.try_get(1).map_err(damaged)?;
    let attempt: i32 = row.try_get(3).map_err(damaged)?;
    let fence: i64 = row.try_get(5).map_err(damaged)?;
    Ok(Job {
        claim: Claim {
            stream: StreamId::new(stream).map_err(damaged)?,
            job: JobId::new(job).map_err(damaged)?,
            fence: Fence(u64::try_from(fence).map_err(damaged)?),
        },
        kind,
        due: micros::instant(row.try_get(2).map_err(damaged)?)?,
        attempt: u32::try_from(attempt).map_err(damaged)?,
        body: row.try_get(4).map_err(damaged)?,
    })
}

/// Settles a claimed job. A done timer is forgotten; a done message is kept as proof that it left.
pub(super) fn settle(
    session: &mut Session,
    claim: &Claim,
    settlement: &Settlement,
) -> Result<(), StoreError> {
    match settlement {
        Settlement::Done { at } => {
            let at = micros::down(*at);
            if change(session, GONE, claim, at)? == 1 {
                return Ok(());
            }
            refuse_fenced(change(session, DONE, claim, at)?, claim)
        }
        Settlement::Postponed { due } => {
            refuse_fenced(change(session, POSTPONED, claim, micros::up(*due))?, claim)
        }
    }
}

/// Extends a lease.
pub(super) fn renew(
    session: &mut Session,
    claim: &Claim,
    until: Instant,
) -> Result<(), StoreError> {
    refuse_fenced(change(session, RENEWED, claim, micros::up(until))?, claim)
}

fn change(
    session: &mut Session,
    sql: &'static str,
    claim: &Claim,
    instant: i64,
) -> Result<u64, StoreError> {
    let statement = session.statement(sql)?;
    session
        .client
        .execute(
            &statement,
            &[
                &claim.stream.as_str(),
                &claim.job.as_str(),
                &count(claim.fence.0),
                &instant,
            ],
        )
        .map_err(|e| final_error(of_change(&e)))
}

fn refuse_fenced(changed: u64, claim: &Claim) -> Result<(), StoreError> {
    if changed == 0 {
        return Err(Refusal::fenced(claim).into());
    }
    Ok(())
}

/// A claim or settlement that the server undid is simply tried again by the driver's next round.
pub(super) fn final_error(failure: Failure) -> StoreError {
    match failure {
        Failure::Again(error) | Failure::Final(error) => error,
        Failure::NameTaken => damaged("a statement raised what only append_transition raises"),
    }
}

/// Returns when the next open job of any kind is ready.
pub(super) fn next_due(session: &mut Session) -> Result<Option<Instant>, StoreError> {
    let statement = session.statement(
        "select least((select min(ready_us) from jobs where done_us is null and kind = 'timer'),
                      (select min(ready_us) from jobs where done_us is null and kind = 'message'))",
    )?;
    let row = session
        .client
        .query_one(&statement, &[])
        .map_err(|e| of_read(&e))?;
    let ready: Option<i64> = row.try_get(0).map_err(damaged)?;
    ready.map(micros::instant).transpose()
}
