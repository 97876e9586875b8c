//! The register: what grew since it was sealed, and sealing it.

use baton_engine::port::{RegisterHead, Sealing, StoreError, StreamId, Unsealed};

use postgres::Transaction;

use super::{
    append::count,
    error::{damaged, of_change, of_read},
    jobs::final_error,
    pool::Session,
};
use crate::frontier;

/// Returns streams with entries that no register entry covers.
pub(super) fn unsealed(session: &mut Session, limit: u32) -> Result<Vec<Unsealed>, StoreError> {
    let statement = session.statement(
        "select stream, sealed, entries, frontier from streams where has_grown order by stream_no limit $1",
    )?;
    let rows = session
        .client
        .query(&statement, &[&i64::from(limit)])
        .map_err(|e| of_read(&e))?;
    rows.iter()
        .map(|row| {
            let stream: String = row.try_get(0).map_err(damaged)?;
            let sealed: i64 = row.try_get(1).map_err(damaged)?;
            let entries: i64 = row.try_get(2).map_err(damaged)?;
            let kept: Option<&[u8]> = row.try_get(3).map_err(damaged)?;
            Ok(Unsealed {
                stream: StreamId::new(stream).map_err(damaged)?,
                sealed: u64::try_from(sealed).map_err(damaged)?,
                entries: u64::try_from(entries).map_err(damaged)?,
                frontier: frontier::subtrees(kept),
            })
        })
        .collect()
}

/// Returns how many entries the register has and its last checkpoint.
pub(super) fn head(session: &mut Session) -> Result<RegisterHead, StoreError> {
    let statement = session.statement(
        "select coalesce((select max(sequence) + 1 from register), 0), checkpoint from standing",
    )?;
    let row = session
        .client
        .query_one(&statement, &[])
        .map_err(|e| of_read(&e))?;
    let entries: i64 = row.try_get(0).map_err(damaged)?;
    Ok(RegisterHead {
        entries: u64::try_from(entries).map_err(damaged)?,
        checkpoint: row.try_get(1).map_err(damaged)?,
    })
}

/// Returns lines of the register.
pub(super) fn lines(
    session: &mut Session,
    from: u64,
    limit: u32,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let statement = session
        .statement("select line from register where sequence >= $1 order by sequence limit $2")?;
    let rows = session
        .client
        .query(&statement, &[&count(from), &i64::from(limit)])
        .map_err(|e| of_read(&e))?;
    rows.iter()
        .map(|row| row.try_get(0).map_err(damaged))
        .collect()
}

/// Appends to the register; the standing row is locked, so that one node seals at a time.
pub(super) fn seal(session: &mut Session, sealing: &Sealing) -> Result<(), StoreError> {
    let failed = |error: postgres::Error| final_error(of_change(&error));
    let mut transaction = session.client.transaction().map_err(failed)?;
    let found: i64 = transaction
        .query_one("select standing_no from standing for update", &[])
        .and_then(|_| {
            transaction.query_one("select coalesce(max(sequence) + 1, 0) from register", &[])
        })
        .and_then(|row| row.try_get(0))
        .map_err(failed)?;
    if found != count(sealing.expected) {
        return Err(sealing.moved(u64::try_from(found).map_err(damaged)?).into());
    }
    transaction
        .execute(
            "insert into register (sequence, line)
             select $1 + n - 1, l from unnest($2::bytea[]) with ordinality as u (l, n)",
            &[&found, &sealing.lines],
        )
        .map_err(failed)?;
    seal_streams(&mut transaction, sealing).map_err(failed)?;
    transaction
        .execute(
            "update standing set checkpoint = $1",
            &[&sealing.checkpoint],
        )
        .map_err(failed)?;
    transaction.commit().map_err(failed)
}

fn seal_streams(
    transaction: &mut Transaction<'_>,
    sealing: &Sealing,
) -> Result<u64, postgres::Error> {
    let sealed = &sealing.streams;
    let names: Vec<&str> = sealed.iter().map(|sealed| sealed.stream.as_str()).collect();
    let entries: Vec<i64> = sealed.iter().map(|sealed| count(sealed.entries)).collect();
    let frontiers: Vec<Vec<u8>> = sealed
        .iter()
        .map(|sealed| frontier::kept(&sealed.frontier))
        .collect();
    transaction.execute(
        "update streams s set sealed = u.n, frontier = u.f, has_grown = s.entries > u.n
         from unnest($1::text[], $2::bigint[], $3::bytea[]) as u (stream, n, f) where s.stream = u.stream",
        &[&names, &entries, &frontiers],
    )
}
