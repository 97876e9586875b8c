//! The load: clients that each drive handoffs of their own through seven transitions, one after the other.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use baton_engine::port::{JobKind, Request, Store, Transition};
use baton_terms::Digest;
use baton_testkit::store::{job, plain, stream};

/// Transitions of one handoff: submit, check, gate, approve, offer, accept, complete.
pub(crate) const TRANSITIONS: u64 = 7;
/// Bytes of one trace entry, as a lifecycle writes them.
pub(crate) const LINE_BYTES: usize = 700;
/// Bytes of the answer kept with a request.
pub(crate) const ANSWER_BYTES: usize = 100;

/// How hard to push.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) clients: u32,
    pub(crate) seconds: u32,
}

/// Returns transitions per second of a store.
pub(crate) fn rate(store: &dyn Store, load: Load) -> f64 {
    measure(load, |client, number| {
        store.append(transition(client, number)).unwrap();
    })
}

/// Runs `work` on every client until the time is over, and returns how often per second it was done.
pub(crate) fn measure(load: Load, work: impl Fn(u32, u64) + Sync) -> f64 {
    let (is_over, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let started = Instant::now();
    std::thread::scope(|scope| {
        for client in 0..load.clients {
            let (work, is_over, done) = (&work, &is_over, &done);
            scope.spawn(move || {
                let mut number = 0;
                while !is_over.load(Ordering::Relaxed) {
                    work(client, number);
                    number += 1;
                }
                done.fetch_add(number, Ordering::Relaxed);
            });
        }
        std::thread::sleep(Duration::from_secs(u64::from(load.seconds)));
        is_over.store(true, Ordering::Relaxed);
    });
    let done = u32::try_from(done.into_inner()).unwrap();
    f64::from(done) / started.elapsed().as_secs_f64()
}

/// Returns the name of the handoff a client works on.
pub(crate) fn handoff(client: u32, number: u64) -> String {
    format!("handoff/{client}-{}", number / TRANSITIONS)
}

/// The transition a client makes: one entry, an answered request, a timer moved; at the end a message.
fn transition(client: u32, number: u64) -> Transition {
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    let step = number % TRANSITIONS;
    let name = stream(&handoff(client, number));
    let mut transition = plain(name, step, &"x".repeat(LINE_BYTES), at);
    transition.request = Some(Request {
        key: format!("{client}/{number}"),
        digest: Digest::of(&number.to_be_bytes()),
        answer: vec![b'y'; ANSWER_BYTES],
    });
    let due = "2026-01-02T00:00:00Z".parse().unwrap();
    let is_last = step + 1 == TRANSITIONS;
    let kind = if is_last {
        JobKind::Message
    } else {
        JobKind::Timer
    };
    transition.jobs = vec![job(if is_last { "receipt" } else { "deadline" }, kind, due)];
    transition
}
