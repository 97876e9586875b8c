//! Inspecting a store: its register against signed checkpoints, and every stream against its own chain and the register.

use std::collections::BTreeMap;

use baton_evidence::{
    merkle::{Frontier, leaf_hash},
    trace::{self, Entry, Level, Material, Report, Trust, Verdict},
};
use baton_terms::Digest;
use serde_json::Value;

use super::seal::{ENTRIES, KIND, ROOT};
use crate::port::{Head, Page, Store, StoreError, StreamId, each_head};

/// Rows read at once.
const ROWS_MAX: u32 = 10_000;
/// Flaws listed; the number left out is stated.
const FLAWS_MAX: usize = 1_000;

/// What does not hold in one stream.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flaw {
    /// The stream.
    pub stream: StreamId,
    /// The place of the first entry it concerns, when it concerns one.
    pub sequence: Option<u64>,
    /// What does not hold.
    pub what: String,
}

/// What an inspection looked at and found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The register, verified as a trace with its checkpoint and those known from elsewhere.
    pub register: Report,
    /// Streams looked at.
    pub streams: u64,
    /// Entries looked at.
    pub entries: u64,
    /// Entries that the register covers.
    pub sealed: u64,
    /// What does not hold, in the order of streams.
    pub flaws: Vec<Flaw>,
    /// Flaws beyond those listed.
    pub flaws_left_out: u64,
}

impl Inspection {
    /// Returns whether the register is vouched for and everything it covers is as it was sealed.
    pub fn is_sound(&self) -> bool {
        self.flaws.is_empty() && self.register.verdict() == Verdict::Verified
    }
}

/// Inspects the whole store. `known` are checkpoints that were kept elsewhere: a store that does not extend one of them was
/// restored from an older copy or rewritten.
///
/// # Errors
/// When the store cannot be read.
pub fn inspect(
    store: &dyn Store,
    trust: Trust<'_>,
    known: &[&[u8]],
) -> Result<Inspection, StoreError> {
    let head = store.register_head()?;
    let lines = register_lines(store)?;
    let material = Material {
        entries: &lines,
        checkpoint: head.checkpoint.as_deref(),
        earlier: known,
        blobs: None,
    };
    let mut inspection = Inspection {
        register: trace::verify(&material, trust, Level::Audit),
        streams: 0,
        entries: 0,
        sealed: 0,
        flaws: Vec::new(),
        flaws_left_out: 0,
    };
    let mut seals = seals(&lines);
    each_head(store, Page::under(""), |head| {
        let sealed = seals.remove(head.stream.as_str());
        inspection.look_at(store, head, sealed.unwrap_or_default())
    })?;
    for (name, sealed) in seals {
        let stream = StreamId::new(name).map_err(|error| StoreError::Damaged {
            why: error.to_string(),
        })?;
        let entries = sealed.keys().next_back().copied().unwrap_or(0);
        inspection.add(
            &stream,
            None,
            format!("it is gone: the register sealed {entries} entries of it"),
        );
    }
    Ok(inspection)
}

/// The roots that the register holds of one stream, by the number of entries they cover.
type Seals = BTreeMap<u64, Digest>;

impl Inspection {
    fn add(&mut self, stream: &StreamId, sequence: Option<u64>, what: String) {
        if self.flaws.len() == FLAWS_MAX {
            self.flaws_left_out += 1;
            return;
        }
        self.flaws.push(Flaw {
            stream: stream.clone(),
            sequence,
            what,
        });
    }

    /// Walks one stream, comparing each sealed root on the way.
    fn look_at(
        &mut self,
        store: &dyn Store,
        head: &Head,
        mut seals: Seals,
    ) -> Result<(), StoreError> {
        let stream = &head.stream;
        let sealed = seals.keys().next_back().copied().unwrap_or(0);
        let mut chain = Chain::new();
        loop {
            let lines = store.lines(stream, chain.frontier.size(), ROWS_MAX)?;
            if lines.is_empty() {
                break;
            }
            for line in &lines {
                let sequence = chain.frontier.size();
                if let Err(what) = chain.follow(line.sequence, &line.bytes) {
                    self.add(stream, Some(sequence), what);
                    return Ok(());
                }
                let size = chain.frontier.size();
                if seals
                    .remove(&size)
                    .is_some_and(|root| root != chain.frontier.root())
                {
                    self.add(
                        stream,
                        None,
                        format!("its first {size} entries are not those that were sealed"),
                    );
                    return Ok(());
                }
            }
        }
        self.finish(head, &chain, &seals);
        self.sealed += sealed.min(chain.frontier.size());
        Ok(())
    }

    fn finish(&mut self, head: &Head, chain: &Chain, missing: &Seals) {
        let found = chain.frontier.size();
        if let Some(sealed) = missing.keys().next_back() {
            let what = format!("entries are missing: {sealed} were sealed, there are {found}");
            self.add(&head.stream, Some(found), what);
        } else if head.entries != found || head.leaf != chain.last_leaf {
            let what = format!("its head says {} entries, there are {found}", head.entries);
            self.add(&head.stream, None, what);
        }
        self.streams += 1;
        self.entries += found;
    }
}

/// A stream as far as it was walked.
struct Chain {
    frontier: Frontier,
    last_leaf: Digest,
}

impl Chain {
    fn new() -> Self {
        Self {
            frontier: Frontier::new(),
            last_leaf: trace::genesis(),
        }
    }

    /// Follows one entry, or says what is wrong with it.
    fn follow(&mut self, place: u64, line: &[u8]) -> Result<(), String> {
        let sequence = self.frontier.size();
        if place != sequence {
            return Err(format!(
                "entry {sequence} is missing, the next one is {place}"
            ));
        }
        let entry =
            Entry::parse(line).map_err(|_| format!("entry {sequence} is not one Baton wrote"))?;
        if entry.sequence() != sequence {
            return Err(format!("entry {sequence} says it is {}", entry.sequence()));
        }
        if entry.previous() != self.last_leaf {
            return Err(format!(
                "entry {sequence} does not follow the one before it: one of the two was changed"
            ));
        }
        self.last_leaf = leaf_hash(line);
        self.frontier.push(self.last_leaf);
        Ok(())
    }
}

/// Returns the register's lines as one text.
fn register_lines(store: &dyn Store) -> Result<Vec<u8>, StoreError> {
    let mut text = Vec::new();
    let mut from = 0;
    loop {
        let lines = store.register_lines(from, ROWS_MAX)?;
        if lines.is_empty() {
            return Ok(text);
        }
        from += u64::try_from(lines.len()).unwrap_or(u64::MAX);
        for line in lines {
            text.extend_from_slice(&line);
            text.push(b'\n');
        }
    }
}

/// Returns what the register says of each stream; lines that say nothing are findings of its verification.
fn seals(lines: &[u8]) -> BTreeMap<String, Seals> {
    let mut seals: BTreeMap<String, Seals> = BTreeMap::new();
    for line in trace::lines(lines) {
        let Ok(entry) = Entry::parse(line) else {
            continue;
        };
        let draft = entry.draft();
        let entries = draft.detail.get(ENTRIES).and_then(Value::as_u64);
        let root = draft.detail.get(ROOT).and_then(Value::as_str);
        let root = root.and_then(|root| root.parse::<Digest>().ok());
        if let (KIND, Some(entries), Some(root)) = (draft.kind.as_str(), entries, root) {
            let seals: &mut Seals = seals.entry(draft.subject.clone()).or_default();
            seals.insert(entries, root);
        }
    }
    seals
}
