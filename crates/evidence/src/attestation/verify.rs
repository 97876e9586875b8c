//! Verification: from bytes to a statement that may be relied on.

use std::collections::BTreeSet;

use baton_terms::{Diagnostic, Digest, Instant, Level};
use serde_json::Value;

use super::{
    Expectation, ExpectedSubject, PAYLOAD_TYPE, Predicate, Signer, Statement, codes,
    envelope::Envelope, signatures, signatures::Tally, statement::ROOT,
};
use crate::{keys::Keyring, shape::clip};

/// A statement whose signatures, type and subjects were verified.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Verified {
    /// What was said.
    pub statement: Statement,
    /// The predicate by its type.
    pub predicate: Predicate,
    /// Who said it: distinct holders, ordered by identity.
    pub signers: Vec<Signer>,
    /// The digest of the payload bytes that were signed.
    pub payload_digest: Digest,
    /// Warnings about signatures that did not count, though enough others did.
    pub warnings: Vec<Diagnostic>,
}

/// Verifies an attestation with the keys of a keyring as they are at an instant.
///
/// The payload is looked at only after enough signatures were verified (DSSE protocol), so an
/// envelope with bad signatures says nothing about its content.
///
/// # Errors
/// With every problem found.
pub fn verify(
    bytes: &[u8],
    keyring: &Keyring,
    as_of: Instant,
    expectation: &Expectation,
) -> Result<Verified, Vec<Diagnostic>> {
    Opened::new(bytes, (keyring, as_of), expectation)?.judge(expectation)
}

/// Verifies an attestation as [`verify`] does, where any one of `subjects` will do beside those the
/// expectation has: envelope, signatures and statement are read once, however many there are.
///
/// # Errors
/// With every problem found; where it is about none of the subjects, with those of the first.
pub fn verify_about_any(
    bytes: &[u8],
    (keyring, as_of): (&Keyring, Instant),
    expectation: &Expectation,
    subjects: &[Digest],
) -> Result<Verified, Vec<Diagnostic>> {
    let opened = Opened::new(bytes, (keyring, as_of), expectation)?;
    let about: BTreeSet<Digest> = opened
        .statement
        .subjects
        .iter()
        .filter_map(super::Subject::digest)
        .collect();
    let found = subjects.iter().find(|digest| about.contains(digest));
    let mut expectation = expectation.clone();
    let subject = found.or(subjects.first());
    expectation
        .subjects
        .extend(subject.map(|digest| ExpectedSubject {
            name: None,
            digest: *digest,
        }));
    opened.judge(&expectation)
}

/// An attestation with enough good signatures, whose content was not judged yet.
struct Opened {
    tally: Tally,
    statement: Statement,
    payload_digest: Digest,
}

impl Opened {
    fn new(
        bytes: &[u8],
        (keyring, as_of): (&Keyring, Instant),
        expectation: &Expectation,
    ) -> Result<Self, Vec<Diagnostic>> {
        let envelope = Envelope::parse(bytes)?;
        let tally = signatures::tally(&envelope, keyring, as_of, expectation);
        let mut problems = tally.shortfall(expectation);
        if !is_in_toto(&envelope.payload_type) {
            problems.push(wrong_payload_type(&envelope.payload_type));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            statement: Statement::parse(&envelope.payload)?,
            payload_digest: Digest::of(&envelope.payload),
            tally,
        })
    }

    fn judge(self, expectation: &Expectation) -> Result<Verified, Vec<Diagnostic>> {
        let Self {
            tally,
            statement,
            payload_digest,
        } = self;
        let mut problems = Vec::new();
        check_type(&statement, expectation, &mut problems);
        check_subjects(&statement, expectation, &mut problems);
        let predicate = match Predicate::parse(&statement) {
            Ok(predicate) if problems.is_empty() => predicate,
            Ok(_) => return Err(problems),
            Err(more) => {
                problems.extend(more);
                return Err(problems);
            }
        };
        let mut warnings = tally.problems;
        for warning in &mut warnings {
            warning.level = Level::Warning;
        }
        Ok(Verified {
            statement,
            predicate,
            signers: tally.signers,
            payload_digest,
            warnings,
        })
    }
}

/// Returns whether a payload type is in-toto's, plain or with the name of a predicate.
fn is_in_toto(payload_type: &str) -> bool {
    let predicate = payload_type
        .strip_prefix("application/vnd.in-toto.")
        .and_then(|rest| rest.strip_suffix("+json"));
    let is_name = |name: &str| {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        !name.is_empty() && name.bytes().all(is_word)
    };
    payload_type == PAYLOAD_TYPE || predicate.is_some_and(is_name)
}

fn wrong_payload_type(found: &str) -> Diagnostic {
    Diagnostic::error(codes::PAYLOAD_TYPE, "payload is of another type")
        .pointing_to("/payloadType")
        .expected(PAYLOAD_TYPE)
        .found(clip(found))
        .hint("wrap an in-toto statement; other payloads are no evidence")
}

fn check_type(statement: &Statement, expectation: &Expectation, problems: &mut Vec<Diagnostic>) {
    let accepted = &expectation.predicate_types;
    if accepted.contains(&statement.predicate_type) {
        return;
    }
    let expected = if accepted.is_empty() {
        "no predicate type at all".to_owned()
    } else {
        format!("one of: {}", accepted.join(", "))
    };
    problems.push(
        Diagnostic::error(codes::PREDICATE_TYPE, "predicate type is not accepted here")
            .pointing_to(format!("{ROOT}/predicateType"))
            .expected(expected)
            .found(clip(&statement.predicate_type))
            .hint("attach an attestation of an accepted type"),
    );
}

fn check_subjects(
    statement: &Statement,
    expectation: &Expectation,
    problems: &mut Vec<Diagnostic>,
) {
    if expectation.subjects.is_empty() {
        // Without a subject the statement would vouch for anything.
        problems.push(
            Diagnostic::error(codes::WRONG_SUBJECT, "no subject is expected")
                .pointing_to(format!("{ROOT}/subject"))
                .expected("the digest of what the attestation must be about")
                .found("nothing")
                .hint("name the file that the attestation is for"),
        );
    }
    for expected in &expectation.subjects {
        problems.extend(check_subject(statement, expected));
    }
}

fn check_subject(statement: &Statement, expected: &ExpectedSubject) -> Option<Diagnostic> {
    let same: Vec<_> = statement
        .subjects
        .iter()
        .filter(|subject| subject.digest() == Some(expected.digest))
        .collect();
    let has_name = |subject: &&super::Subject| {
        expected.name.is_none() || subject.name.as_deref() == expected.name.as_deref()
    };
    if same.iter().any(has_name) {
        return None;
    }
    let problem = |code, message: &str| {
        Diagnostic::error(code, message).pointing_to(format!("{ROOT}/subject"))
    };
    if let Some(first) = same.first() {
        let found = first.name.as_deref().unwrap_or("no name");
        return Some(
            problem(
                codes::SUBJECT_NAME,
                "subject has the right digest under another name",
            )
            .expected(clip(expected.name.as_deref().unwrap_or_default()))
            .found(clip(found))
            .hint("attest the artifact under the name the contract gives it"),
        );
    }
    let digest = expected.digest;
    if statement
        .subjects
        .iter()
        .all(|subject| subject.digest().is_none())
    {
        let algorithms: Vec<&str> = statement
            .subjects
            .iter()
            .flat_map(|subject| subject.digests.keys().map(String::as_str))
            .collect();
        return Some(
            problem(
                codes::DIGEST_ALGORITHM,
                "no subject has a digest that can be compared",
            )
            .expected("a `sha256` digest")
            .found(clip(&algorithms.join(", ")))
            .hint("have its producer add the sha256 digest of the subject"),
        );
    }
    let elsewhere = find(&Value::Object(statement.predicate.clone()), &digest.hex());
    let found = match elsewhere {
        Some(pointer) => format!("that digest only at {ROOT}/predicate{}", clip(&pointer)),
        None => shown_subjects(statement),
    };
    Some(
        problem(codes::WRONG_SUBJECT, "statement is about something else")
            .expected(format!("the subject {digest}"))
            .found(found)
            .hint("attach the attestation made for exactly these bytes"),
    )
}

fn shown_subjects(statement: &Statement) -> String {
    let digests = statement.subjects.iter().filter_map(super::Subject::digest);
    let shown: Vec<String> = digests.take(3).map(|digest| digest.to_string()).collect();
    shown.join(", ")
}

/// Returns the JSON Pointer of the first text that ends with a digest, for a better message.
fn find(value: &Value, hex: &str) -> Option<String> {
    match value {
        Value::String(text) => text.ends_with(hex).then(String::new),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(at, item)| Some(format!("/{at}{}", find(item, hex)?))),
        Value::Object(map) => map
            .iter()
            .find_map(|(key, item)| Some(format!("/{key}{}", find(item, hex)?))),
        _ => None,
    }
}
