//! The determinism gate: the last recorded check of a handoff is made again, and a handoff whose record does not come out again is
//! shut away.

use std::collections::BTreeMap;

use baton_evidence::trace::{Decision, Entry, Reproduction};
use baton_mission::handoff::{Ask, Divergence};
use baton_scoring::decision;
use baton_terms::{Digest, Id};

use super::ask::ask;
use crate::handoff::call::{Call, Outcome};
use crate::handoff::desk::Desk;
use crate::handoff::failure::Failure;

/// What came of making the last check again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audit {
    /// The same bytes.
    Identical {
        /// Their digest.
        scorecard: Digest,
    },
    /// Nothing was checked yet.
    NothingRecorded,
    /// Other bytes, or none: the handoff is in quarantine.
    Quarantined(Outcome),
}

/// Makes the last check of a handoff again.
///
/// # Errors
/// When the store fails or does not hold what was recorded, or the lifecycle refuses to quarantine.
pub fn audit(desk: &Desk<'_>, call: &Call<'_>) -> Result<Audit, Failure> {
    let case = desk.load(&call.handoff)?;
    let Some(entry) = case.decision() else {
        return Ok(Audit::NothingRecorded);
    };
    match diverging(desk, entry)? {
        Ok(scorecard) => Ok(Audit::Identical { scorecard }),
        Err(divergence) => {
            let outcome = ask(desk, call, &Ask::Quarantine { divergence })?;
            Ok(Audit::Quarantined(outcome))
        }
    }
}

/// Returns the digest that came out again, or the two that differ.
fn diverging(desk: &Desk<'_>, entry: &Entry) -> Result<Result<Digest, Divergence>, Failure> {
    let mut documents: BTreeMap<&Id, Vec<u8>> = BTreeMap::new();
    let mut recorded = Digest::of(b"");
    let mut pinned = None;
    for (name, digest) in &entry.draft().digests {
        match name.as_str() {
            "scorecard" => recorded = *digest,
            // The same bytes compile to the same contract, so that one compiled before does as well.
            "contract" => pinned = Some(desk.shelf.kept(desk.store, *digest)?),
            _ => {
                documents.insert(name, document(desk, digest)?);
            }
        }
    }
    let inputs = documents
        .iter()
        .map(|(name, bytes)| (*name, bytes.as_slice()));
    let decision = Decision {
        entry,
        inputs: inputs.collect(),
    };
    let replayed = match &pinned {
        Some(pinned) => decision::replay_under(&pinned.contract, &decision),
        None => decision::replay(&decision),
    };
    let replayed = match replayed {
        Reproduction::Produced(bytes) => Digest::of(&bytes),
        // What cannot be made again has no bytes of its own; the reason stands for them.
        other => Digest::of(format!("{other:?}").as_bytes()),
    };
    Ok(if replayed == recorded {
        Ok(recorded)
    } else {
        Err(Divergence { recorded, replayed })
    })
}

/// Returns a document that a check rests on.
fn document(desk: &Desk<'_>, digest: &Digest) -> Result<Vec<u8>, Failure> {
    desk.store.blob(digest)?.ok_or(Failure::DocumentMissing {
        what: "input of a check",
        digest: *digest,
    })
}
