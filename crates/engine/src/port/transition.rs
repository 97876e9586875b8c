//! One decision and everything that becomes true with it.

use std::collections::BTreeSet;

use baton_evidence::merkle::leaf_hash;
use baton_terms::{Digest, Instant};

use super::{Claim, JobId, NewJob, Refusal, StreamId, Summary, stream::NAME_BYTES_MAX};

/// Entries in one transition: an acceptance queues a follow-up for each clause of its contract, beside what it records.
pub const LINES_MAX: usize = 1_024;
/// Bytes in one line: what a trace can hold.
pub const LINE_BYTES_MAX: usize = 1 << 20;
/// Jobs that one transition sets or clears.
pub const JOBS_MAX: usize = 256;
/// Bytes in the body of a job or in an answer.
pub const BODY_BYTES_MAX: usize = 1 << 20;
/// Bytes in all blobs of one transition.
pub const BLOBS_BYTES_MAX: usize = 128 << 20;

/// What one decision leaves behind: kept whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The stream that grows.
    pub stream: StreamId,
    /// How many entries the stream had when the decision was made: compare-and-set.
    pub expected: u64,
    /// When it was decided.
    pub at: Instant,
    /// The canonical lines to append, in order, without newlines; at least one.
    pub lines: Vec<Vec<u8>>,
    /// The leaf hash of the last line.
    pub leaf: Digest,
    /// What a list shows from now on.
    pub summary: Summary,
    /// The request this answers, when it came with an idempotency key.
    pub request: Option<Request>,
    /// Documents that the lines name by digest.
    pub blobs: Vec<Blob>,
    /// Jobs to set: timers and messages.
    pub jobs: Vec<NewJob>,
    /// Open jobs of this stream that need not run any more; one that is gone already is no error.
    pub cleared: Vec<JobId>,
    /// The claimed job whose work this is: settled with the transition, refused when another node took it over.
    pub under: Option<Claim>,
}

/// A request with its idempotency key: sent again it gets the same answer, changed it is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The key, unique across the store.
    pub key: String,
    /// The digest of what was asked, by whom.
    pub digest: Digest,
    /// The answer to give now and to every repetition.
    pub answer: Vec<u8>,
}

/// A document under its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// SHA-256 of the bytes.
    pub digest: Digest,
    /// The document.
    pub bytes: Vec<u8>,
}

/// How an accepted transition was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appended {
    /// It is on disk now.
    Now {
        /// How many entries the stream has.
        entries: u64,
    },
    /// The same request was kept before; this is its answer.
    Before {
        /// The recorded answer.
        answer: Vec<u8>,
    },
}

impl Transition {
    /// Checks what every store relies on, so that no store keeps what another would refuse.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] with the first thing that is wrong.
    pub fn check(&self) -> Result<(), Refusal> {
        let problem = self
            .problem_of_lines()
            .or_else(|| self.problem_of_request())
            .or_else(|| self.problem_of_jobs())
            .or_else(|| self.problem_of_blobs());
        problem.map_or(Ok(()), |why| Err(Refusal::Malformed { why }))
    }

    /// Returns the refusal of a stream that has `found` entries rather than those the decision was made on.
    pub fn moved(&self, found: u64) -> Refusal {
        Refusal::Moved {
            stream: self.stream.clone(),
            expected: self.expected,
            found,
        }
    }

    fn problem_of_lines(&self) -> Option<String> {
        let is_wrong = |line: &Vec<u8>| {
            line.is_empty() || line.len() > LINE_BYTES_MAX || line.contains(&b'\n')
        };
        match self.lines.last() {
            None => Some("it appends no entry".into()),
            Some(_) if self.lines.len() > LINES_MAX => {
                Some(format!("it appends more than {LINES_MAX} entries"))
            }
            Some(_) if self.lines.iter().any(is_wrong) => Some(format!(
                "an entry is empty, longer than {LINE_BYTES_MAX} bytes or more than one line"
            )),
            Some(last) if leaf_hash(last) != self.leaf => {
                Some("its leaf hash is not that of its last entry".into())
            }
            Some(_) => None,
        }
    }

    fn problem_of_request(&self) -> Option<String> {
        let request = self.request.as_ref()?;
        if request.key.is_empty() || request.key.len() > NAME_BYTES_MAX {
            return Some(format!(
                "its idempotency key is empty or longer than {NAME_BYTES_MAX} bytes"
            ));
        }
        (request.answer.len() > BODY_BYTES_MAX)
            .then(|| format!("its answer is longer than {BODY_BYTES_MAX} bytes"))
    }

    fn problem_of_jobs(&self) -> Option<String> {
        if self.jobs.len() + self.cleared.len() > JOBS_MAX {
            return Some(format!("it sets and clears more than {JOBS_MAX} jobs"));
        }
        if self.jobs.iter().any(|job| job.body.len() > BODY_BYTES_MAX) {
            return Some(format!(
                "a job's body is longer than {BODY_BYTES_MAX} bytes"
            ));
        }
        let names: BTreeSet<&JobId> = self
            .jobs
            .iter()
            .map(|job| &job.id)
            .chain(&self.cleared)
            .collect();
        (names.len() < self.jobs.len() + self.cleared.len())
            .then(|| "it names a job twice".to_owned())
    }

    fn problem_of_blobs(&self) -> Option<String> {
        let bytes: usize = self.blobs.iter().map(|blob| blob.bytes.len()).sum();
        if bytes > BLOBS_BYTES_MAX {
            return Some(format!("its blobs are longer than {BLOBS_BYTES_MAX} bytes"));
        }
        self.blobs
            .iter()
            .any(|blob| Digest::of(&blob.bytes) != blob.digest)
            .then(|| "a blob has another digest than its name".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::JobKind;

    fn transition() -> Transition {
        Transition {
            stream: StreamId::new("handoff/a").unwrap(),
            expected: 0,
            at: "2026-01-01T00:00:00Z".parse().unwrap(),
            lines: vec![b"{}".to_vec()],
            leaf: leaf_hash(b"{}"),
            summary: Summary {
                state: "drafted".into(),
                turn: None,
                due: None,
            },
            request: None,
            blobs: Vec::new(),
            jobs: Vec::new(),
            cleared: Vec::new(),
            under: None,
        }
    }

    fn job(id: &str) -> NewJob {
        NewJob {
            id: JobId::new(id).unwrap(),
            kind: JobKind::Timer,
            due: "2026-01-01T00:00:00Z".parse().unwrap(),
            body: Vec::new(),
        }
    }

    #[test]
    fn a_sound_transition_passes() {
        assert_eq!(transition().check(), Ok(()));
    }

    #[test]
    fn each_flaw_is_named() {
        type Flaw = fn(&mut Transition);
        let flaws: [(&str, Flaw); 11] = [
            ("no entry", |t| t.lines.clear()),
            ("more than 1024 entries", |t| {
                t.lines = vec![b"{}".to_vec(); LINES_MAX + 1];
            }),
            ("more than one line", |t| t.lines = vec![b"{}\n{}".to_vec()]),
            ("leaf hash", |t| t.leaf = leaf_hash(b"[]")),
            ("idempotency key", |t| {
                t.request = Some(Request {
                    key: String::new(),
                    digest: Digest::of(b""),
                    answer: Vec::new(),
                });
            }),
            ("answer", |t| {
                t.request = Some(Request {
                    key: "k".into(),
                    digest: Digest::of(b""),
                    answer: vec![0; BODY_BYTES_MAX + 1],
                });
            }),
            ("more than 256 jobs", |t| {
                t.jobs = (0..=JOBS_MAX).map(|n| job(&n.to_string())).collect();
            }),
            ("body", |t| {
                t.jobs = vec![job("a")];
                t.jobs[0].body = vec![0; BODY_BYTES_MAX + 1];
            }),
            ("names a job twice", |t| t.jobs = vec![job("a"), job("a")]),
            ("names a job twice", |t| {
                t.jobs = vec![job("a")];
                t.cleared = vec![JobId::new("a").unwrap()];
            }),
            ("another digest", |t| {
                t.blobs = vec![Blob {
                    digest: Digest::of(b"a"),
                    bytes: b"b".to_vec(),
                }];
            }),
        ];
        for (expected, flaw) in flaws {
            let mut flawed = transition();
            flaw(&mut flawed);
            let refusal = flawed.check().unwrap_err().to_string();
            assert!(refusal.contains(expected), "{expected}: {refusal}");
        }
    }
}
