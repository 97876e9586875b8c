//! What Baton attests about a check: the decision itself, and an in-toto verification result.

use baton_evidence::attestation::{DECISION, SVR, Statement, Subject};
use baton_evidence::canonical::CanonicalError;
use serde_json::{Map, Value, json};

use crate::wire::{FindingState, Posture, Scorecard};

/// Returns the statement of a decision; its subject is the package.
///
/// # Errors
/// When the scorecard has no canonical form.
pub fn decision(scorecard: &Scorecard<'_>) -> Result<Statement, CanonicalError> {
    let scorecard_digest = scorecard.digest()?;
    let predicate = json!({
        "contract": {
            "name": scorecard.contract.name,
            "version": scorecard.contract.version,
            "digest": scorecard.contract.digest,
        },
        "scorecard": {"digest": scorecard_digest},
        "semantics": scorecard.semantics,
        "posture": scorecard.posture,
        "score": scorecard.score,
        "risk": scorecard.risk,
        "asOf": scorecard.as_of,
    });
    Ok(about(scorecard, DECISION, predicate))
}

/// Returns the in-toto Simple Verification Result (v0.1) of a check by `verifier`, a URI.
pub fn verification_result(scorecard: &Scorecard<'_>, verifier: &str) -> Statement {
    let posture = match scorecard.posture {
        Posture::Ready => "BATON_POSTURE_READY",
        Posture::Review => "BATON_POSTURE_REVIEW",
        Posture::Critical => "BATON_POSTURE_CRITICAL",
    };
    // A waived, pending or unknown clause was not verified, so it is no property.
    let passed = scorecard
        .findings
        .iter()
        .filter(|f| f.state == FindingState::Passed);
    let property =
        |clause: &str| format!("BATON_CLAUSE_{}", clause.to_uppercase().replace('-', "_"));
    let mut properties = vec![posture.to_owned()];
    properties.extend(passed.map(|finding| property(&finding.clause)));
    properties.sort();
    let predicate = json!({
        "verifier": {"id": verifier},
        "timeCreated": scorecard.as_of,
        "properties": properties,
    });
    about(scorecard, SVR, predicate)
}

fn about(scorecard: &Scorecard<'_>, predicate_type: &str, predicate: Value) -> Statement {
    let predicate = match predicate {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    Statement {
        subjects: vec![Subject::new(
            scorecard.package.work_item.clone(),
            scorecard.package.digest,
        )],
        predicate_type: predicate_type.to_owned(),
        predicate,
    }
}
