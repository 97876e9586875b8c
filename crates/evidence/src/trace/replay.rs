//! Evaluates every recorded decision again and compares the bytes.

use std::collections::BTreeMap;

use baton_terms::{Digest, Id};

use super::{Blobs, Entry, lines};

/// The kind of entry that is replayed.
const DECISION: &str = "decision";
/// The name a decision gives to what it produced.
const SCORECARD: &str = "scorecard";

/// A recorded decision with the bytes it names.
#[derive(Debug, Clone)]
pub struct Decision<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// Everything it names that is at hand, but for the scorecard.
    pub inputs: BTreeMap<&'a Id, &'a [u8]>,
}

/// What evaluating a decision again gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reproduction {
    /// The scorecard's bytes.
    Scorecard(Vec<u8>),
    /// This version of Baton does not know the semantics the decision was made under.
    UnknownSemantics {
        /// The version recorded.
        found: String,
    },
    /// It could not be evaluated.
    Failed {
        /// Why.
        why: String,
    },
}

/// How a recorded decision compares with its evaluation now; only `Identical` is a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replayed {
    /// The same bytes.
    Identical {
        /// Digest of the scorecard.
        scorecard: Digest,
    },
    /// Other bytes.
    Different {
        /// Digest in the record.
        recorded: Digest,
        /// Digest of the bytes produced now.
        produced: Digest,
    },
    /// It could not be evaluated, and these inputs are not at hand.
    InputsMissing {
        /// Their names.
        names: Vec<Id>,
    },
    /// The blob of an input is not what the entry names.
    InputsChanged {
        /// Their names.
        names: Vec<Id>,
    },
    /// Quarantined: the semantics version is unknown here.
    UnknownSemantics {
        /// The version recorded.
        found: String,
    },
    /// It could not be evaluated, or the line cannot be read.
    Failed {
        /// Why.
        why: String,
    },
}

/// Evaluates each decision in `entries` with `evaluate`, which must be pure.
///
/// Returns one result per decision with its sequence. Lines that cannot be read count as failed,
/// for a decision may be hidden in them.
pub fn replay(
    entries: &[u8],
    blobs: &Blobs<'_>,
    evaluate: impl Fn(&Decision<'_>) -> Reproduction,
) -> Vec<(u64, Replayed)> {
    lines::split(entries)
        .zip(0_u64..)
        .filter_map(|(line, sequence)| match Entry::parse(line) {
            Ok(entry) if entry.draft().kind.as_str() == DECISION => {
                Some((sequence, replay_one(&entry, blobs, &evaluate)))
            }
            Ok(_) => None,
            Err(_) => {
                let why = "the line is not a well-formed entry".to_owned();
                Some((sequence, Replayed::Failed { why }))
            }
        })
        .collect()
}

fn replay_one(
    entry: &Entry,
    blobs: &Blobs<'_>,
    evaluate: impl Fn(&Decision<'_>) -> Reproduction,
) -> Replayed {
    let Some(recorded) = entry.draft().digests.get(SCORECARD).copied() else {
        let why = "the decision names no scorecard".to_owned();
        return Replayed::Failed { why };
    };
    let (mut inputs, mut missing, mut changed) = (BTreeMap::new(), Vec::new(), Vec::new());
    for (name, digest) in &entry.draft().digests {
        match blobs.get(digest) {
            _ if name.as_str() == SCORECARD => {}
            Some(bytes) if Digest::of(bytes) == *digest => {
                inputs.insert(name, *bytes);
            }
            Some(_) => changed.push(name.clone()),
            None => missing.push(name.clone()),
        }
    }
    if !changed.is_empty() {
        return Replayed::InputsChanged { names: changed };
    }
    match evaluate(&Decision { entry, inputs }) {
        Reproduction::Scorecard(bytes) => {
            let produced = Digest::of(&bytes);
            if produced == recorded {
                Replayed::Identical {
                    scorecard: recorded,
                }
            } else if missing.is_empty() {
                Replayed::Different { recorded, produced }
            } else {
                Replayed::InputsMissing { names: missing }
            }
        }
        Reproduction::UnknownSemantics { found } => Replayed::UnknownSemantics { found },
        Reproduction::Failed { .. } if !missing.is_empty() => {
            Replayed::InputsMissing { names: missing }
        }
        Reproduction::Failed { why } => Replayed::Failed { why },
    }
}
