//! Receipts: what a handoff's verdicts left, as statements that can be signed and verified.

use baton_evidence::attestation::{Statement, Subject};
use baton_mission::handoff::{Change, Event, Receipt, Verdict};
use baton_mission::names::HandoffId;
use baton_terms::{Digest, Instant};
use serde_json::{Map, Value, json};

use crate::handoff::desk::Desk;
use crate::handoff::effects::stream_of;
use crate::handoff::entry::{self, Read};
use crate::handoff::failure::Failure;
use crate::trail::Trail;

/// The predicate type of a handoff's receipt.
const RECEIPT: &str = "https://baton.dev/attestation/handoff-receipt/v1";

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
        predicate.insert(
            "completed".to_owned(),
            json!({"at": at, "outputs": outputs}),
        );
    }
    Ok(Statement {
        subjects: vec![Subject::new("package", receipt.package)],
        predicate_type: RECEIPT.to_owned(),
        predicate,
    })
}
