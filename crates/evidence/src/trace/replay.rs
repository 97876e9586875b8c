//! Evaluates everything recorded that can be evaluated again, and compares the bytes: decisions
//! about packages, mining runs and comparisons.

use std::collections::BTreeMap;

use baton_terms::{Digest, Id};

use super::{Blobs, Entry, lines};

/// The kind of entry a mining run leaves.
pub const MINING_RUN: &str = "mining-run";
/// The kind of entry a comparison of mining reports, or of two stretches of a log, leaves.
pub const COMPARISON: &str = "comparison";
/// The kinds of entries that are evaluated again, each with the name it gives to what it produced.
const KINDS: [(&str, &str); 3] = [
    ("decision", "scorecard"),
    (MINING_RUN, "report"),
    (COMPARISON, "comparison"),
];

/// A recorded decision, or another entry that can be evaluated again, with the bytes it names.
#[derive(Debug, Clone)]
pub struct Decision<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// Everything it names that is at hand, but for what it produced.
    pub inputs: BTreeMap<&'a Id, &'a [u8]>,
}

/// What evaluating a decision again gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reproduction {
    /// The bytes of the scorecard, report or comparison.
    Produced(Vec<u8>),
    /// It was made from these inputs too, which the record names and does not hold.
    InputsMissing {
        /// Their names.
        names: Vec<Id>,
    },
    /// This version of Baton does not know the semantics it was made under.
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
        /// What was produced, such as `scorecard`.
        product: &'static str,
        /// Its digest.
        digest: Digest,
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

/// Evaluates each decision, mining run and comparison in `entries` with `evaluate`, which must depend
/// on nothing but the record and bytes that the record names by digest.
///
/// Returns one result for each with its sequence. Lines that cannot be read count as failed, for
/// a decision may be hidden in them.
pub fn replay(
    entries: &[u8],
    blobs: &Blobs<'_>,
    evaluate: impl Fn(&Decision<'_>) -> Reproduction,
) -> Vec<(u64, Replayed)> {
    lines::split(entries)
        .zip(0_u64..)
        .filter_map(|(line, sequence)| match Entry::parse(line) {
            Ok(entry) => {
                let kind = entry.draft().kind.as_str();
                let (_, product) = *KINDS.iter().find(|(known, _)| *known == kind)?;
                Some((sequence, replay_one(&entry, product, blobs, &evaluate)))
            }
            Err(_) => {
                let why = "the line is not a well-formed entry".to_owned();
                Some((sequence, Replayed::Failed { why }))
            }
        })
        .collect()
}

fn replay_one(
    entry: &Entry,
    product: &'static str,
    blobs: &Blobs<'_>,
    evaluate: impl Fn(&Decision<'_>) -> Reproduction,
) -> Replayed {
    let digests = &entry.draft().digests;
    let recorded = digests.iter().find(|(name, _)| name.as_str() == product);
    let Some((_, &recorded)) = recorded else {
        let why = format!("the entry names no {product}");
        return Replayed::Failed { why };
    };
    let (mut inputs, mut missing, mut changed) = (BTreeMap::new(), Vec::new(), Vec::new());
    for (name, digest) in digests {
        match blobs.get(digest) {
            _ if name.as_str() == product => {}
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
        Reproduction::Produced(bytes) => {
            let produced = Digest::of(&bytes);
            if produced == recorded {
                Replayed::Identical {
                    product,
                    digest: recorded,
                }
            } else if missing.is_empty() {
                Replayed::Different { recorded, produced }
            } else {
                Replayed::InputsMissing { names: missing }
            }
        }
        Reproduction::InputsMissing { names } => Replayed::InputsMissing { names },
        Reproduction::UnknownSemantics { found } => Replayed::UnknownSemantics { found },
        Reproduction::Failed { .. } if !missing.is_empty() => {
            Replayed::InputsMissing { names: missing }
        }
        Reproduction::Failed { why } => Replayed::Failed { why },
    }
}
