//! "Can I hand off?" beside everything that was checked before: a package is submitted and checked, and what it still needs is shown.

use std::time::{Duration, Instant as Clock};

use baton_engine::{
    handoff::{ContractForm, Desk, show},
    port::{Blob, Store},
};
use baton_terms::{Digest, Instant};
use baton_testkit::{
    clock::SetClock,
    organization::{CONTRACT, START, form},
    store::{plain, stream},
};

use crate::whole::Life;

/// Bytes of a package and of a scorecard that a past check left behind.
const DOCUMENT_BYTES: usize = 400;
/// Documents that one check leaves behind: its package and its scorecard.
const DOCUMENTS: u64 = 2;
/// Documents kept at once.
const KEPT: usize = 2_000;
/// Questions asked.
const ASKED: u64 = 1_000;

/// How long each answer took.
pub(crate) struct Answers {
    /// From a package to what it still needs.
    pub(crate) whole: Vec<Duration>,
    /// What a handoff still needs, asked again by somebody else.
    pub(crate) again: Vec<Duration>,
}

/// Keeps the documents of so many checks. They go in by the order of their digests, which builds the same table sooner.
pub(crate) fn remember(store: &impl Store, checks: u64) {
    let of = |number: u64| {
        number
            .to_be_bytes()
            .repeat(DOCUMENT_BYTES / size_of::<u64>())
    };
    let mut documents: Vec<(Digest, u64)> = (0..checks * DOCUMENTS)
        .map(|number| (Digest::of(&of(number)), number))
        .collect();
    documents.sort_unstable();
    let at: Instant = START.parse().unwrap();
    for (number, part) in documents.chunks(KEPT).enumerate() {
        let mut kept = plain(stream(&format!("past/{number}")), 0, "documents", at);
        let blob = |(digest, number): &(Digest, u64)| Blob {
            digest: *digest,
            bytes: of(*number),
        };
        kept.blobs = part.iter().map(blob).collect();
        store.append(kept).unwrap();
    }
}

/// Asks again and again, each time as a process of its own would: nothing is known but what the store holds.
pub(crate) fn ask(store: &dyn Store) -> Answers {
    let clock = SetClock::at(START.parse().unwrap());
    let form: ContractForm = form(CONTRACT);
    let mut answers = Answers {
        whole: Vec::new(),
        again: Vec::new(),
    };
    for number in 0..ASKED {
        let name = format!("asked-{number}");
        let started = Clock::now();
        let desk = Desk::new(store, &clock);
        let life = Life::of(&desk, name.clone());
        life.send(&form);
        life.advance();
        assert_missing(&desk, &name);
        answers.whole.push(started.elapsed());
        let started = Clock::now();
        assert_missing(&Desk::new(store, &clock), &name);
        answers.again.push(started.elapsed());
    }
    answers
}

/// The package is sound: what it needs is what people have to say.
fn assert_missing(desk: &Desk<'_>, name: &str) {
    let view = show(desk, &name.parse().unwrap()).unwrap();
    assert_eq!((view.state.as_str(), view.missing.len()), ("gated", 2));
}
