//! What survives: a store closed and opened again, a server that stops in the middle of work, a copy restored.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use baton_engine::port::{Appended, Ledger, Request, Store, StoreError};
use baton_store::{BackupError, PostgresStore, SqliteStore};
use baton_terms::Digest;
use baton_testkit::{
    postgres::Server,
    store::{plain, stream},
};

use crate::cases::at;

#[test]
fn sqlite_keeps_what_it_acknowledged_when_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    for round in 0..3 {
        let store = SqliteStore::open(&path).unwrap();
        store
            .append(plain(stream("handoff/a"), round, "line", at(0)))
            .unwrap();
    }
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(store.lines(&stream("handoff/a"), 0, 9).unwrap().len(), 3);
}

#[test]
fn sqlite_is_copied_while_it_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("store.db")).unwrap();
    let copy = folder.path().join("copy.db");
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut entries = 0;
            while !is_over.load(Ordering::Relaxed) {
                store
                    .append(plain(stream("handoff/a"), entries, "line", at(0)))
                    .unwrap();
                entries += 1;
            }
        });
        store.back_up(&copy).unwrap();
        is_over.store(true, Ordering::Relaxed);
    });
    assert_eq!(store.back_up(&copy), Err(BackupError::Exists));
    store.check().unwrap();
    let restored = SqliteStore::open(&copy).unwrap();
    restored.check().unwrap();
    let head = restored.head(&stream("handoff/a")).unwrap();
    let lines = restored.lines(&stream("handoff/a"), 0, 1_000_000).unwrap();
    assert_eq!(
        head.map_or(0, |head| head.entries),
        u64::try_from(lines.len()).unwrap()
    );
}

#[test]
fn sqlite_names_a_document_that_was_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path).unwrap();
    let mut transition = plain(stream("handoff/a"), 0, "line", at(0));
    transition.blobs = vec![baton_engine::port::Blob {
        digest: Digest::of(b"doc"),
        bytes: b"doc".to_vec(),
    }];
    store.append(transition).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute("update blobs set bytes = x'00'", []).unwrap();
    assert!(matches!(
        store.blob(&Digest::of(b"doc")),
        Err(StoreError::Damaged { .. })
    ));
}

/// A server that is stopped at once, over and over, under load: whatever was acknowledged is there, once, and every
/// unknown outcome is settled by asking again.
#[test]
fn postgresql_loses_and_doubles_nothing_when_it_stops_in_the_middle_of_work() {
    let server = match Server::start() {
        Ok(server) => server,
        Err(why) => return println!("skipped: {why}"),
    };
    let url = server.database("crash");
    let store = PostgresStore::open(&url).unwrap();
    let (is_over, progress) = (AtomicBool::new(false), AtomicU64::new(0));
    let kept: Vec<u64> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|worker| {
                let (store, is_over, progress) = (&store, &is_over, &progress);
                scope.spawn(move || work(store, worker, is_over, progress))
            })
            .collect();
        for round in 1..=3 {
            while progress.load(Ordering::Relaxed) < round * 100 {
                std::thread::yield_now();
            }
            server.crash();
            server.crash_in_recovery();
            server.run().unwrap();
        }
        is_over.store(true, Ordering::Relaxed);
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .collect()
    });
    for (worker, kept) in kept.iter().enumerate() {
        expect_kept(&store, worker, *kept);
    }
}

/// Fails unless the worker's stream holds exactly the numbers that were acknowledged.
pub(crate) fn expect_kept(store: &dyn Store, worker: usize, kept: u64) {
    let name = stream(&format!("handoff/{worker}"));
    let lines = store.lines(&name, 0, 1_000_000).unwrap();
    let texts: Vec<String> = lines
        .iter()
        .map(|line| String::from_utf8(line.bytes.clone()).unwrap())
        .collect();
    let expected: Vec<String> = (0..kept).map(|number| number.to_string()).collect();
    assert_eq!(texts, expected, "worker {worker}");
}

/// Appends numbers to the worker's stream, each as a request with a key, until told to stop; returns how many were kept.
pub(crate) fn work(
    store: &dyn Store,
    worker: usize,
    is_over: &AtomicBool,
    progress: &AtomicU64,
) -> u64 {
    let name = stream(&format!("handoff/{worker}"));
    let (mut number, mut is_known) = (0_u64, true);
    // What was asked last is asked until it is answered.
    while !is_known || !is_over.load(Ordering::Relaxed) {
        let mut transition = plain(name.clone(), number, &number.to_string(), at(0));
        transition.request = Some(Request {
            key: format!("{worker}/{number}"),
            digest: Digest::of(number.to_string().as_bytes()),
            answer: Vec::new(),
        });
        match store.append(transition) {
            Ok(Appended::Now { .. } | Appended::Before { .. }) => {
                number += 1;
                is_known = true;
                progress.fetch_add(1, Ordering::Relaxed);
            }
            // Nothing was kept, or nobody knows: the same request again tells.
            Err(error) if error.is_transient() => {
                is_known = false;
                std::thread::yield_now();
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    number
}
