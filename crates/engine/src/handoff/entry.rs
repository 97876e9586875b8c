//! What a handoff writes into its stream: one entry per event, and one per decision about its package.
//!
//! An event stands whole in its entry's detail. The digests beside it name the documents it rests on, all of which the store
//! keeps, so that an exported stream is a trace that can be audited. A check is written as every check is (`decision`).

use std::collections::BTreeMap;

use baton_evidence::canonical;
use baton_evidence::trace::{Draft, Entry};
use baton_mission::handoff::{Change, Event, Receipt};
use baton_scoring::wire::Posture;
use baton_terms::{Digest, Id, Instant};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::failure::Failure;
use crate::port::{Blob, StoreError};
use crate::rollout::Assignment;

/// The kind of an entry that records a check, as in every trace.
pub(super) const DECISION: &str = "decision";
/// What the kind of an event's entry begins with.
const EVENT_KIND: &str = "handoff-";
/// The kind of the entry of an opening.
const OPENED: &str = "handoff-opened";
/// Under which name the detail holds the event.
const EVENT: &str = "event";
/// The kind of an entry that records what the other version of a rollout made of a package.
const BESIDE: &str = "rollout-beside";
/// Under which name the detail of an opening says which version a rollout gave the handoff.
const ROLLOUT: &str = "rollout";
/// Under which name entries name the contract.
const CONTRACT: &str = "contract";

/// What an entry of a handoff's stream says.
pub(crate) enum Read {
    /// Something happened.
    Event(Box<Event>),
    /// A package was checked.
    Decision,
    /// A package was assessed without effect.
    Beside(Beside),
}

/// What the version that a handoff does not hold to made of its package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Beside {
    /// The rollout.
    pub(crate) rollout: Id,
    /// The version.
    pub(crate) version: Digest,
    /// The posture it gives the package; none where it could not assess it.
    pub(crate) posture: Option<Posture>,
    /// Why it could not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<String>,
}

/// Reads an entry, or nothing where it is not one of a handoff.
pub(crate) fn read(entry: &Entry) -> Option<Read> {
    let draft = entry.draft();
    match draft.kind.as_str() {
        DECISION => return Some(Read::Decision),
        BESIDE => {
            let detail = Value::Object(draft.detail.clone());
            return serde_json::from_value(detail).ok().map(Read::Beside);
        }
        _ => {}
    }
    let event: Event = serde_json::from_value(draft.detail.get(EVENT)?.clone()).ok()?;
    let is_its = draft.kind.as_str().strip_prefix(EVENT_KIND) == Some(event.change.word());
    is_its.then(|| Read::Event(Box::new(event)))
}

/// Returns the contract that an entry names.
pub(crate) fn contract(entry: &Entry) -> Option<Digest> {
    let mut digests = entry.draft().digests.iter();
    digests
        .find(|(name, _)| name.as_str() == CONTRACT)
        .map(|(_, digest)| *digest)
}

/// Returns which version a rollout gave a handoff, where the entry of its opening says so.
pub(crate) fn assignment(entry: &Entry) -> Result<Option<Assignment>, Failure> {
    let said = entry.draft().detail.get(ROLLOUT).cloned();
    let is_opening = entry.draft().kind.as_str() == OPENED;
    let read = said.filter(|_| is_opening).map(serde_json::from_value);
    read.transpose().map_err(|error| {
        let why = format!("entry {}: its `{ROLLOUT}`: {error}", entry.sequence());
        StoreError::Damaged { why }.into()
    })
}

/// Writes into the entry of an opening which version a rollout gave the handoff.
pub(super) fn assigned(draft: &mut Draft, assignment: &Assignment) -> Result<(), Failure> {
    let said = serde_json::to_value(assignment).map_err(|error| Failure::Unrecordable {
        why: error.to_string(),
    })?;
    if draft.kind.as_str() == OPENED {
        draft.detail.insert(ROLLOUT.to_owned(), said);
    }
    Ok(())
}

/// Returns the entry of an assessment without effect.
pub(super) fn beside(
    beside: &Beside,
    (subject, package, at): (String, Digest, Instant),
) -> Result<Draft, Failure> {
    let unrecordable = |why: String| Failure::Unrecordable { why };
    let said = serde_json::to_value(beside).map_err(|error| unrecordable(error.to_string()))?;
    let mut named = Named::default();
    named.name(CONTRACT, beside.version);
    named.name("package", package);
    Ok(Draft {
        time: at,
        kind: (BESIDE.parse::<Id>()).map_err(|error| unrecordable(error.to_string()))?,
        subject,
        actor: Some("baton".to_owned()),
        digests: named.digests,
        detail: match said {
            Value::Object(detail) => detail,
            _ => Map::new(),
        },
    })
}

/// Returns the entry of an event, and the documents that it made itself.
pub(super) fn draft(event: &Event, contract: Digest) -> Result<(Draft, Vec<Blob>), Failure> {
    let unrecordable = |why: String| Failure::Unrecordable { why };
    let mut named = Named::default();
    named.of(&event.change, contract)?;
    let body = serde_json::to_value(event).map_err(|error| unrecordable(error.to_string()))?;
    let kind = format!("{EVENT_KIND}{}", event.change.word());
    let draft = Draft {
        time: event.at,
        kind: kind
            .parse::<Id>()
            .map_err(|error| unrecordable(error.to_string()))?,
        subject: event.handoff.to_string(),
        actor: Some(event.by.principal.to_string()),
        digests: named.digests,
        detail: Map::from_iter([(EVENT.to_owned(), body)]),
    };
    Ok((draft, named.blobs))
}

#[derive(Default)]
struct Named {
    digests: BTreeMap<Id, Digest>,
    blobs: Vec<Blob>,
}

impl Named {
    fn of(&mut self, change: &Change, contract: Digest) -> Result<(), Failure> {
        match change {
            Change::Opened { .. } => self.name(CONTRACT, contract),
            Change::Submitted { pin, package } => {
                self.name(CONTRACT, pin.contract);
                self.name("package", package.digest);
            }
            Change::Checked { check } => {
                self.name(CONTRACT, check.contract);
                self.name("package", check.package);
                self.name("scorecard", check.scorecard);
            }
            Change::Approved { approval } => self.name("package", approval.package),
            Change::Accepted { receipt, .. } | Change::Declined { receipt } => {
                self.receipt(receipt)?;
            }
            Change::InputNeeded {
                receipt: Some(receipt),
                ..
            } => self.receipt(receipt)?,
            Change::RolledBack { to, .. } => self.name("package", to.package),
            _ => {}
        }
        Ok(())
    }

    fn receipt(&mut self, receipt: &Receipt) -> Result<(), Failure> {
        self.name(CONTRACT, receipt.contract);
        self.name("package", receipt.package);
        self.name("scorecard", receipt.scorecard);
        let blob = document(receipt)?;
        self.name("receipt", blob.digest);
        self.blobs.push(blob);
        Ok(())
    }

    fn name(&mut self, name: &str, digest: Digest) {
        self.digests
            .extend(name.parse::<Id>().map(|name| (name, digest)));
    }
}

/// Returns a value as a document under its digest.
pub(super) fn document<T: Serialize>(value: &T) -> Result<Blob, Failure> {
    let bytes = canonical::of(value).map_err(|error| Failure::Unrecordable {
        why: error.to_string(),
    })?;
    Ok(Blob {
        digest: Digest::of(&bytes),
        bytes,
    })
}

/// Returns the digest of a receipt's document.
pub(super) fn receipt_digest(receipt: &Receipt) -> Result<Digest, Failure> {
    document(receipt).map(|blob| blob.digest)
}

/// Returns what a draft says beside its event, for people.
pub(super) fn told(event: &Event) -> Option<String> {
    let text = match serde_json::to_value(&event.change) {
        Ok(Value::Object(change)) => change.get("reason").and_then(Value::as_str)?.to_owned(),
        _ => return None,
    };
    Some(text)
}
