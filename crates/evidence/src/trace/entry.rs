//! One entry of a trace and its line: `trace-entry/v1`.

use std::collections::BTreeMap;

use baton_terms::{Diagnostic, Digest, Id, Instant};
use serde::Serialize;
use serde_json::{Map, Value};

use super::finding::codes;
use crate::{
    canonical,
    json::{self, Limits},
    merkle,
    shape::{Object, Shape},
};

/// The version word of an entry.
const VERSION: &str = "trace-entry/v1";
/// Bytes in a subject or actor.
const SUBJECT_BYTES_MAX: usize = 200;
/// Bytes in one entry's line.
const LINE_BYTES_MAX: usize = 1 << 20;
/// The largest integer that every JSON reader keeps (RFC 7493 §2.2).
const SEQUENCE_MAX: u64 = (1 << 53) - 1;
const FIELDS: [&str; 9] = [
    "actor", "baton", "detail", "digests", "kind", "previous", "sequence", "subject", "time",
];

/// Returns what the first entry has as `previous`: the root of the tree without entries.
pub fn genesis() -> Digest {
    merkle::empty_root()
}

/// What happened, before it has its place in a trace.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// When it happened.
    pub time: Instant,
    /// What kind of thing it is, such as `decision`.
    pub kind: Id,
    /// The work item or handoff it is about.
    pub subject: String,
    /// Who did it.
    pub actor: Option<String>,
    /// Everything read and produced, by name.
    pub digests: BTreeMap<Id, Digest>,
    /// What else there is to say, by kind.
    pub detail: Map<String, Value>,
}

/// A draft with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    sequence: u64,
    previous: Digest,
    draft: Draft,
}

/// Why a draft cannot become an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// The text cannot stand in a line that is read from its end.
    #[error(
        "use `{found}` as a subject or actor: expected 1 to 200 bytes without quotes, backslashes and control characters"
    )]
    Text {
        /// The text offered.
        found: String,
    },
    /// The detail holds a number without a canonical form.
    #[error("write the entry: its detail has no canonical form")]
    NotCanonical,
    /// The line would be longer than a line may be.
    #[error("write the entry: longer than {LINE_BYTES_MAX} bytes")]
    TooLong,
    /// No sequence number is left.
    #[error("write the entry: the trace is full")]
    Full,
}

impl Entry {
    /// Returns the draft at its place in a trace.
    ///
    /// # Errors
    /// When the draft has no line that every reader understands alike.
    pub fn new(draft: Draft, sequence: u64, previous: Digest) -> Result<Self, EntryError> {
        Self::with_line(draft, sequence, previous).map(|(entry, _)| entry)
    }

    /// Returns the draft at its place in a trace, and its canonical line without a newline.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_line(
        draft: Draft,
        sequence: u64,
        previous: Digest,
    ) -> Result<(Self, Vec<u8>), EntryError> {
        for text in std::iter::once(&draft.subject).chain(&draft.actor) {
            if !is_plain(text) {
                return Err(EntryError::Text {
                    found: text.chars().take(100).collect(),
                });
            }
        }
        if sequence > SEQUENCE_MAX {
            return Err(EntryError::Full);
        }
        let entry = Self {
            sequence,
            previous,
            draft,
        };
        let line = canonical::of(&entry.fields()).map_err(|_| EntryError::NotCanonical)?;
        if line.len() > LINE_BYTES_MAX {
            return Err(EntryError::TooLong);
        }
        Ok((entry, line))
    }

    /// Returns the entry in a line without its newline.
    ///
    /// # Errors
    /// With every problem, when the line is not exactly the canonical form of an entry.
    pub fn parse(line: &[u8]) -> Result<Self, Vec<Diagnostic>> {
        let value = json::read(line, Limits::of(LINE_BYTES_MAX, LINE_BYTES_MAX))?;
        let mut shape = Shape::new(codes::ENTRY_SHAPE);
        let entry = shape
            .object(&value, "")
            .and_then(|object| read_entry(&mut shape, &object));
        match entry {
            Some(entry) if shape.problems.is_empty() => {
                if entry.to_line() == line {
                    Ok(entry)
                } else {
                    shape.wrong(String::new(), "the canonical form (RFC 8785)", Some(&value));
                    Err(shape.problems)
                }
            }
            _ => Err(shape.problems),
        }
    }

    /// Returns the canonical line without a newline.
    ///
    /// # Panics
    /// Never: an entry is made or read only where it has a canonical form.
    #[expect(
        clippy::expect_used,
        reason = "INVARIANT: `with_line` refuses and the reader never lets in what has no canonical form"
    )]
    pub fn to_line(&self) -> Vec<u8> {
        canonical::of(&self.fields()).expect("a canonical form")
    }

    /// Returns the place in the trace, from 0.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Returns the leaf hash of the entry before, or [`genesis`] for the first.
    pub fn previous(&self) -> Digest {
        self.previous
    }

    /// Returns what happened.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    fn fields(&self) -> Fields<'_> {
        let draft = &self.draft;
        Fields {
            actor: draft.actor.as_deref(),
            baton: VERSION,
            detail: &draft.detail,
            digests: &draft.digests,
            kind: &draft.kind,
            previous: self.previous,
            sequence: self.sequence,
            subject: &draft.subject,
            time: draft.time,
        }
    }
}

/// An entry as its line has it, in the order of the line.
#[derive(Serialize)]
struct Fields<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<&'a str>,
    baton: &'static str,
    detail: &'a Map<String, Value>,
    digests: &'a BTreeMap<Id, Digest>,
    kind: &'a Id,
    previous: Digest,
    sequence: u64,
    subject: &'a str,
    time: Instant,
}

/// Whether a text may be a subject or actor: a line is scanned from its end, so it has no escapes.
fn is_plain(text: &str) -> bool {
    let is_foreign = |c: char| c.is_control() || c == '"' || c == '\\';
    !text.is_empty() && text.len() <= SUBJECT_BYTES_MAX && !text.contains(is_foreign)
}

fn read_entry(shape: &mut Shape, object: &Object<'_>) -> Option<Entry> {
    shape.refuse_unknown(object, &FIELDS);
    let version = shape.text(object, "baton")?;
    if version != VERSION {
        shape.wrong(object.at("baton"), VERSION, object.get("baton"));
    }
    let draft = Draft {
        time: shape.parsed(object, "time", "an RFC 3339 time in UTC")?,
        kind: shape.parsed(object, "kind", "an id such as `decision`")?,
        subject: plain(shape, object, "subject")?,
        actor: match object.get("actor") {
            Some(_) => Some(plain(shape, object, "actor")?),
            None => None,
        },
        digests: read_digests(shape, object)?,
        detail: object
            .get("detail")
            .and_then(Value::as_object)
            .cloned()
            .or_else(|| {
                shape.wrong(object.at("detail"), "an object", object.get("detail"));
                None
            })?,
    };
    let sequence = object.get("sequence").and_then(Value::as_u64);
    if sequence.is_none() {
        shape.wrong(
            object.at("sequence"),
            "a whole number",
            object.get("sequence"),
        );
    }
    Some(Entry {
        sequence: sequence?,
        previous: shape.parsed(object, "previous", "a SHA-256 digest")?,
        draft,
    })
}

fn plain(shape: &mut Shape, object: &Object<'_>, key: &str) -> Option<String> {
    let text = shape.text(object, key)?;
    if is_plain(text) {
        return Some(text.to_owned());
    }
    let expected = "1 to 200 bytes without quotes, backslashes and control characters";
    shape.wrong(object.at(key), expected, object.get(key));
    None
}

fn read_digests(shape: &mut Shape, object: &Object<'_>) -> Option<BTreeMap<Id, Digest>> {
    let Some(named) = object.get("digests").and_then(Value::as_object) else {
        shape.wrong(object.at("digests"), "an object", object.get("digests"));
        return None;
    };
    let mut digests = BTreeMap::new();
    for (name, value) in named {
        let digest = value.as_str().and_then(|text| text.parse().ok());
        match (name.parse(), digest) {
            (Ok(name), Some(digest)) => {
                digests.insert(name, digest);
            }
            _ => shape.wrong(
                format!("{}/{name}", object.at("digests")),
                "an id and a SHA-256 digest",
                Some(value),
            ),
        }
    }
    Some(digests)
}
