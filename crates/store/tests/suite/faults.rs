//! Faults that are not a crash: connections cut in the middle of a commit, transactions undone by the server, no room, no connections,
//! a server that only reads.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use baton_engine::port::{Appended, ClaimRequest, JobKind, Ledger, Request, Store, StoreError};
use baton_store::{PostgresStore, SqliteStore};
use baton_terms::{Digest, Instant};
use baton_testkit::store::{job, plain, stream};

use crate::{
    cases::at,
    crash::{expect_kept, work},
    stores,
};

/// Lets `workers` append until each has been answered often enough, and checks that exactly that was kept.
fn work_through(store: &dyn Store, workers: usize, appends: u64) {
    let (is_over, progress) = (AtomicBool::new(false), AtomicU64::new(0));
    let kept: Vec<u64> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|worker| {
                let (is_over, progress) = (&is_over, &progress);
                scope.spawn(move || work(store, worker, is_over, progress))
            })
            .collect();
        while progress.load(Ordering::Relaxed) < appends {
            std::thread::yield_now();
        }
        is_over.store(true, Ordering::Relaxed);
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .collect()
    });
    for (worker, kept) in kept.iter().enumerate() {
        expect_kept(store, worker, *kept);
    }
}

#[cfg(unix)]
#[test]
fn a_connection_cut_in_the_middle_of_a_commit_loses_and_doubles_nothing() {
    use baton_testkit::proxy::Proxy;

    let Some((socket, url)) = stores::postgres_socket() else {
        return;
    };
    let proxy = Proxy::to(&socket);
    let address = proxy.address();
    let name = url.split("dbname=").nth(1).unwrap();
    let store = PostgresStore::open(&format!(
        "host={} port={} user=baton dbname={name}",
        address.ip(),
        address.port()
    ))
    .unwrap();
    let mut unknown = 0;
    for number in 0..24_u64 {
        let mut transition = plain(stream("handoff/a"), number, &number.to_string(), at(0));
        transition.request = Some(Request {
            key: number.to_string(),
            digest: Digest::of(&number.to_be_bytes()),
            answer: b"kept".to_vec(),
        });
        // The first parcel is the statement itself; later ones fall into opening the connection again.
        proxy.cut_after(u32::try_from(number % 4).unwrap() + 1);
        let first = store.append(transition.clone());
        let answer = match first {
            Ok(answer) => answer,
            Err(error) => {
                assert!(error.is_transient(), "{error:?}");
                unknown += u32::from(matches!(error, StoreError::OutcomeUnknown { .. }));
                loop {
                    match store.append(transition.clone()) {
                        Ok(answer) => break answer,
                        Err(error) => assert!(error.is_transient(), "{error:?}"),
                    }
                }
            }
        };
        assert!(matches!(
            answer,
            Appended::Now { .. } | Appended::Before { .. }
        ));
        proxy.cut_after(0);
    }
    assert!(unknown > 0, "no cut fell into a commit");
    assert_eq!(store.lines(&stream("handoff/a"), 0, 100).unwrap().len(), 24);
}

#[test]
fn transactions_that_the_server_undoes_are_repeated() {
    let Some(url) = stores::postgres_url() else {
        return;
    };
    let store = PostgresStore::open(&url).unwrap();
    let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
    // One statement in two hundred, counted by a sequence, which no rollback takes back.
    client
        .batch_execute(
            "set search_path to baton;
             create sequence turns;
             create function undo() returns trigger language plpgsql as $$ begin
                 if nextval('baton.turns') % 200 = 0 then
                     raise exception using errcode = '40001', message = 'could not serialize access';
                 end if;
                 return null;
             end $$;
             create trigger undo before insert on entries for each statement execute function undo()",
        )
        .unwrap();
    work_through(&store, 8, 1_200);
    let undone: i64 = client
        .query_one("select last_value / 200 from turns", &[])
        .unwrap()
        .get(0);
    assert!(undone > 0, "nothing was undone");
}

#[test]
fn a_full_store_keeps_what_it_acknowledged_and_goes_on_with_more_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let name = stream("handoff/a");
    let line = "x".repeat(4_000);
    let mut kept = 0;
    let store = SqliteStore::open_limited(&path, 400_000).unwrap();
    let refusal = loop {
        match store.append(plain(name.clone(), kept, &line, at(0))) {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(refusal, StoreError::Full);
    assert!(kept > 20, "{kept}");
    // A full store still answers, and says so again.
    assert_eq!(
        store.lines(&name, 0, 1_000).unwrap().len(),
        usize::try_from(kept).unwrap()
    );
    assert_eq!(
        store.append(plain(name.clone(), kept, &line, at(0))),
        Err(StoreError::Full)
    );
    store.check().unwrap();
    drop(store);
    let store = SqliteStore::open(&path).unwrap();
    store
        .append(plain(name.clone(), kept, &line, at(0)))
        .unwrap();
    assert_eq!(store.head(&name).unwrap().unwrap().entries, kept + 1);
}

#[test]
fn one_that_does_not_fit_takes_nobody_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open_limited(folder.path().join("store.db"), 400_000).unwrap();
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let store = &store;
            scope.spawn(move || {
                let name = stream(&format!("handoff/{worker}"));
                let large = "x".repeat(500_000);
                for number in 0..5 {
                    let refused = store.append(plain(name.clone(), number, &large, at(0)));
                    assert_eq!(refused, Err(StoreError::Full));
                    store
                        .append(plain(name.clone(), number, "small", at(0)))
                        .unwrap();
                }
            });
        }
    });
    store.check().unwrap();
}

#[test]
fn with_fewer_connections_than_askers_everyone_is_served() {
    let Some(url) = stores::postgres_url() else {
        return;
    };
    let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
    let database = url.split("dbname=").nth(1).unwrap();
    let role = format!("few_{database}");
    // Limits of connections do not hold for the server's owner.
    client
        .batch_execute(&format!(
            "create role {role} login connection limit 3; alter database {database} owner to {role}"
        ))
        .unwrap();
    let store = PostgresStore::open(&url.replace("user=baton", &format!("user={role}"))).unwrap();
    std::thread::scope(|scope| {
        for worker in 0..12 {
            let store = &store;
            scope.spawn(move || {
                let name = stream(&format!("handoff/{worker}"));
                for number in 0..10 {
                    store
                        .append(plain(name.clone(), number, "line", at(0)))
                        .unwrap();
                    assert_eq!(store.head(&name).unwrap().unwrap().entries, number + 1);
                }
            });
        }
    });
}

#[test]
fn a_server_that_only_reads_says_so() {
    let Some(url) = stores::postgres_url() else {
        return;
    };
    let store = PostgresStore::open(&url).unwrap();
    store
        .append(plain(stream("handoff/a"), 0, "one", at(0)))
        .unwrap();
    drop(store);
    let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
    let database = url.split("dbname=").nth(1).unwrap();
    client
        .batch_execute(&format!(
            "alter database {database} set default_transaction_read_only = on"
        ))
        .unwrap();
    let refused = PostgresStore::open(&url).unwrap_err();
    assert!(
        matches!(&refused, StoreError::Unavailable { why } if why.contains("only reads")),
        "{refused:?}"
    );
}

#[test]
fn groups_with_claims_messages_and_documents_answer_as_each_alone() {
    for subject in stores::all() {
        let store = subject.store.as_ref();
        std::thread::scope(|scope| {
            for worker in 0..12_u32 {
                scope.spawn(move || whole_life(store, worker));
            }
        });
        assert_eq!(store.next_due().unwrap(), Some(at(60)), "{}", subject.name);
        let mails = store.claim(&claim(("postman", JobKind::Message), at(70), 100));
        assert_eq!(mails.unwrap().len(), 12, "{}", subject.name);
    }
}

fn claim((node, kind): (&str, JobKind), now: Instant, limit: u32) -> ClaimRequest {
    ClaimRequest {
        node: node.to_owned(),
        kind,
        now,
        until: at(80),
        limit,
    }
}

/// A stream that sets, moves, clears and fires timers, and leaves a message and a late timer.
fn whole_life(store: &dyn Store, worker: u32) {
    let name = stream(&format!("handoff/{worker}"));
    let due = at(100 + worker);
    let mut first = plain(name.clone(), 0, "one", at(0));
    first.jobs = vec![
        job("fire", JobKind::Timer, due),
        job("clear", JobKind::Timer, due),
    ];
    first.blobs = vec![baton_engine::port::Blob {
        digest: Digest::of(b"shared"),
        bytes: b"shared".to_vec(),
    }];
    store.append(first).unwrap();
    let mut second = plain(name.clone(), 1, "two", at(1));
    second.jobs = vec![job("fire", JobKind::Timer, at(2))];
    second.cleared = vec![job("clear", JobKind::Timer, due).id];
    store.append(second).unwrap();
    // Whoever claims first may get another stream's timer: each is fired by its claimer.
    loop {
        let claimed = store
            .claim(&claim(
                (&format!("node-{worker}"), JobKind::Timer),
                at(50),
                1,
            ))
            .unwrap();
        let Some(fired) = claimed.into_iter().next() else {
            break;
        };
        let mut third = plain(fired.claim.stream.clone(), 2, "three", at(50));
        third.jobs = vec![
            job("late", JobKind::Timer, at(60)),
            job("mail", JobKind::Message, at(70)),
        ];
        third.under = Some(fired.claim.clone());
        store.append(third.clone()).unwrap();
        assert!(matches!(
            store.append(third),
            Err(StoreError::Refused(
                baton_engine::port::Refusal::Fenced { .. }
            ))
        ));
    }
}
