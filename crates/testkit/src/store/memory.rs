//! The ports in plain maps: short enough to be read as what the ports mean, and so the oracle for real stores.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use baton_engine::port::{
    Appended, Claim, ClaimRequest, Fence, Head, Job, JobId, JobKind, Jobs, Ledger, Line, Mark,
    NewJob, Page, Refusal, Register, RegisterHead, Request, Sealing, Settlement, StoreError,
    StreamId, Summary, Transition, Unsealed, Wake,
};
use baton_terms::{Digest, Instant};

/// A store that lives as long as its value.
#[derive(Debug, Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

#[derive(Debug, Default)]
struct Tables {
    streams: BTreeMap<StreamId, Stream>,
    requests: BTreeMap<String, Request>,
    blobs: BTreeMap<Digest, Vec<u8>>,
    jobs: BTreeMap<(StreamId, JobId), Kept>,
    register: Vec<Vec<u8>>,
    checkpoint: Option<Vec<u8>>,
    fence: u64,
    rows: u64,
}

#[derive(Debug)]
struct Stream {
    lines: Vec<Vec<u8>>,
    leaf: Digest,
    summary: Summary,
    sealed: u64,
    frontier: Vec<Digest>,
}

#[derive(Debug)]
struct Kept {
    row: u64,
    job: NewJob,
    ready: Instant,
    attempt: u32,
    fence: u64,
    done: Option<Instant>,
}

impl MemoryStore {
    /// Returns an empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns every message with when it left, `None` while it waits: what a world looks at after a run.
    pub fn messages(&self) -> Vec<(StreamId, JobId, Vec<u8>, Option<Instant>)> {
        self.tables()
            .jobs
            .iter()
            .filter(|(_, kept)| kept.job.kind == JobKind::Message)
            .map(|((stream, id), kept)| {
                (stream.clone(), id.clone(), kept.job.body.clone(), kept.done)
            })
            .collect()
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tables {
    fn entries(&self, stream: &StreamId) -> u64 {
        self.streams
            .get(stream)
            .map_or(0, |stream| count(&stream.lines))
    }

    fn claimed(&mut self, claim: &Claim) -> Result<&mut Kept, StoreError> {
        self.jobs
            .get_mut(&(claim.stream.clone(), claim.job.clone()))
            .filter(|kept| kept.done.is_none() && kept.fence == claim.fence.0 && claim.fence.0 > 0)
            .ok_or_else(|| Refusal::fenced(claim).into())
    }

    fn finish(&mut self, claim: &Claim, at: Instant) -> Result<(), StoreError> {
        let kept = self.claimed(claim)?;
        kept.done = Some(at);
        if kept.job.kind == JobKind::Timer {
            self.jobs.remove(&(claim.stream.clone(), claim.job.clone()));
        }
        Ok(())
    }

    /// Refuses what cannot be kept, before anything is written.
    fn refuse(&mut self, transition: &Transition) -> Result<(), StoreError> {
        if let Some(claim) = &transition.under {
            self.claimed(claim)?;
        }
        let found = self.entries(&transition.stream);
        if found != transition.expected {
            return Err(transition.moved(found).into());
        }
        for job in &transition.jobs {
            self.refuse_job(transition, job)?;
        }
        Ok(())
    }

    /// A timer may be set again; any other name is used once.
    fn refuse_job(&self, transition: &Transition, job: &NewJob) -> Result<(), StoreError> {
        let is_free = |kept: &Kept| {
            kept.job.kind == JobKind::Timer
                && (job.kind == JobKind::Timer || finishes(transition, &job.id))
        };
        match self.jobs.get(&(transition.stream.clone(), job.id.clone())) {
            Some(kept) if !is_free(kept) => Err(Refusal::Malformed {
                why: format!("a message or timer is called `{}` already", job.id),
            }
            .into()),
            _ => Ok(()),
        }
    }

    fn keep(&mut self, transition: &Transition) -> Result<(), StoreError> {
        if let Some(claim) = &transition.under {
            self.finish(claim, transition.at)?;
        }
        let stream = self
            .streams
            .entry(transition.stream.clone())
            .or_insert_with(|| Stream {
                lines: Vec::new(),
                leaf: transition.leaf,
                summary: transition.summary.clone(),
                sealed: 0,
                frontier: Vec::new(),
            });
        stream.lines.extend(transition.lines.iter().cloned());
        stream.leaf = transition.leaf;
        stream.summary = transition.summary.clone();
        for blob in &transition.blobs {
            self.blobs.insert(blob.digest, blob.bytes.clone());
        }
        for id in &transition.cleared {
            let key = (transition.stream.clone(), id.clone());
            if self.jobs.get(&key).is_some_and(|kept| kept.done.is_none()) {
                self.jobs.remove(&key);
            }
        }
        for job in &transition.jobs {
            self.set(&transition.stream, job);
        }
        if let Some(request) = &transition.request {
            self.requests.insert(request.key.clone(), request.clone());
        }
        Ok(())
    }

    fn set(&mut self, stream: &StreamId, job: &NewJob) {
        self.rows += 1;
        let key = (stream.clone(), job.id.clone());
        let row = self.jobs.get(&key).map_or(self.rows, |kept| kept.row);
        let kept = Kept {
            row,
            ready: job.due,
            job: job.clone(),
            attempt: 0,
            fence: 0,
            done: None,
        };
        self.jobs.insert(key, kept);
    }
}

fn finishes(transition: &Transition, id: &JobId) -> bool {
    let is_it = |claim: &Claim| claim.stream == transition.stream && claim.job == *id;
    transition.under.as_ref().is_some_and(is_it)
}

fn count<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}

fn head(name: &StreamId, stream: &Stream) -> Head {
    Head {
        stream: name.clone(),
        entries: count(&stream.lines),
        leaf: stream.leaf,
        summary: stream.summary.clone(),
    }
}

fn at_most(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

impl Ledger for MemoryStore {
    fn append(&self, transition: Transition) -> Result<Appended, StoreError> {
        transition.check()?;
        let mut tables = self.tables();
        if let Some(request) = &transition.request
            && let Some(kept) = tables.requests.get(&request.key)
        {
            return if kept.digest == request.digest {
                let answer = kept.answer.clone();
                Ok(Appended::Before { answer })
            } else {
                let key = request.key.clone();
                Err(Refusal::KeyReused { key }.into())
            };
        }
        tables.refuse(&transition)?;
        tables.keep(&transition)?;
        Ok(Appended::Now {
            entries: tables.entries(&transition.stream),
        })
    }

    fn lines(&self, stream: &StreamId, from: u64, limit: u32) -> Result<Vec<Line>, StoreError> {
        let tables = self.tables();
        let lines = tables
            .streams
            .get(stream)
            .map(|stream| stream.lines.as_slice());
        Ok((0..)
            .zip(lines.unwrap_or_default())
            .skip_while(|(sequence, _)| *sequence < from)
            .take(at_most(limit))
            .map(|(sequence, bytes)| Line {
                sequence,
                bytes: bytes.clone(),
            })
            .collect())
    }

    fn head(&self, stream: &StreamId) -> Result<Option<Head>, StoreError> {
        let tables = self.tables();
        Ok(tables.streams.get(stream).map(|found| head(stream, found)))
    }

    fn heads(&self, page: &Page) -> Result<Vec<Head>, StoreError> {
        let is_asked = |head: &Head| {
            head.stream.as_str().starts_with(&page.prefix)
                && page.after.as_ref().is_none_or(|after| head.stream > *after)
                && page
                    .state
                    .as_ref()
                    .is_none_or(|state| *state == head.summary.state)
                && page
                    .turn
                    .as_ref()
                    .is_none_or(|turn| head.summary.turn.as_ref() == Some(turn))
        };
        let tables = self.tables();
        let heads = tables
            .streams
            .iter()
            .map(|(name, stream)| head(name, stream));
        Ok(heads.filter(is_asked).take(at_most(page.limit)).collect())
    }

    fn request(&self, key: &str) -> Result<Option<Request>, StoreError> {
        Ok(self.tables().requests.get(key).cloned())
    }

    fn blob(&self, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.tables().blobs.get(digest).cloned())
    }
}

impl Jobs for MemoryStore {
    fn claim(&self, request: &ClaimRequest) -> Result<Vec<Job>, StoreError> {
        let mut tables = self.tables();
        let is_ready = |kept: &Kept| {
            kept.done.is_none() && kept.job.kind == request.kind && kept.ready <= request.now
        };
        let mut ready: Vec<(Instant, u64, (StreamId, JobId))> = tables
            .jobs
            .iter()
            .filter(|(_, kept)| is_ready(kept))
            .map(|(key, kept)| (kept.ready, kept.row, key.clone()))
            .collect();
        ready.sort();
        ready.truncate(at_most(request.limit));
        let mut claimed = Vec::new();
        for (_, _, key) in ready {
            tables.fence += 1;
            let fence = tables.fence;
            if let Some(kept) = tables.jobs.get_mut(&key) {
                kept.fence = fence;
                kept.ready = request.until;
                claimed.push(Job {
                    claim: Claim {
                        stream: key.0,
                        job: key.1,
                        fence: Fence(fence),
                    },
                    kind: kept.job.kind,
                    due: kept.job.due,
                    attempt: kept.attempt,
                    body: kept.job.body.clone(),
                });
            }
        }
        Ok(claimed)
    }

    fn settle(&self, claim: &Claim, settlement: &Settlement) -> Result<(), StoreError> {
        let mut tables = self.tables();
        match settlement {
            Settlement::Done { at } => tables.finish(claim, *at),
            Settlement::Postponed { due } => {
                let kept = tables.claimed(claim)?;
                kept.ready = *due;
                kept.attempt += 1;
                kept.fence = 0;
                Ok(())
            }
        }
    }

    fn renew(&self, claim: &Claim, until: Instant) -> Result<(), StoreError> {
        let mut tables = self.tables();
        tables.claimed(claim)?.ready = until;
        Ok(())
    }

    fn next_due(&self) -> Result<Option<Instant>, StoreError> {
        let tables = self.tables();
        let open = tables.jobs.values().filter(|kept| kept.done.is_none());
        Ok(open.map(|kept| kept.ready).min())
    }
}

impl Wake for MemoryStore {
    fn mark(&self) -> Mark {
        Mark(self.tables().rows)
    }

    /// Never sleeps: who drives this store moves the time itself.
    fn wait(&self, mark: Mark, _patience: Duration) -> bool {
        self.mark() != mark
    }
}

impl Register for MemoryStore {
    fn unsealed(&self, limit: u32) -> Result<Vec<Unsealed>, StoreError> {
        let tables = self.tables();
        let grown = tables
            .streams
            .iter()
            .filter(|(_, stream)| stream.sealed < count(&stream.lines));
        Ok(grown
            .take(at_most(limit))
            .map(|(name, stream)| Unsealed {
                stream: name.clone(),
                sealed: stream.sealed,
                entries: count(&stream.lines),
                frontier: stream.frontier.clone(),
            })
            .collect())
    }

    fn register_head(&self) -> Result<RegisterHead, StoreError> {
        let tables = self.tables();
        Ok(RegisterHead {
            entries: count(&tables.register),
            checkpoint: tables.checkpoint.clone(),
        })
    }

    fn register_lines(&self, from: u64, limit: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        let tables = self.tables();
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        Ok(tables
            .register
            .iter()
            .skip(from)
            .take(at_most(limit))
            .cloned()
            .collect())
    }

    fn seal(&self, sealing: Sealing) -> Result<(), StoreError> {
        let mut tables = self.tables();
        let found = count(&tables.register);
        if found != sealing.expected {
            return Err(sealing.moved(found).into());
        }
        tables.register.extend(sealing.lines);
        for sealed in sealing.streams {
            if let Some(stream) = tables.streams.get_mut(&sealed.stream) {
                stream.sealed = sealed.entries;
                stream.frontier = sealed.frontier;
            }
        }
        tables.checkpoint = Some(sealing.checkpoint);
        Ok(())
    }
}
