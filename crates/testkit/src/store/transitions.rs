//! Transitions for tests that look at stores, where what a line says does not matter.

use baton_engine::port::{JobId, JobKind, NewJob, StreamId, Summary, Transition};
use baton_evidence::merkle::leaf_hash;
use baton_terms::Instant;

/// Returns the stream of a name that is known to be one.
///
/// # Panics
/// When the name cannot be one.
#[expect(
    clippy::expect_used,
    reason = "a test that names a stream wrongly should stop"
)]
pub fn stream(name: &str) -> StreamId {
    StreamId::new(name).expect("a name of letters, digits and `-_./:@`")
}

/// Returns a job of a name that is known to be one.
///
/// # Panics
/// When the name cannot be one.
#[expect(
    clippy::expect_used,
    reason = "a test that names a job wrongly should stop"
)]
pub fn job(name: &str, kind: JobKind, due: Instant) -> NewJob {
    NewJob {
        id: JobId::new(name).expect("a name of letters, digits and `-_./:@`"),
        kind,
        due,
        body: name.as_bytes().to_vec(),
    }
}

/// Returns a transition that appends one line, `text`, and nothing else.
pub fn plain(stream: StreamId, expected: u64, text: &str, at: Instant) -> Transition {
    let line = text.as_bytes().to_vec();
    Transition {
        stream,
        expected,
        at,
        leaf: leaf_hash(&line),
        lines: vec![line],
        summary: Summary {
            state: "offered".into(),
            turn: Some("team-a".into()),
            due: None,
        },
        request: None,
        blobs: Vec::new(),
        jobs: Vec::new(),
        cleared: Vec::new(),
        under: None,
    }
}
