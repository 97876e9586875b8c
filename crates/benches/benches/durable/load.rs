//! The load: clients that each drive handoffs of their own through seven transitions, one after the other.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant as Clock},
};

use baton_engine::port::{JobKind, Request, Store, Transition};
use baton_terms::{Digest, Elapsed, Instant};
use baton_testkit::store::{job, plain, stream};
use rustix::time::{ClockId, clock_gettime};

use crate::table::Measured;

/// Transitions of one handoff.
pub(crate) const TRANSITIONS: u64 = 7;
/// Where each of them leads, and whose turn it is then: submit, check, gate, approve, offer, accept, complete.
const LIFE: [(&str, Option<&str>); 7] = [
    ("submitted", None),
    ("submitted", None),
    ("gated", Some("design-lead")),
    ("gated", None),
    ("offered", Some("build")),
    ("accepted", Some("build")),
    ("completed", None),
];
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

/// Measures transitions of a store.
pub(crate) fn rate(store: &dyn Store, load: Load) -> Measured {
    measure(load, |client, number| {
        store.append(transition(client, number)).unwrap();
    })
}

/// Runs `work` on every client until the time is over, and measures how often it was done.
pub(crate) fn measure(load: Load, work: impl Fn(u32, u64) + Sync) -> Measured {
    let (is_over, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let (started, worked) = (Clock::now(), processor());
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
    Measured {
        per_second: f64::from(done) / started.elapsed().as_secs_f64(),
        micros: Some(processor().saturating_sub(worked).as_secs_f64() * 1e6 / f64::from(done)),
    }
}

/// The processor time that this process has used.
pub(crate) fn processor() -> Duration {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(used).unwrap()
}

/// Returns the name of the handoff a client works on.
pub(crate) fn handoff(client: u32, number: u64) -> String {
    format!("handoff/{client}-{}", number / TRANSITIONS)
}

/// The transition a client makes: the handoff goes on to its next state, by a request under a key that looks like chance, as keys do,
/// and its timer is moved; at the end a message is sent.
pub(crate) fn transition(client: u32, number: u64) -> Transition {
    let step = number % TRANSITIONS;
    let at = instant("2026-01-01T00:00:00Z", number);
    let name = stream(&handoff(client, number));
    let mut transition = plain(name, step, &"x".repeat(LINE_BYTES), at);
    let (state, turn) = LIFE.get(usize::try_from(step).unwrap()).unwrap();
    (*state).clone_into(&mut transition.summary.state);
    transition.summary.turn = turn.map(str::to_owned);
    let asked = Digest::of(format!("{client}/{number}").as_bytes());
    transition.request = Some(Request {
        key: format!("request/{}", asked.hex()),
        digest: asked,
        answer: vec![b'y'; ANSWER_BYTES],
    });
    let (name, kind) = if step + 1 == TRANSITIONS {
        ("receipt", JobKind::Message)
    } else {
        ("deadline", JobKind::Timer)
    };
    transition.jobs = vec![job(name, kind, instant("2026-01-02T00:00:00Z", number))];
    transition
}

/// A second later with each transition.
fn instant(from: &str, number: u64) -> Instant {
    let from: Instant = from.parse().unwrap();
    from.checked_add(Elapsed::from_seconds(number)).unwrap()
}
