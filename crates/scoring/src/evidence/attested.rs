//! Attestations as evidence: what a contract demands of a signed artifact, and what it then says.

use std::num::NonZero;

use baton_contract::model::{EvidenceRequirement, Signer};
use baton_evidence::attestation::{
    self, Expectation, Predicate, SLSA_PROVENANCE, SVR, SignerPattern, TEST_RESULT, TestOutcome,
    Verified,
};
use baton_evidence::keys::Keyring;
use baton_terms::{Diagnostic, Digest, Instant};

use super::State;
use super::artifact::{Available, Needed};
use crate::package::{Evidence, Package};

/// What a verified attestation says.
pub(super) struct Attested {
    pub(super) signer: Option<String>,
    pub(super) predicate_type: String,
    pub(super) result: Option<String>,
    pub(super) properties: Vec<String>,
    pub(super) made_at: Option<Instant>,
}

/// Whether an artifact must be an attestation.
pub(crate) fn is_demanded(asked: &EvidenceRequirement) -> bool {
    asked.signer.is_some() || !asked.predicate_types.is_empty()
}

/// Verifies an attestation about the payload or about another artifact the contract asks for.
///
/// An artifact that was not looked at, or that the contract does not know, is no subject: a sender
/// could declare any digest, and bring along a signed statement about other work.
pub(super) fn verify(
    bytes: &[u8],
    (needed, asked): (&Needed<'_>, &EvidenceRequirement),
    (declared, package): (&Evidence, &Package),
    available: &Available<'_>,
) -> Result<Attested, (State, String)> {
    let others = needed.subjects.iter();
    let others = others.filter(|other| other.id != declared.id);
    let subjects =
        std::iter::once(package.payload_digest()).chain(others.map(|other| other.digest));
    let subjects: Vec<Digest> = subjects.collect();
    let at = (available.keyring, available.as_of);
    match attestation::verify_about_any(bytes, at, &expectation(asked), &subjects) {
        Ok(verified) => accept(&verified, asked, available.keyring),
        Err(problems) if is_about_other(&problems) => Err((State::Mismatched, told(&problems))),
        Err(problems) => Err((State::Unverifiable, told(&problems))),
    }
}

fn expectation(asked: &EvidenceRequirement) -> Expectation {
    let predicate_types = if asked.predicate_types.is_empty() {
        [TEST_RESULT, SLSA_PROVENANCE, SVR]
            .map(str::to_owned)
            .to_vec()
    } else {
        asked.predicate_types.clone()
    };
    Expectation {
        subjects: Vec::new(),
        predicate_types,
        threshold: NonZero::<usize>::MIN,
        signer: asked.signer.as_ref().map(pattern),
    }
}

/// Returns who may sign. A key that is no key id, and a signer without a name, are nobody.
fn pattern(signer: &Signer) -> SignerPattern {
    match (&signer.key, &signer.identity) {
        (Some(key), _) => key.parse().map_or_else(|_| nobody(), SignerPattern::Key),
        (None, Some(identity)) => SignerPattern::Identity(identity.clone()),
        (None, None) => nobody(),
    }
}

/// Returns the pattern nobody fits: a keyring has no empty identity.
fn nobody() -> SignerPattern {
    SignerPattern::Identity(String::new())
}

fn is_about_other(problems: &[Diagnostic]) -> bool {
    use attestation::codes::{DIGEST_ALGORITHM, WRONG_SUBJECT};
    !problems.is_empty()
        && problems
            .iter()
            .all(|p| p.code == WRONG_SUBJECT || p.code == DIGEST_ALGORITHM)
}

fn told(problems: &[Diagnostic]) -> String {
    let tell = |p: &Diagnostic| {
        format!(
            "{} ({}; expected {}, found {})",
            p.message, p.code, p.expected, p.found
        )
    };
    let told: Vec<String> = problems.iter().take(3).map(tell).collect();
    told.join("; ")
}

fn accept(
    verified: &Verified,
    asked: &EvidenceRequirement,
    keyring: &Keyring,
) -> Result<Attested, (State, String)> {
    // A requirement may name both a key and an identity; the key was demanded above.
    let identity = asked
        .signer
        .as_ref()
        .and_then(|signer| signer.identity.as_deref());
    let fits = |signer: &&attestation::Signer| {
        let Some(identity) = identity else {
            return true;
        };
        let pattern = SignerPattern::Identity(identity.to_owned());
        keyring
            .get(signer.key_id)
            .is_some_and(|entry| pattern.matches(entry))
    };
    let Some(signer) = verified.signers.iter().find(fits) else {
        let expected = identity.unwrap_or_default();
        return Err((
            State::Unverifiable,
            format!("no signer has an identity like `{expected}`"),
        ));
    };
    let mut attested = Attested {
        signer: Some(signer.identity.clone()),
        predicate_type: verified.statement.predicate_type.clone(),
        result: None,
        properties: Vec::new(),
        made_at: verified.predicate.made_at(),
    };
    match &verified.predicate {
        Predicate::TestResult(result) => {
            let word = match result.outcome {
                TestOutcome::Passed => "passed",
                TestOutcome::Warned => "warned",
                TestOutcome::Failed => "failed",
            };
            attested.result = Some(word.to_owned());
        }
        Predicate::Verification(verification) => {
            attested.properties.clone_from(&verification.properties);
        }
        Predicate::Provenance(_) | Predicate::Decision(_) | Predicate::Other(_) => {}
    }
    Ok(attested)
}
