//! Whose signatures an envelope carries, and whether they are enough.

use baton_terms::lookalike::Appearance;
use baton_terms::{Code, Diagnostic, Id, Instant};

use super::{
    Expectation, codes,
    envelope::{Envelope, EnvelopeSignature},
};
use crate::{
    keys::{Entry, KeyId, KeyState, Keyring, Kind},
    shape::clip,
};

/// Somebody whose valid signature counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The key used.
    pub key_id: KeyId,
    /// Who holds it.
    pub identity: String,
    /// What kind of party that is.
    pub kind: Kind,
    /// The roles the holder signs in.
    pub roles: Vec<Id>,
}

/// The signers that count, and what is wrong with the other signatures.
pub(super) struct Tally {
    pub(super) signers: Vec<Signer>,
    pub(super) problems: Vec<Diagnostic>,
    /// Signatures that are good but came from a signer already counted.
    repeated: usize,
}

/// Checks each signature of an envelope.
///
/// Signers are distinct by key and by holder: one key signing twice counts once, and so do two
/// keys of one identity, or of identities that look alike.
pub(super) fn tally(
    envelope: &Envelope,
    keyring: &Keyring,
    as_of: Instant,
    expectation: &Expectation,
) -> Tally {
    let message = envelope.signed_bytes();
    let mut signers: Vec<(Appearance, Signer)> = Vec::new();
    let mut problems = Vec::new();
    let mut repeated = 0;
    for (at, signature) in envelope.signatures.iter().enumerate() {
        let pointer = format!("/signatures/{at}");
        let entry = match attribute(&message, signature, keyring) {
            Ok(entry) => entry,
            Err(problem) => {
                problems.push(problem.pointing_to(pointer));
                continue;
            }
        };
        let holder = Appearance::of(&entry.identity);
        if let Some(problem) = objection(entry, as_of, expectation) {
            problems.push(problem.pointing_to(pointer));
        } else if signers.iter().any(|(other, _)| holder.looks_like(other)) {
            repeated += 1;
        } else {
            signers.push((holder, signer(entry)));
        }
    }
    let mut signers: Vec<Signer> = signers.into_iter().map(|(_, signer)| signer).collect();
    signers.sort_by(|a, b| a.identity.cmp(&b.identity));
    Tally {
        signers,
        problems,
        repeated,
    }
}

impl Tally {
    /// Returns the problems that refuse the envelope, or none when the quorum is met.
    pub(super) fn shortfall(&self, expectation: &Expectation) -> Vec<Diagnostic> {
        let needed = expectation.threshold.get();
        let counted = self.signers.len();
        if counted >= needed {
            return Vec::new();
        }
        let mut problems = self.problems.clone();
        let expected = format!("{needed} distinct signers");
        if counted + self.repeated >= needed {
            let message = "one signer signed more than once";
            let hint = "have another person sign; a second signature of the same one adds nothing";
            problems.push(
                quorum(codes::SAME_SIGNER, message, hint)
                    .expected(expected)
                    .found(format!(
                        "{counted} distinct in {} good signatures",
                        counted + self.repeated
                    )),
            );
        } else if needed > 1 || problems.is_empty() {
            let hint = "have more of the allowed signers sign the same envelope";
            problems.push(
                quorum(codes::QUORUM_SHORT, "too few signers", hint)
                    .expected(expected)
                    .found(format!("{counted}")),
            );
        }
        problems
    }
}

fn quorum(code: Code, message: &str, hint: &str) -> Diagnostic {
    Diagnostic::error(code, message)
        .pointing_to("/signatures")
        .hint(hint)
}

/// Returns the holder of the key that made a signature.
///
/// The key id in the envelope is not authenticated: it picks the key to try, and decides nothing.
fn attribute<'k>(
    message: &[u8],
    signature: &EnvelopeSignature,
    keyring: &'k Keyring,
) -> Result<&'k Entry, Box<Diagnostic>> {
    let hint = signature.key_id.as_deref();
    let named = hint
        .and_then(|hint| hint.parse().ok())
        .and_then(|id| keyring.get(id));
    let verifies = |entry: &Entry| entry.public_key.verifies(message, &signature.signature);
    if let Some(entry) = named {
        return if verifies(entry) {
            Ok(entry)
        } else {
            Err(Box::new(invalid(entry)))
        };
    }
    let mut entries = keyring.entries().map(|(_, entry)| entry);
    entries.find(|entry| verifies(entry)).ok_or_else(|| {
        let problem = Diagnostic::error(codes::UNKNOWN_SIGNER, "no known key made this signature")
            .expected("a signature by a key of the keyring")
            .found(hint.map_or_else(
                || "no key id".to_owned(),
                |id| format!("key id {}", clip(id)),
            ))
            .hint("add the signer's public key to the keyring, if you trust it");
        Box::new(problem)
    })
}

fn invalid(entry: &Entry) -> Diagnostic {
    Diagnostic::error(
        codes::INVALID_SIGNATURE,
        format!("signature is not one of `{}`", entry.name),
    )
    .expected(format!("the signature of key {}", entry.public_key.id()))
    .found("other bytes: the payload, its type or the signature was changed")
    .hint("get the envelope again from its signer")
}

/// Returns why a good signature does not count, if it does not.
fn objection(entry: &Entry, as_of: Instant, expectation: &Expectation) -> Option<Diagnostic> {
    let name = &entry.name;
    let (code, message, found, hint) = match entry.state(as_of) {
        KeyState::Valid => return signer_objection(entry, expectation),
        KeyState::Revoked { at } => (
            codes::REVOKED_KEY,
            format!("key `{name}` is revoked"),
            format!("revoked at {at}"),
            "have the signer sign again with a new key",
        ),
        KeyState::Expired { until } => (
            codes::EXPIRED_KEY,
            format!("key `{name}` has expired"),
            format!("valid until {until}"),
            "have the signer sign again with a current key",
        ),
        KeyState::NotYetValid { from } => (
            codes::KEY_NOT_YET_VALID,
            format!("key `{name}` is not valid yet"),
            format!("valid from {from}"),
            "check the clock, or wait until the key is valid",
        ),
    };
    let problem = Diagnostic::error(code, message)
        .expected(format!("a key valid at {as_of}"))
        .found(found)
        .hint(hint);
    Some(problem)
}

fn signer_objection(entry: &Entry, expectation: &Expectation) -> Option<Diagnostic> {
    let pattern = expectation.signer.as_ref()?;
    if pattern.matches(entry) {
        return None;
    }
    let message = format!("`{}` may not sign this", entry.identity);
    let problem = Diagnostic::error(codes::SIGNER_NOT_ALLOWED, message)
        .expected(format!("a signer like `{pattern}`"))
        .found(entry.identity.clone())
        .hint("have an allowed signer sign it");
    Some(problem)
}

fn signer(entry: &Entry) -> Signer {
    Signer {
        key_id: entry.public_key.id(),
        identity: entry.identity.clone(),
        kind: entry.kind,
        roles: entry.roles.clone(),
    }
}
