//! Receipts: what a handoff's verdicts left, as statements that can be signed and verified.

use std::num::NonZero;

use baton_evidence::attestation::{Expectation, Statement, Subject, verify_about_any};
use baton_evidence::keys::Keyring;
use baton_evidence::trace::{self, Entry};
use baton_mission::handoff::{Change, Event, Receipt, Verdict};
use baton_mission::names::HandoffId;
use baton_terms::{Code, Diagnostic, Digest, Instant};
use serde_json::{Map, Value, json};

use crate::handoff::desk::Desk;
use crate::handoff::effects::stream_of;
use crate::handoff::entry::{self, Read};
use crate::handoff::failure::Failure;
use crate::trail::Trail;

/// The predicate type of a handoff's receipt.
const RECEIPT: &str = "https://baton.dev/attestation/handoff-receipt/v1";

/// A receipt that the trace does not hold.
pub const RECEIPT_NOT_IN_TRACE: Code = Code::new(1361);
/// What a receipt says beside what its verdict left: that the work was completed.
const COMPLETED: &str = "completed";

/// A receipt that somebody trusted signed and that the trace holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedReceipt {
    /// What it says.
    pub receipt: Receipt,
    /// The place in the trace of the entry that holds it, from 0.
    pub entry: u64,
    /// Identities of those who signed it.
    pub signers: Vec<String>,
}

/// What the verdicts of a handoff left, oldest first, and when its work was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipts {
    /// The receipts.
    pub receipts: Vec<Receipt>,
    /// When the work was completed, with the digest of what was made of it.
    pub completed: Option<(Instant, Option<Digest>)>,
}

/// Returns the receipts of a handoff.
///
/// # Errors
/// When there is no such handoff, or the store fails.
pub fn receipts(desk: &Desk<'_>, handoff: &HandoffId) -> Result<Receipts, Failure> {
    let stream = stream_of(handoff)?;
    let mut found = Receipts {
        receipts: Vec::new(),
        completed: None,
    };
    let mut trail = Trail::default();
    trail.read_on::<Failure>(desk.store, &stream, |entry| {
        if let Some(Read::Event(event)) = entry::read(&entry) {
            found.note(*event);
        }
        Ok(())
    })?;
    if trail.entries() == 0 {
        let handoff = handoff.to_string();
        return Err(Failure::NoSuchHandoff { handoff });
    }
    Ok(found)
}

impl Receipts {
    fn note(&mut self, event: Event) {
        match event.change {
            Change::Accepted { receipt, .. }
            | Change::Declined { receipt }
            | Change::InputNeeded {
                receipt: Some(receipt),
                ..
            } => self.receipts.push(receipt),
            Change::Completed { outputs } => self.completed = Some((event.at, outputs)),
            _ => {}
        }
    }
}

/// Returns a receipt as an in-toto statement about the package it answers, to be signed as any other.
///
/// # Errors
/// When the receipt has no canonical form.
pub fn statement(receipt: &Receipt, found: &Receipts) -> Result<Statement, Failure> {
    let unwritable = |error: serde_json::Error| Failure::Unrecordable {
        why: error.to_string(),
    };
    let mut predicate = match serde_json::to_value(receipt).map_err(unwritable)? {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    let digest = entry::receipt_digest(receipt)?;
    predicate.insert("receipt".to_owned(), json!({ "digest": digest }));
    if let (Verdict::Accepted, Some((at, outputs))) = (receipt.verdict, &found.completed) {
        predicate.insert(COMPLETED.to_owned(), json!({"at": at, "outputs": outputs}));
    }
    Ok(Statement {
        subjects: vec![Subject::new("package", receipt.package)],
        predicate_type: RECEIPT.to_owned(),
        predicate,
    })
}

/// Verifies a signed receipt against the trace of its handoff, the lines of which were verified by whoever asks: a key of
/// the keyring signed it, and an entry holds the very verdict it tells of.
///
/// # Errors
/// With every problem of the signature and the statement, or that the trace does not hold the receipt.
pub fn verify_receipt(
    envelope: &[u8],
    (keyring, as_of): (&Keyring, Instant),
    entries: &[u8],
) -> Result<VerifiedReceipt, Vec<Diagnostic>> {
    let mut found = Receipts {
        receipts: Vec::new(),
        completed: None,
    };
    let mut places = Vec::new();
    for entry in trace::lines(entries).filter_map(|line| Entry::parse(line).ok()) {
        let known = found.receipts.len();
        if let Some(Read::Event(event)) = entry::read(&entry) {
            found.note(*event);
        }
        if found.receipts.len() > known {
            places.push(entry.sequence());
        }
    }
    let subjects: Vec<Digest> = found.receipts.iter().map(|one| one.package).collect();
    if subjects.is_empty() {
        return Err(vec![not_in_trace("a trace without any verdict")]);
    }
    let expectation = Expectation {
        subjects: Vec::new(),
        predicate_types: vec![RECEIPT.to_owned()],
        threshold: NonZero::<usize>::MIN,
        signer: None,
    };
    let verified = verify_about_any(envelope, (keyring, as_of), &expectation, &subjects)?;
    let mut held = found.receipts.iter().zip(places);
    let (receipt, entry) = held
        .find(|(receipt, _)| {
            statement(receipt, &found).is_ok_and(|held| says_so(&verified.statement, &held))
        })
        .ok_or_else(|| vec![not_in_trace("a receipt that differs from each of them")])?;
    let signers = verified.signers.iter();
    Ok(VerifiedReceipt {
        receipt: receipt.clone(),
        entry,
        signers: signers.map(|signer| signer.identity.clone()).collect(),
    })
}

/// Returns whether a statement says what the trace holds; one signed before the work was completed says less.
fn says_so(signed: &Statement, held: &Statement) -> bool {
    let mut held = held.clone();
    if !signed.predicate.contains_key(COMPLETED) {
        held.predicate.remove(COMPLETED);
    }
    *signed == held
}

fn not_in_trace(found: &str) -> Diagnostic {
    Diagnostic::error(RECEIPT_NOT_IN_TRACE, "the trace does not hold the receipt")
        .expected("one of the verdicts of the trace, word for word")
        .found(found)
        .hint("ask its sender for the trace of the same handoff, from after the verdict")
}
