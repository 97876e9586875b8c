//! What the ports promise, case by case, on every store.

use baton_engine::port::{
    Appended, Blob, Claim, ClaimRequest, Fence, Job, JobKind, Page, Refusal, Request, SealedStream,
    Sealing, Settlement, Store, StoreError, Summary, Transition,
};
use baton_terms::{Digest, Instant};
use baton_testkit::store::{job, plain, stream};

use crate::stores::all;

pub(crate) fn at(second: u32) -> Instant {
    format!("2026-01-01T00:{:02}:{:02}Z", second / 60, second % 60)
        .parse()
        .unwrap()
}

fn check(case: impl Fn(&dyn Store)) {
    for subject in all() {
        println!("on {}", subject.name);
        case(subject.store.as_ref());
    }
}

fn refused(result: Result<impl std::fmt::Debug, StoreError>) -> Refusal {
    match result {
        Err(StoreError::Refused(refusal)) => refusal,
        other => panic!("expected a refusal: {other:?}"),
    }
}

fn with_request(mut transition: Transition, key: &str, asked: &[u8]) -> Transition {
    transition.request = Some(Request {
        key: key.into(),
        digest: Digest::of(asked),
        answer: b"the answer".to_vec(),
    });
    transition
}

fn claim_all(store: &dyn Store, kind: JobKind, now: u32) -> Vec<Job> {
    store
        .claim(&ClaimRequest {
            node: "node-1".into(),
            kind,
            now: at(now),
            until: at(now + 30),
            limit: 100,
        })
        .unwrap()
}

#[test]
fn what_was_appended_is_read_back_in_order() {
    check(|store| {
        let name = stream("handoff/a");
        assert_eq!(store.head(&name).unwrap(), None);
        assert_eq!(store.lines(&name, 0, 10).unwrap(), []);
        for (expected, text) in (0..).zip(["one", "two", "three"]) {
            let kept = store
                .append(plain(name.clone(), expected, text, at(0)))
                .unwrap();
            assert_eq!(
                kept,
                Appended::Now {
                    entries: expected + 1
                }
            );
        }
        let lines = store.lines(&name, 1, 1).unwrap();
        assert_eq!(
            (lines[0].sequence, lines[0].bytes.as_slice()),
            (1, b"two".as_slice())
        );
        assert_eq!(store.lines(&name, 0, 10).unwrap().len(), 3);
        let head = store.head(&name).unwrap().unwrap();
        assert_eq!((head.entries, head.summary.state.as_str()), (3, "offered"));
    });
}

#[test]
fn a_decision_on_an_older_state_is_refused() {
    check(|store| {
        let name = stream("handoff/a");
        store.append(plain(name.clone(), 0, "one", at(0))).unwrap();
        for expected in [0, 2, 7] {
            let refusal = refused(store.append(plain(name.clone(), expected, "late", at(0))));
            let moved = Refusal::Moved {
                stream: name.clone(),
                expected,
                found: 1,
            };
            assert_eq!(refusal, moved);
        }
        let missing = refused(store.append(plain(stream("handoff/b"), 3, "x", at(0))));
        assert!(matches!(missing, Refusal::Moved { found: 0, .. }));
        assert_eq!(store.lines(&name, 0, 10).unwrap().len(), 1);
    });
}

#[test]
fn the_same_request_gets_the_same_answer_and_another_one_none() {
    check(|store| {
        let name = stream("handoff/a");
        let first = with_request(plain(name.clone(), 0, "one", at(0)), "key", b"asked");
        assert_eq!(
            store.append(first.clone()).unwrap(),
            Appended::Now { entries: 1 }
        );
        // Even a decision made on what is now an older state: the request was answered.
        let answer = b"the answer".to_vec();
        assert_eq!(store.append(first).unwrap(), Appended::Before { answer });
        let other = with_request(
            plain(name.clone(), 1, "two", at(0)),
            "key",
            b"asked otherwise",
        );
        assert!(matches!(
            refused(store.append(other)),
            Refusal::KeyReused { .. }
        ));
        let elsewhere = with_request(
            plain(stream("handoff/b"), 0, "x", at(0)),
            "key",
            b"asked otherwise",
        );
        assert!(matches!(
            refused(store.append(elsewhere)),
            Refusal::KeyReused { .. }
        ));
        assert_eq!(store.lines(&name, 0, 10).unwrap().len(), 1);
        assert_eq!(
            store.request("key").unwrap().unwrap().digest,
            Digest::of(b"asked")
        );
        assert_eq!(store.request("other").unwrap(), None);
    });
}

#[test]
fn a_refused_transition_leaves_nothing() {
    check(|store| {
        let name = stream("handoff/a");
        let mut first = plain(name.clone(), 0, "one", at(0));
        first.jobs = vec![job("mail", JobKind::Message, at(0))];
        store.append(first).unwrap();
        let mut second = with_request(plain(name.clone(), 1, "two", at(0)), "key", b"asked");
        // The name of a message is what its receiver tells repetitions by.
        second.jobs = vec![
            job("timer", JobKind::Timer, at(0)),
            job("mail", JobKind::Message, at(0)),
        ];
        second.blobs = vec![Blob {
            digest: Digest::of(b"doc"),
            bytes: b"doc".to_vec(),
        }];
        assert!(matches!(
            refused(store.append(second)),
            Refusal::Malformed { .. }
        ));
        assert_eq!(store.lines(&name, 0, 10).unwrap().len(), 1);
        assert_eq!(store.request("key").unwrap(), None);
        assert_eq!(store.blob(&Digest::of(b"doc")).unwrap(), None);
        assert_eq!(claim_all(store, JobKind::Timer, 100), []);
    });
}

#[test]
fn blobs_are_found_by_digest_and_kept_once() {
    check(|store| {
        for name in ["handoff/a", "handoff/b"] {
            let mut transition = plain(stream(name), 0, "one", at(0));
            transition.blobs = vec![Blob {
                digest: Digest::of(b"doc"),
                bytes: b"doc".to_vec(),
            }];
            store.append(transition).unwrap();
        }
        assert_eq!(
            store.blob(&Digest::of(b"doc")).unwrap().as_deref(),
            Some(b"doc".as_slice())
        );
    });
}

#[test]
fn a_job_is_claimed_when_due_and_never_before() {
    check(|store| {
        let mut transition = plain(stream("handoff/a"), 0, "one", at(0));
        transition.jobs = vec![
            job("late", JobKind::Timer, at(20)),
            job(
                "soon",
                JobKind::Timer,
                "2026-01-01T00:00:10.0000001Z".parse().unwrap(),
            ),
            job("mail", JobKind::Message, at(0)),
        ];
        store.append(transition).unwrap();
        assert_eq!(store.next_due().unwrap(), Some(at(0)));
        // A tenth of a microsecond early is early.
        assert_eq!(claim_all(store, JobKind::Timer, 10), []);
        let names = |jobs: Vec<Job>| {
            jobs.iter()
                .map(|job| job.claim.job.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(claim_all(store, JobKind::Timer, 11)), ["soon"]);
        assert_eq!(names(claim_all(store, JobKind::Timer, 20)), ["late"]);
        assert_eq!(names(claim_all(store, JobKind::Message, 20)), ["mail"]);
    });
}

#[test]
fn a_lease_that_ended_passes_on_and_fences_its_first_holder() {
    check(|store| {
        let name = stream("handoff/a");
        let mut transition = plain(name.clone(), 0, "one", at(0));
        transition.jobs = vec![job("t", JobKind::Timer, at(0))];
        store.append(transition).unwrap();
        let first = claim_all(store, JobKind::Timer, 0).remove(0).claim;
        assert_eq!(claim_all(store, JobKind::Timer, 29), []);
        let second = claim_all(store, JobKind::Timer, 30).remove(0).claim;
        assert!(second.fence > first.fence);
        let done = Settlement::Done { at: at(31) };
        let mut zombie = plain(name.clone(), 1, "zombie", at(31));
        zombie.under = Some(first.clone());
        assert_eq!(refused(store.append(zombie)), Refusal::fenced(&first));
        assert_eq!(
            refused(store.settle(&first, &done)),
            Refusal::fenced(&first)
        );
        assert_eq!(
            refused(store.renew(&first, at(90))),
            Refusal::fenced(&first)
        );
        store.renew(&second, at(90)).unwrap();
        assert_eq!(claim_all(store, JobKind::Timer, 89), []);
        let mut work = plain(name.clone(), 1, "fired", at(31));
        work.under = Some(second.clone());
        store.append(work).unwrap();
        assert_eq!(
            refused(store.settle(&second, &done)),
            Refusal::fenced(&second)
        );
        assert_eq!(store.next_due().unwrap(), None);
    });
}

#[test]
fn a_job_nobody_claimed_has_no_fence_to_guess() {
    check(|store| {
        let name = stream("handoff/a");
        let mut transition = plain(name.clone(), 0, "one", at(0));
        transition.jobs = vec![job("t", JobKind::Timer, at(0))];
        let id = transition.jobs[0].id.clone();
        store.append(transition).unwrap();
        let claim = Claim {
            stream: name,
            job: id,
            fence: Fence(0),
        };
        assert_eq!(
            refused(store.settle(&claim, &Settlement::Done { at: at(1) })),
            Refusal::fenced(&claim)
        );
    });
}

#[test]
fn a_postponed_job_comes_back_with_its_attempts_counted() {
    check(|store| {
        let mut transition = plain(stream("handoff/a"), 0, "one", at(0));
        transition.jobs = vec![job("mail", JobKind::Message, at(0))];
        store.append(transition).unwrap();
        for attempt in 0..3 {
            let claimed = claim_all(store, JobKind::Message, attempt * 100).remove(0);
            assert_eq!(claimed.attempt, attempt);
            store
                .settle(
                    &claimed.claim,
                    &Settlement::Postponed {
                        due: at(attempt * 100 + 100),
                    },
                )
                .unwrap();
            assert_eq!(claim_all(store, JobKind::Message, attempt * 100 + 99), []);
        }
    });
}

#[test]
fn a_timer_set_again_moves_and_forgets_the_claim_on_it() {
    check(|store| {
        let name = stream("handoff/a");
        let mut transition = plain(name.clone(), 0, "one", at(0));
        transition.jobs = vec![job("t", JobKind::Timer, at(0))];
        store.append(transition).unwrap();
        let old = claim_all(store, JobKind::Timer, 0).remove(0).claim;
        let mut moved = plain(name.clone(), 1, "two", at(0));
        moved.jobs = vec![job("t", JobKind::Timer, at(50))];
        store.append(moved).unwrap();
        let postpone = Settlement::Postponed { due: at(5) };
        assert_eq!(
            refused(store.settle(&old, &postpone)),
            Refusal::fenced(&old)
        );
        assert_eq!(store.next_due().unwrap(), Some(at(50)));
        let mut cleared = plain(name, 2, "three", at(0));
        cleared.cleared = vec![
            job("t", JobKind::Timer, at(0)).id,
            job("none", JobKind::Timer, at(0)).id,
        ];
        store.append(cleared).unwrap();
        assert_eq!(store.next_due().unwrap(), None);
    });
}

#[test]
fn a_timer_may_be_set_again_by_the_transition_it_fired() {
    check(|store| {
        let name = stream("handoff/a");
        let mut transition = plain(name.clone(), 0, "one", at(0));
        transition.jobs = vec![job("t", JobKind::Timer, at(0))];
        store.append(transition).unwrap();
        let claim = claim_all(store, JobKind::Timer, 0).remove(0).claim;
        let mut fired = plain(name, 1, "two", at(0));
        fired.under = Some(claim);
        fired.jobs = vec![job("t", JobKind::Timer, at(60))];
        store.append(fired).unwrap();
        assert_eq!(store.next_due().unwrap(), Some(at(60)));
    });
}

#[test]
fn lists_are_paged_and_filtered_in_the_order_of_names() {
    check(|store| {
        let names = [
            "handoff/B",
            "handoff/a",
            "handoff/a.1",
            "handoff/b",
            "mission/a",
        ];
        for (name, turn) in names
            .iter()
            .zip(["team-a", "team-b", "team-a", "team-a", "team-a"])
        {
            let mut transition = plain(stream(name), 0, "one", at(0));
            transition.summary = Summary {
                state: if *name == "handoff/b" {
                    "accepted".into()
                } else {
                    "offered".into()
                },
                turn: Some(turn.into()),
                due: Some(at(9)),
            };
            store.append(transition).unwrap();
        }
        let list =
            |prefix: &str, turn: Option<&str>, state: Option<&str>, after: Option<&str>, limit| {
                let page = Page {
                    prefix: prefix.into(),
                    turn: turn.map(Into::into),
                    state: state.map(Into::into),
                    after: after.map(stream),
                    limit,
                };
                let heads = store.heads(&page).unwrap();
                heads
                    .iter()
                    .map(|head| head.stream.to_string())
                    .collect::<Vec<_>>()
            };
        assert_eq!(list("", None, None, None, 10), names);
        assert_eq!(
            list("handoff/", None, None, None, 2),
            ["handoff/B", "handoff/a"]
        );
        assert_eq!(
            list("handoff/", None, None, Some("handoff/a"), 2),
            ["handoff/a.1", "handoff/b"]
        );
        assert_eq!(
            list("handoff/", Some("team-a"), None, None, 9),
            ["handoff/B", "handoff/a.1", "handoff/b"]
        );
        assert_eq!(
            list("handoff/", Some("team-a"), Some("accepted"), None, 9),
            ["handoff/b"]
        );
        assert_eq!(list("", None, Some("accepted"), None, 9), ["handoff/b"]);
        assert_eq!(list("zzz", None, None, None, 9), [""; 0]);
    });
}

#[test]
fn the_register_grows_by_compare_and_set_and_remembers_how_far_streams_are_sealed() {
    check(|store| {
        for name in ["handoff/a", "handoff/b"] {
            store.append(plain(stream(name), 0, "one", at(0))).unwrap();
        }
        assert_eq!(store.unsealed(1).unwrap().len(), 1);
        assert_eq!(store.unsealed(9).unwrap().len(), 2);
        let sealing = Sealing {
            expected: 0,
            lines: vec![b"a".to_vec(), b"b".to_vec()],
            streams: ["handoff/a", "handoff/b"]
                .map(|name| SealedStream {
                    stream: stream(name),
                    entries: 1,
                    frontier: vec![Digest::of(name.as_bytes())],
                })
                .to_vec(),
            checkpoint: b"signed".to_vec(),
        };
        store.seal(sealing.clone()).unwrap();
        assert!(matches!(
            refused(store.seal(sealing)),
            Refusal::Moved { found: 2, .. }
        ));
        assert_eq!(store.unsealed(9).unwrap(), []);
        store
            .append(plain(stream("handoff/b"), 1, "two", at(0)))
            .unwrap();
        let grown = store.unsealed(9).unwrap();
        assert_eq!(
            (grown[0].stream.as_str(), grown[0].sealed, grown[0].entries),
            ("handoff/b", 1, 2)
        );
        assert_eq!(grown[0].frontier, [Digest::of(b"handoff/b")]);
        let head = store.register_head().unwrap();
        assert_eq!(
            (head.entries, head.checkpoint.as_deref()),
            (2, Some(b"signed".as_slice()))
        );
        assert_eq!(store.register_lines(1, 9).unwrap(), [b"b".to_vec()]);
    });
}

#[test]
fn a_transition_no_store_keeps_is_refused_by_all() {
    check(|store| {
        let mut empty = plain(stream("handoff/a"), 0, "one", at(0));
        empty.lines.clear();
        assert!(matches!(
            refused(store.append(empty)),
            Refusal::Malformed { .. }
        ));
    });
}
