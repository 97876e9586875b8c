//! A verification as JSON, format `verification/v1`.

use serde_json::{Value, json};

use super::model::{Verification, word};
use super::replay;
use baton_evidence::trace::Level;

/// JSON Schema of the format.
pub const SCHEMA: &str = include_str!("verification-v1.schema.json");

/// Returns a verification as one `verification/v1` document.
pub fn json(verification: &Verification) -> Value {
    let coverage = &verification.coverage;
    let level = match verification.level {
        Level::Chain => "chain",
        Level::Audit => "audit",
    };
    let attestations = verification
        .attestations
        .map(|[found, verified]| json!({ "found": found, "verified": verified }));
    json!({
        "baton": "verification/v1",
        "kind": verification.kind,
        "name": verification.name,
        "as_of": verification.as_of.to_string(),
        "level": level,
        "verdict": word(verification.verdict),
        "is_pass": verification.is_pass(),
        "origin": coverage.origin,
        "entries": coverage.lines,
        "sealed": coverage.sealed,
        "blobs": coverage.blobs,
        "earlier_checkpoints": coverage.earlier_checkpoints,
        "signers": coverage.signers,
        "attestations": attestations,
        "covered": verification.covered,
        "not_covered": verification.not_covered,
        "findings": verification.findings,
        "keys": verification.keys,
        "replay": verification.replay.as_ref().map(replay::value),
    })
}
