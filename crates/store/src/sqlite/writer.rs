//! The one thread that writes. It takes what has queued up, runs each request in a savepoint of one transaction, commits once, and
//! only then answers: a group shares one sync of the disk, and one refused request undoes nothing but itself.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use baton_engine::port::{
    Appended, Claim, ClaimRequest, Job, Sealing, Settlement, StoreError, Transition,
};
use baton_terms::Instant;
use rusqlite::Connection;

use super::{append, error, jobs, register};

/// Requests that may wait; whoever comes then waits to be let in.
const QUEUE_MAX: usize = 4_096;
/// Requests in one commit.
const GROUP_MAX: usize = 512;

/// What can be asked of the writer.
pub(super) enum Ask {
    Append(Box<Transition>, Reply<Appended>),
    Claim(ClaimRequest, Reply<Vec<Job>>),
    Settle(Claim, Settlement, Reply<()>),
    Renew(Claim, Instant, Reply<()>),
    Seal(Box<Sealing>, Reply<()>),
}

/// Where the answer goes; nobody may be waiting any more.
pub(super) type Reply<T> = SyncSender<Result<T, StoreError>>;

/// Returns a queue to a writer.
pub(super) fn queue() -> (SyncSender<Ask>, Receiver<Ask>) {
    sync_channel(QUEUE_MAX)
}

/// An answer that waits for the commit.
type Pending = Box<dyn FnOnce(Option<StoreError>)>;

/// Serves requests until every asker is gone.
pub(super) fn serve(connection: &Connection, asks: &Receiver<Ask>) {
    while let Ok(first) = asks.recv() {
        let mut group = vec![first];
        group.extend(asks.try_iter().take(GROUP_MAX - 1));
        serve_group(connection, group);
    }
}

fn serve_group(connection: &Connection, group: Vec<Ask>) {
    if let Err(error) = connection.execute_batch("begin immediate") {
        let error = error::before_commit(&error);
        for ask in group {
            refuse(ask, &error);
        }
        return;
    }
    let pending: Vec<Pending> = group.into_iter().map(|ask| run(connection, ask)).collect();
    let failure = connection.execute_batch("commit").err();
    if failure.is_some() && !connection.is_autocommit() {
        // The commit left its transaction open: without this the next group could not begin. That it fails as well changes no answer.
        let _ = connection.execute_batch("rollback");
    }
    let failure = failure.map(|error| error::of_commit(&error));
    for answer in pending {
        answer(failure.clone());
    }
}

/// Runs one request in its savepoint; the answer is given after the commit.
fn run(connection: &Connection, ask: Ask) -> Pending {
    match ask {
        Ask::Append(transition, reply) => {
            within(connection, reply, |c| append::append(c, &transition))
        }
        Ask::Claim(request, reply) => within(connection, reply, |c| jobs::claim(c, &request)),
        Ask::Settle(claim, settlement, reply) => {
            within(connection, reply, |c| jobs::settle(c, &claim, &settlement))
        }
        Ask::Renew(claim, until, reply) => {
            within(connection, reply, |c| jobs::renew(c, &claim, until))
        }
        Ask::Seal(sealing, reply) => within(connection, reply, |c| register::seal(c, &sealing)),
    }
}

fn within<T: 'static>(
    connection: &Connection,
    reply: Reply<T>,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Pending {
    let result = in_savepoint(connection, work);
    Box::new(move |failure| {
        let answer = match (result, failure) {
            // What was refused stays refused, whatever became of the commit.
            (Err(refused), _) => Err(refused),
            (Ok(_), Some(failure)) => Err(failure),
            (Ok(value), None) => Ok(value),
        };
        // The asker may have given up; what was kept stays kept.
        let _ = reply.send(answer);
    })
}

fn in_savepoint<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let execute = |sql: &str| {
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute([]))
            .map_err(|e| error::before_commit(&e))
    };
    execute("savepoint one")?;
    let result = work(connection);
    if result.is_err() {
        execute("rollback to one")?;
    }
    execute("release one")?;
    result
}

fn refuse(ask: Ask, error: &StoreError) {
    // As above: an asker that gave up needs no answer.
    let _ = match ask {
        Ask::Append(_, reply) => reply.send(Err(error.clone())).is_ok(),
        Ask::Claim(_, reply) => reply.send(Err(error.clone())).is_ok(),
        Ask::Settle(_, _, reply) | Ask::Renew(_, _, reply) | Ask::Seal(_, reply) => {
            reply.send(Err(error.clone())).is_ok()
        }
    };
}
