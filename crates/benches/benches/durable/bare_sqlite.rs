//! The least a durable group commit in SQLite can do: one thread, one table, one row with as many bytes per request.

use std::{
    path::Path,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
};

use rusqlite::Connection;

use crate::load::{ANSWER_BYTES, LINE_BYTES, Load, measure};

/// Names, digests and numbers of a transition beside its line and answer.
const OTHER_BYTES: usize = 160;
const GROUP_MAX: usize = 512;

/// A row to write and whom to tell.
type Ask = (Vec<u8>, SyncSender<()>);

/// Returns rows per second.
pub(crate) fn rate(folder: &Path, load: Load) -> f64 {
    let connection = Connection::open(folder.join("bare.db")).unwrap();
    connection
        .pragma_update(None, "journal_mode", "wal")
        .unwrap();
    connection
        .pragma_update(None, "synchronous", "full")
        .unwrap();
    connection
        .execute_batch("create table rows (row_no integer primary key, bytes blob not null) strict")
        .unwrap();
    let (asks, queue) = sync_channel::<Ask>(4_096);
    let writer = std::thread::spawn(move || serve(&connection, &queue));
    let rate = measure(load, |_, _| {
        let (reply, answer) = sync_channel(1);
        asks.send((vec![b'x'; LINE_BYTES + ANSWER_BYTES + OTHER_BYTES], reply))
            .unwrap();
        answer.recv().unwrap();
    });
    drop(asks);
    writer.join().unwrap();
    rate
}

fn serve(connection: &Connection, queue: &Receiver<Ask>) {
    while let Ok(first) = queue.recv() {
        connection.execute_batch("begin immediate").unwrap();
        let mut replies = Vec::new();
        for (bytes, reply) in std::iter::once(first).chain(queue.try_iter().take(GROUP_MAX - 1)) {
            let mut statement = connection
                .prepare_cached("insert into rows (bytes) values (?1)")
                .unwrap();
            statement.execute([bytes]).unwrap();
            replies.push(reply);
        }
        connection.execute_batch("commit").unwrap();
        for reply in replies {
            reply.send(()).unwrap();
        }
    }
}
