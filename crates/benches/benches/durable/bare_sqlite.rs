//! Bare group commits in SQLite: one thread that writes what queued up and commits once. One writes as many bytes as one row of one
//! table, which is the least there is; the other the same rows into the same tables, and looks nothing up and checks nothing.

use std::{
    collections::HashMap,
    path::Path,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
};

use baton_engine::port::{StreamId, Transition};
use rusqlite::{Connection, ToSql, params};

use crate::load::{ANSWER_BYTES, LINE_BYTES, Load, measure, transition};
use crate::table::Measured;

/// Names, digests and numbers of a transition beside its line and answer.
const OTHER_BYTES: usize = 160;
const GROUP_MAX: usize = 512;

/// Measures transitions, each kept as one row of one table.
pub(crate) fn rate_of_bytes(path: &Path, load: Load) -> Measured {
    let connection = open(path);
    connection
        .execute_batch("create table rows (row_no integer primary key, bytes blob not null) strict")
        .unwrap();
    let ask = |_, _| vec![b'x'; LINE_BYTES + ANSWER_BYTES + OTHER_BYTES];
    rate(load, connection, ask, |connection, row: Vec<u8>| {
        execute(connection, "insert into rows (bytes) values (?1)", &[&row]);
    })
}

/// Measures transitions, each kept as the rows the store keeps, in the tables the store has made in the file.
pub(crate) fn rate_of_rows(path: &Path, load: Load) -> Measured {
    let mut streams = HashMap::new();
    rate(
        load,
        open(path),
        transition,
        move |connection, transition| {
            write_rows(connection, &mut streams, &transition);
        },
    )
}

fn open(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    // As the store has them.
    for (name, value) in [
        ("journal_mode", "wal"),
        ("synchronous", "full"),
        ("wal_autocheckpoint", "4096"),
        ("cache_size", "-32768"),
    ] {
        connection.pragma_update(None, name, value).unwrap();
    }
    connection.set_prepared_statement_cache_capacity(64);
    connection
}

/// Has each client ask for rows, and a writer thread write them.
fn rate<A: Send + 'static>(
    load: Load,
    connection: Connection,
    ask: impl Fn(u32, u64) -> A + Sync,
    mut write: impl FnMut(&Connection, A) + Send + 'static,
) -> Measured {
    let (asks, queue) = sync_channel(4_096);
    let writer = std::thread::spawn(move || serve(&connection, &queue, &mut write));
    let rate = measure(load, |client, number| {
        let (reply, answer) = sync_channel(1);
        asks.send((ask(client, number), reply)).unwrap();
        answer.recv().unwrap();
    });
    drop(asks);
    writer.join().unwrap();
    rate
}

fn serve<A>(
    connection: &Connection,
    queue: &Receiver<(A, SyncSender<()>)>,
    write: &mut impl FnMut(&Connection, A),
) {
    while let Ok(first) = queue.recv() {
        execute(connection, "begin immediate", &[]);
        let mut replies = Vec::new();
        for (ask, reply) in std::iter::once(first).chain(queue.try_iter().take(GROUP_MAX - 1)) {
            write(connection, ask);
            replies.push(reply);
        }
        execute(connection, "commit", &[]);
        for reply in replies {
            reply.send(()).unwrap();
        }
    }
}

fn execute(connection: &Connection, sql: &str, parameters: &[&dyn ToSql]) {
    connection
        .prepare_cached(sql)
        .unwrap()
        .execute(parameters)
        .unwrap();
}

/// Writes what a transition of the load leaves behind.
fn write_rows(
    connection: &Connection,
    streams: &mut HashMap<StreamId, i64>,
    transition: &Transition,
) {
    let summary = &transition.summary;
    let entries = i64::try_from(transition.expected + 1).unwrap();
    let leaf = transition.leaf.as_bytes();
    let stream = if let Some(stream) = streams.get(&transition.stream) {
        let sql = "update streams set entries = ?1, leaf = ?2, state = ?3, turn = ?4 where stream_no = ?5";
        execute(
            connection,
            sql,
            params![entries, leaf, summary.state, summary.turn, stream],
        );
        *stream
    } else {
        let sql =
            "insert into streams (entries, leaf, state, turn, stream) values (?1, ?2, ?3, ?4, ?5)";
        let name = transition.stream.as_str();
        execute(
            connection,
            sql,
            params![entries, leaf, summary.state, summary.turn, name],
        );
        let stream = connection.last_insert_rowid();
        streams.insert(transition.stream.clone(), stream);
        stream
    };
    let request = transition.request.as_ref().unwrap();
    let key = request.digest.as_bytes().first_chunk::<16>().unwrap();
    execute(
        connection,
        "insert into entries (stream_no, sequence, key, asked, answer, line) values (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            stream,
            entries - 1,
            key,
            request.digest.as_bytes(),
            request.answer,
            transition.lines.first(),
        ],
    );
    let job = transition.jobs.first().unwrap();
    let due = job.due.timestamp().as_microsecond();
    execute(
        connection,
        "insert into jobs (stream_no, job, kind, due_us, ready_us, body) values (?1, ?2, ?3, ?4, ?4, ?5)
         on conflict (stream_no, job) do update set due_us = ?4, ready_us = ?4, body = ?5",
        params![stream, job.id.as_str(), job.kind.as_str(), due, job.body],
    );
}
