//! Many writers on one store: nothing is lost, nothing is doubled, every job has one holder.

use std::{collections::BTreeSet, sync::Mutex};

use baton_engine::port::{
    Appended, ClaimRequest, JobKind, Refusal, Request, Settlement, Store, StoreError, StreamId,
    Wake,
};
use baton_store::{PostgresStore, SqliteStore};
use baton_terms::Digest;
use baton_testkit::store::{job, plain, stream};

use crate::{cases::at, stores::all};

const WRITERS: u32 = 8;
const APPENDS: u32 = 25;

/// Appends until it is kept, as a client does that decides again on what it reads.
fn append_surely(store: &dyn Store, name: &StreamId, text: &str) -> u64 {
    loop {
        let expected = store.head(name).unwrap().map_or(0, |head| head.entries);
        match store.append(plain(name.clone(), expected, text, at(0))) {
            Ok(Appended::Now { entries }) => return entries,
            Err(StoreError::Refused(Refusal::Moved { .. }) | StoreError::Unavailable { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn writers_on_one_stream_lose_and_double_nothing() {
    for subject in all() {
        let store = subject.store.as_ref();
        let name = stream("handoff/a");
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let name = &name;
                scope.spawn(move || {
                    for number in 0..APPENDS {
                        append_surely(store, name, &format!("{writer}/{number}"));
                    }
                });
            }
        });
        let lines = store.lines(&name, 0, 1_000).unwrap();
        let texts: BTreeSet<Vec<u8>> = lines.iter().map(|line| line.bytes.clone()).collect();
        let expected = usize::try_from(WRITERS * APPENDS).unwrap();
        assert_eq!(
            (lines.len(), texts.len()),
            (expected, expected),
            "{}",
            subject.name
        );
        assert!(
            (0..)
                .zip(&lines)
                .all(|(place, line)| line.sequence == place)
        );
    }
}

#[test]
fn one_request_sent_by_many_at_once_is_kept_once() {
    for subject in all() {
        let store = subject.store.as_ref();
        let answers = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let answers = &answers;
                scope.spawn(move || {
                    let mut transition =
                        plain(stream(&format!("handoff/{writer}")), 0, "one", at(0));
                    transition.request = Some(Request {
                        key: "key".into(),
                        digest: Digest::of(b"asked"),
                        answer: writer.to_string().into_bytes(),
                    });
                    let appended = store.append(transition).unwrap();
                    answers.lock().unwrap().push((writer, appended));
                });
            }
        });
        let answers = answers.into_inner().unwrap();
        let kept: Vec<u32> = answers
            .iter()
            .filter(|(_, appended)| matches!(appended, Appended::Now { .. }))
            .map(|(writer, _)| *writer)
            .collect();
        let [winner] = kept[..] else {
            panic!("{}: {answers:?}", subject.name)
        };
        let answer = winner.to_string().into_bytes();
        for (writer, appended) in answers {
            let is_winner = writer == winner;
            assert!(
                is_winner
                    || appended
                        == Appended::Before {
                            answer: answer.clone()
                        }
            );
        }
    }
}

#[test]
fn every_job_has_one_holder() {
    for subject in all() {
        let store = subject.store.as_ref();
        for number in 0..10 {
            let mut transition = plain(stream(&format!("handoff/{number}")), 0, "one", at(0));
            transition.jobs = (0..20)
                .map(|n| job(&format!("t{n}"), JobKind::Timer, at(n)))
                .collect();
            store.append(transition).unwrap();
        }
        let held = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for node in 0..WRITERS {
                let held = &held;
                scope.spawn(move || {
                    let request = ClaimRequest {
                        node: format!("node-{node}"),
                        kind: JobKind::Timer,
                        now: at(30),
                        until: at(90),
                        limit: 7,
                    };
                    loop {
                        let jobs = store.claim(&request).unwrap();
                        if jobs.is_empty()
                            && store.next_due().unwrap().is_none_or(|due| due > at(30))
                        {
                            return;
                        }
                        for job in jobs {
                            store
                                .settle(&job.claim, &Settlement::Done { at: at(30) })
                                .unwrap();
                            held.lock().unwrap().push((job.claim.stream, job.claim.job));
                        }
                    }
                });
            }
        });
        let held = held.into_inner().unwrap();
        let distinct: BTreeSet<_> = held.iter().collect();
        assert_eq!((held.len(), distinct.len()), (200, 200), "{}", subject.name);
        assert_eq!(store.next_due().unwrap(), None);
    }
}

/// The waits are given a patience that no test outlasts: each ends by the news.
#[test]
fn who_waits_for_work_is_woken_by_this_node_and_by_others() {
    let long = std::time::Duration::from_mins(1);
    let urgent = |store: &dyn Store, name: &str| {
        let mut transition = plain(stream(name), 0, "one", at(0));
        transition.jobs = vec![job("mail", JobKind::Message, at(0))];
        store.append(transition).unwrap();
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let (one, two) = (
        SqliteStore::open(&path).unwrap(),
        SqliteStore::open(&path).unwrap(),
    );
    wake_each_other(&one, &two, &urgent, long);
    if let Some(url) = crate::stores::postgres_url() {
        let (one, two) = (
            PostgresStore::open(&url).unwrap(),
            PostgresStore::open(&url).unwrap(),
        );
        wake_each_other(&one, &two, &urgent, long);
    }
}

fn wake_each_other<T: Store + Wake>(
    one: &T,
    two: &T,
    urgent: &impl Fn(&dyn Store, &str),
    long: std::time::Duration,
) {
    // A timer that is days away is found by looking. Nobody listens yet: no news of before comes in meanwhile.
    let mark = one.mark();
    let mut far = plain(stream("handoff/b"), 0, "one", at(0));
    far.jobs = vec![job("t", JobKind::Timer, at(59 * 60))];
    one.append(far).unwrap();
    assert_eq!(one.mark(), mark);
    // Set between the mark and the wait: no sleep at all.
    let mark = one.mark();
    urgent(one, "handoff/a");
    assert!(one.wait(mark, long));
    // The first wait of the other node may end because it has just begun to listen; the news itself comes after.
    two.wait(two.mark(), long);
    let mark = two.mark();
    urgent(one, "handoff/c");
    assert!(two.wait(mark, long));
}
