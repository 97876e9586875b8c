//! The one thread that writes. It takes what has queued up, performs each request in one transaction, commits once, and only then
//! answers: a group shares one sync of the disk.
//!
//! A request reads before it writes, so that what is refused has changed nothing and the group goes on. When one fails after it
//! has written, the group is undone and each of its requests is performed again in a transaction of its own: rare, and cheaper than a
//! savepoint around every one.

use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    time::Duration,
};

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
/// How long the writer waits for the next of a usual group.
const LINGER: Duration = Duration::from_micros(50);

/// A request and where its answer goes; nobody may be waiting any more.
pub(super) struct Ask {
    pub(super) what: What,
    pub(super) reply: SyncSender<Result<Answer, StoreError>>,
}

/// What can be asked of the writer.
pub(super) enum What {
    Append(Box<Transition>),
    Claim(ClaimRequest),
    Settle(Claim, Settlement),
    Renew(Claim, Instant),
    Seal(Box<Sealing>),
}

/// What it answers.
pub(super) enum Answer {
    Appended(Appended),
    Claimed(Vec<Job>),
    Done,
}

/// Returns a queue to a writer.
pub(super) fn queue() -> (SyncSender<Ask>, Receiver<Ask>) {
    sync_channel(QUEUE_MAX)
}

/// Serves requests until every asker is gone.
pub(super) fn serve(connection: &Connection, asks: &Receiver<Ask>) {
    let mut usual = 1;
    while let Ok(first) = asks.recv() {
        let group = gather(first, asks, usual);
        usual = group.len();
        serve_group(connection, group);
    }
}

/// Gathers what has queued up, and waits a little for as many as came last time: those who were just answered are about to ask again,
/// and a sync of the disk costs more than the wait. Whoever works alone never waits.
fn gather(first: Ask, asks: &Receiver<Ask>, usual: usize) -> Vec<Ask> {
    let mut group = Vec::with_capacity(usual);
    group.push(first);
    while group.len() < usual {
        match asks.recv_timeout(LINGER) {
            Ok(ask) => group.push(ask),
            Err(_) => break,
        }
    }
    group.extend(asks.try_iter().take(GROUP_MAX - group.len()));
    group
}

fn serve_group(connection: &Connection, group: Vec<Ask>) {
    if let Some(answers) = together(connection, &group) {
        for (ask, answer) in group.into_iter().zip(answers) {
            answer_to(&ask, answer);
        }
        return;
    }
    for ask in group {
        answer_to(&ask, alone(connection, &ask.what));
    }
}

fn answer_to(ask: &Ask, answer: Result<Answer, StoreError>) {
    // The asker may have given up; what was kept stays kept.
    let _ = ask.reply.send(answer);
}

/// Performs a group in one transaction; nothing is returned when it was undone because one of them failed half way.
fn together(connection: &Connection, group: &[Ask]) -> Option<Vec<Result<Answer, StoreError>>> {
    if let Err(error) = begin(connection) {
        return Some(group.iter().map(|_| Err(error.clone())).collect());
    }
    let mut answers = Vec::with_capacity(group.len());
    for ask in group {
        let before = connection.total_changes();
        let answer = perform(connection, &ask.what);
        let is_whole = match &answer {
            Ok(_) => true,
            Err(StoreError::Refused(_)) => connection.total_changes() == before,
            Err(_) => false,
        };
        if !is_whole {
            roll_back(connection);
            return None;
        }
        answers.push(answer);
    }
    let Err(failure) = commit(connection) else {
        return Some(answers);
    };
    // What was refused stays refused, whatever became of the commit.
    let failed = |answer: Result<Answer, StoreError>| answer.and(Err(failure.clone()));
    Some(answers.into_iter().map(failed).collect())
}

/// Performs one request in a transaction of its own.
fn alone(connection: &Connection, what: &What) -> Result<Answer, StoreError> {
    begin(connection)?;
    let answer = perform(connection, what).inspect_err(|_| roll_back(connection))?;
    commit(connection)?;
    Ok(answer)
}

fn begin(connection: &Connection) -> Result<(), StoreError> {
    execute(connection, "begin immediate").map_err(|e| error::before_commit(&e))
}

fn commit(connection: &Connection) -> Result<(), StoreError> {
    execute(connection, "commit").map_err(|e| {
        let error = error::of_commit(&e);
        roll_back(connection);
        error
    })
}

/// Undoes what is open, so that the next group can begin. SQLite may have undone it already; that this fails changes no answer.
fn roll_back(connection: &Connection) {
    if !connection.is_autocommit() {
        let _ = execute(connection, "rollback");
    }
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(|_| ())
}

fn perform(connection: &Connection, what: &What) -> Result<Answer, StoreError> {
    match what {
        What::Append(transition) => append::append(connection, transition).map(Answer::Appended),
        What::Claim(request) => jobs::claim(connection, request).map(Answer::Claimed),
        What::Settle(claim, settlement) => {
            jobs::settle(connection, claim, settlement).map(|()| Answer::Done)
        }
        What::Renew(claim, until) => jobs::renew(connection, claim, *until).map(|()| Answer::Done),
        What::Seal(sealing) => register::seal(connection, sealing).map(|()| Answer::Done),
    }
}
