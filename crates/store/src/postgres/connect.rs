//! Opening a connection and bringing the schema up to date.

use baton_engine::port::StoreError;
use postgres::Client;

use super::{
    address::Address,
    error::{damaged, of_read},
};
use crate::steps::{Dialect, Step, known_steps};

/// The schema that holds Baton's tables.
const SCHEMA: &str = "baton";
/// Keeps two nodes from bringing the schema up to date at once; any number that nobody else uses.
const MIGRATION_LOCK: i64 = 0x4241_544e_0001;

/// Opens a connection whose commits are on disk before they are confirmed.
pub(super) fn open(address: &Address) -> Result<Client, StoreError> {
    let mut client = address.connect()?;
    client
        .batch_execute(
            "set search_path to baton; set synchronous_commit = on; set timezone = 'UTC';
             set lock_timeout = '10s'; set statement_timeout = '60s'; set idle_in_transaction_session_timeout = '60s'",
        )
        .map_err(|e| of_read(&e))?;
    Ok(client)
}

/// Runs the steps that have not run yet, in one transaction, one node at a time.
pub(super) fn migrate(client: &mut Client) -> Result<(), StoreError> {
    let steps = known_steps(Dialect::Postgresql);
    let mut transaction = client.transaction().map_err(|e| of_read(&e))?;
    transaction
        .execute("select pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK])
        .map_err(|e| of_read(&e))?;
    transaction
        .batch_execute(&format!(
            "create schema if not exists {SCHEMA};
             create table if not exists {SCHEMA}.steps (step bigint primary key, digest bytea not null)"
        ))
        .map_err(|e| of_read(&e))?;
    let ran: Vec<(i64, Vec<u8>)> = transaction
        .query("select step, digest from steps order by step", &[])
        .map_err(|e| of_read(&e))?
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect::<Result<_, postgres::Error>>()
        .map_err(|e| of_read(&e))?;
    refuse_newer(&ran, steps)?;
    for step in steps {
        match ran
            .iter()
            .find(|(number, _)| *number == i64::from(step.number))
        {
            Some((_, digest)) if digest == step.digest().as_bytes() => {}
            Some(_) => {
                let number = step.number;
                return Err(damaged(format!(
                    "step {number} of its schema is not the one Baton knows"
                )));
            }
            None => run(&mut transaction, step)?,
        }
    }
    transaction.commit().map_err(|e| of_read(&e))
}

fn refuse_newer(ran: &[(i64, Vec<u8>)], steps: &[Step]) -> Result<(), StoreError> {
    let known = steps.last().map_or(0, |step| step.number);
    match ran.last().filter(|(number, _)| *number > i64::from(known)) {
        Some((found, _)) => Err(StoreError::TooNew {
            found: u32::try_from(*found).unwrap_or(u32::MAX),
            known,
        }),
        None => Ok(()),
    }
}

fn run(transaction: &mut postgres::Transaction<'_>, step: &Step) -> Result<(), StoreError> {
    transaction
        .batch_execute(step.sql)
        .map_err(|e| of_read(&e))?;
    transaction
        .execute(
            "insert into steps (step, digest) values ($1, $2)",
            &[
                &i64::from(step.number),
                &step.digest().as_bytes().as_slice(),
            ],
        )
        .map_err(|e| of_read(&e))?;
    Ok(())
}
