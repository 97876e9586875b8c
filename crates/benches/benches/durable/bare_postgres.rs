//! The same rows written to the same tables by one statement that checks nothing but the entry count.

use std::sync::Mutex;

use baton_engine::port::Transition;
use postgres::{Client, NoTls, Statement};

use crate::load::{Load, measure, transition};
use crate::table::Measured;

const WRITE: &str = "with s as (
        insert into streams (stream, entries, leaf, state, turn) values ($1, $2, $3, $4, $5)
        on conflict (stream) do update set entries = $2, leaf = $3, state = $4, turn = $5 where streams.entries = $2 - 1
        returning stream_no
    ), e as (insert into entries (stream_no, sequence, line) select stream_no, $2 - 1, $6 from s),
    r as (insert into requests (key, digest, stream_no, answer) select $7, $8, stream_no, $9 from s)
    insert into jobs (stream_no, job, kind, due_us, ready_us, body) select stream_no, $10, $11, $12, $12, $13 from s
    on conflict (stream_no, job) do update set due_us = $12, ready_us = $12, body = $13";

/// Measures statements.
pub(crate) fn rate(url: &str, load: Load) -> Measured {
    let connect = |_| {
        let mut client = Client::connect(url, NoTls).unwrap();
        client.batch_execute("set search_path to baton").unwrap();
        let statement = client.prepare(WRITE).unwrap();
        Mutex::new((client, statement))
    };
    // One connection per client, so that no lock is ever waited for.
    let connections: Vec<_> = (0..load.clients).map(connect).collect();
    measure(load, |client, number| {
        let mine = connections.get(usize::try_from(client).unwrap()).unwrap();
        let (connection, statement) = &mut *mine.lock().unwrap();
        write(connection, statement, &transition(client, number));
    })
}

fn write(connection: &mut Client, statement: &Statement, transition: &Transition) {
    let (request, job) = (
        transition.request.as_ref().unwrap(),
        transition.jobs.first().unwrap(),
    );
    connection
        .execute(
            statement,
            &[
                &transition.stream.as_str(),
                &i64::try_from(transition.expected + 1).unwrap(),
                &transition.leaf.as_bytes().as_slice(),
                &transition.summary.state,
                &transition.summary.turn,
                &transition.lines.first(),
                &request.key,
                &request.digest.as_bytes().as_slice(),
                &request.answer,
                &job.id.as_str(),
                &job.kind.as_str(),
                &job.due.timestamp().as_microsecond(),
                &job.body,
            ],
        )
        .unwrap();
}
