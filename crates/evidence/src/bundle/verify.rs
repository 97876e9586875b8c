//! Verifies a bundle: a pure function of its bytes, the trusted keys and the time.

use std::{collections::BTreeSet, num::NonZero};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use baton_terms::{Code, Diagnostic, Digest, Instant};
use serde_json::Value;

use super::{Finding, page, read::Opened};
use crate::{
    attestation::{self, Expectation, ExpectedSubject, Statement},
    json::{self, Limits},
    keys::Keyring,
    trace::{
        self, Decision, Entry, Level, Material, Replayed, Reproduction, Trust, Verdict, Weight,
        split_lines,
    },
};

/// Reasons why an attestation does not count although its bytes may be right.
const TRUST_REASONS: [Code; 4] = [
    attestation::codes::UNKNOWN_SIGNER,
    attestation::codes::REVOKED_KEY,
    attestation::codes::EXPIRED_KEY,
    attestation::codes::KEY_NOT_YET_VALID,
];

/// How the bundle travelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As `bundle/v1` itself.
    Json,
    /// Inside its page.
    Page,
}

/// What verification of a bundle covered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// What it covered of the trace and the blobs.
    pub trace: trace::Coverage,
    /// Attestations there are.
    pub attestations: usize,
    /// Attestations that trusted keys signed about bytes that entries name.
    pub attestations_verified: usize,
    /// Keys that come with the bundle.
    pub keys: usize,
}

/// The result of verifying a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How the bundle travelled.
    pub form: Form,
    /// What was covered, and in words what not.
    pub coverage: Coverage,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The keys that come with the bundle, to show and never to trust.
    pub keys: Keyring,
}

impl Report {
    /// Returns what follows from the findings.
    pub fn verdict(&self) -> Verdict {
        match self.findings.iter().map(Finding::weight).max() {
            None if self.coverage.trace.not_covered.is_empty() => Verdict::Verified,
            None | Some(Weight::Uncovered) => Verdict::InPart,
            Some(Weight::Untrusted) => Verdict::Untrusted,
            Some(Weight::Broken) => Verdict::Refused,
        }
    }

    /// Returns whether everything in the bundle is what trusted signers sealed.
    pub fn is_verified(&self) -> bool {
        self.verdict() == Verdict::Verified
    }
}

/// Verifies a bundle, as JSON or in its page.
///
/// Without trusted keys the best verdict is [`Verdict::Untrusted`]: everything is checked with the
/// keys inside, which says that the bundle is consistent and not who made it.
pub fn verify(bytes: &[u8], trusted: Option<&Keyring>, as_of: Instant) -> Report {
    let mut findings = Vec::new();
    let (form, opened) = match page::extract(bytes) {
        Some(json) => {
            if page::html(&json) != bytes {
                findings.push(Finding::PageDiffers);
            }
            (Form::Page, Opened::read(&json))
        }
        None => (Form::Json, Opened::read(bytes)),
    };
    findings.extend_from_slice(&opened.findings);
    match trusted {
        None => findings.push(Finding::NoTrustedKeys),
        Some(trusted) => compare_keys(&opened.keys, trusted, &mut findings),
    }
    let trust = Trust {
        keys: trusted.unwrap_or(&opened.keys),
        as_of,
        origin: None,
    };
    let trace = verify_trace(&opened, trust);
    findings.extend(trace.findings.into_iter().map(Finding::Trace));
    let named = named_digests(&opened.entries);
    let unnamed = opened.blobs.keys().filter(|digest| !named.contains(digest));
    findings.extend(unnamed.map(|digest| Finding::BlobUnnamed { digest: *digest }));
    let mut attestations_verified = 0;
    for (at, envelope) in opened.attestations.iter().enumerate() {
        match verify_attestation((envelope, at + 1), &named, trust) {
            None => attestations_verified += 1,
            Some(finding) => findings.push(finding),
        }
    }
    Report {
        form,
        coverage: Coverage {
            trace: trace.coverage,
            attestations: opened.attestations.len(),
            attestations_verified,
            keys: opened.keys.entries().count(),
        },
        findings,
        keys: opened.keys,
    }
}

/// Evaluates each decision in a bundle again with `evaluate`, which must be pure; see
/// [`trace::replay`]. Whether the bundle verifies is another question.
pub fn replay(
    bytes: &[u8],
    evaluate: impl Fn(&Decision<'_>) -> Reproduction,
) -> Vec<(u64, Replayed)> {
    let opened = open(bytes);
    trace::replay(&opened.entries, &opened.blobs(), evaluate)
}

/// Returns the lines of the trace in a bundle, verified or not.
pub fn entries(bytes: &[u8]) -> Vec<u8> {
    open(bytes).entries
}

fn open(bytes: &[u8]) -> Opened {
    match page::extract(bytes) {
        Some(json) => Opened::read(&json),
        None => Opened::read(bytes),
    }
}

/// Returns whether a signature of a DSSE envelope names the key `id`: a hint that nobody signed.
pub fn names_key(envelope: &[u8], id: &str) -> bool {
    let envelope = json::read(envelope, Limits::EVIDENCE).unwrap_or_default();
    let signatures = envelope.get("signatures").and_then(Value::as_array);
    let mut key_ids = signatures.into_iter().flatten().map(|one| one.get("keyid"));
    key_ids.any(|key_id| key_id.and_then(Value::as_str) == Some(id))
}

fn verify_trace(opened: &Opened, trust: Trust<'_>) -> trace::Report {
    let blobs = opened.blobs();
    let checkpoints: Vec<&[u8]> = opened.checkpoints.iter().map(String::as_bytes).collect();
    let (checkpoint, earlier) = match checkpoints.split_last() {
        Some((last, earlier)) => (Some(*last), earlier),
        None => (None, [].as_slice()),
    };
    let material = Material {
        entries: &opened.entries,
        checkpoint,
        earlier,
        blobs: Some(&blobs),
    };
    trace::verify(&material, trust, Level::Audit)
}

/// Compares the keys inside with the trusted ones.
fn compare_keys(inside: &Keyring, trusted: &Keyring, findings: &mut Vec<Finding>) {
    for (id, entry) in inside.entries() {
        let (name, key_id) = (entry.name.to_string(), id.to_string());
        match trusted.get(id) {
            None => findings.push(Finding::KeyUntrusted { name, key_id }),
            Some(known) if known.name != entry.name || known.identity != entry.identity => {
                findings.push(Finding::KeyDiffers { name, key_id });
            }
            Some(_) => {}
        }
    }
}

/// Returns every digest that entries name; lines that cannot be read name nothing.
fn named_digests(entries: &[u8]) -> BTreeSet<Digest> {
    split_lines(entries)
        .filter_map(|line| Entry::parse(line).ok())
        .flat_map(|entry| entry.draft().digests.values().copied().collect::<Vec<_>>())
        .collect()
}

/// Returns what is wrong with an attestation, if anything.
fn verify_attestation(
    (envelope, number): (&[u8], usize),
    named: &BTreeSet<Digest>,
    trust: Trust<'_>,
) -> Option<Finding> {
    let Some(statement) = peek(envelope) else {
        return Some(Finding::AttestationRefused {
            number,
            reason: attestation::codes::ENVELOPE_SHAPE,
            why: "its statement cannot be read".to_owned(),
            weight: Weight::Broken,
        });
    };
    let expectation = Expectation {
        subjects: statement
            .subjects
            .iter()
            .filter_map(attestation::Subject::digest)
            .filter(|digest| named.contains(digest))
            .map(|digest| ExpectedSubject { name: None, digest })
            .collect(),
        predicate_types: vec![statement.predicate_type],
        threshold: NonZero::<usize>::MIN,
        signer: None,
    };
    if expectation.subjects.is_empty() {
        return Some(Finding::AttestationUnrelated { number });
    }
    match attestation::verify(envelope, trust.keys, trust.as_of, &expectation) {
        Ok(verified) => {
            let warning = verified.warnings.first()?;
            Some(refused(number, warning, Weight::Uncovered))
        }
        Err(problems) => {
            // The shortfall of signers follows from the signatures, so it does not decide.
            let is_trust = |problem: &Diagnostic| {
                TRUST_REASONS.contains(&problem.code)
                    || problem.code == attestation::codes::QUORUM_SHORT
            };
            let broken = problems.iter().find(|problem| !is_trust(problem));
            match (broken, problems.first()) {
                (Some(problem), _) => Some(refused(number, problem, Weight::Broken)),
                (None, Some(problem)) => Some(refused(number, problem, Weight::Untrusted)),
                (None, None) => None,
            }
        }
    }
}

fn refused(number: usize, problem: &Diagnostic, weight: Weight) -> Finding {
    Finding::AttestationRefused {
        number,
        reason: problem.code,
        why: problem.message.clone(),
        weight,
    }
}

/// Reads the statement before its signature is verified, only to learn what to expect of it.
fn peek(envelope: &[u8]) -> Option<Statement> {
    let value = json::read(envelope, Limits::EVIDENCE).ok()?;
    let text = value.get("payload").and_then(Value::as_str)?;
    let payload = STANDARD
        .decode(text)
        .or_else(|_| URL_SAFE.decode(text))
        .ok()?;
    Statement::parse(&payload).ok()
}
