//! The same rows written to the same tables by one statement that checks nothing but the entry count.

use std::sync::Mutex;

use postgres::{Client, NoTls, Statement};

use crate::load::{ANSWER_BYTES, LINE_BYTES, Load, TRANSITIONS, handoff, measure};

const WRITE: &str = "with s as (
        insert into streams (stream, entries, leaf, state) values ($1, $2, $3, 'offered')
        on conflict (stream) do update set entries = $2, leaf = $3 where streams.entries = $2 - 1
        returning stream_no
    ), e as (insert into entries (stream_no, sequence, line) select stream_no, $2 - 1, $4 from s),
    r as (insert into requests (key, digest, stream_no, answer) select $5, $3, stream_no, $6 from s)
    insert into jobs (stream_no, job, kind, due_us, ready_us, body) select stream_no, $7, $8, 0, 0, $3 from s
    on conflict (stream_no, job) do update set due_us = 1, ready_us = 1, body = $3";

/// Returns statements per second.
pub(crate) fn rate(url: &str, load: Load) -> f64 {
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
        write(connection, statement, (client, number));
    })
}

fn write(connection: &mut Client, statement: &Statement, (client, number): (u32, u64)) {
    let step = number % TRANSITIONS;
    let entries = i64::try_from(step + 1).unwrap();
    let is_last = step + 1 == TRANSITIONS;
    let (job, kind) = if is_last {
        ("receipt", "message")
    } else {
        ("deadline", "timer")
    };
    let leaf = [7_u8; 32];
    connection
        .execute(
            statement,
            &[
                &handoff(client, number),
                &entries,
                &leaf.as_slice(),
                &vec![b'x'; LINE_BYTES],
                &format!("{client}/{number}"),
                &vec![b'y'; ANSWER_BYTES],
                &job,
                &kind,
            ],
        )
        .unwrap();
}
