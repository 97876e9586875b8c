//! One artifact: from what a package declares and what was found to what can be said of it.

use baton_contract::model::EvidenceRequirement;
use baton_evidence::keys::Keyring;
use baton_terms::{Digest, Elapsed, Instant};

use super::attested::{self, Attested};
use super::{Item, Requirement, State};
use crate::package::{Evidence, Package};

/// What could be had of an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Artifact {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// Only the digest of its bytes, computed by the reader because they are many.
    Digest(Digest),
    /// Nothing, for this reason.
    Unreadable(String),
}

/// What is given to build an index with.
#[derive(Debug, Clone, Copy)]
pub struct Available<'a> {
    /// Artifacts by the id under which the package declares them.
    pub artifacts: &'a std::collections::BTreeMap<String, Artifact>,
    /// Keys whose signatures count.
    pub keyring: &'a Keyring,
    /// Time of the check.
    pub as_of: Instant,
}

/// One artifact to be looked at, as asked for, declared or both.
#[derive(Debug, Clone, Copy)]
pub struct Needed<'a> {
    /// What the contract asks of it, when the contract knows it.
    pub asked: Option<&'a EvidenceRequirement>,
    /// Whether it must be there.
    pub requirement: Requirement,
    /// What the package declares of it.
    pub declared: Option<&'a Evidence>,
    /// Artifacts an attestation may be about instead of the payload.
    pub subjects: &'a [&'a Evidence],
}

impl Available<'_> {
    /// Returns whether an artifact was given and is the one declared.
    pub(crate) fn holds(&self, declared: &Evidence) -> bool {
        same_bytes(declared, self).is_ok()
    }
}

/// A state with its reason, worse than `present`.
type Fault = (State, String);

/// Returns what can be said of an artifact.
pub(crate) fn item(needed: &Needed<'_>, package: &Package, available: &Available<'_>) -> Item {
    let id = match (needed.asked, needed.declared) {
        (Some(asked), _) => asked.id.as_str(),
        (None, Some(declared)) => declared.id.as_str(),
        (None, None) => "",
    };
    let Some(declared) = needed.declared else {
        let (state, reason) = match needed.requirement {
            Requirement::NotRequired => (State::NotRequired, ""),
            Requirement::Required => (State::Missing, "the package does not declare it"),
            Requirement::Unknown => (
                State::Unverifiable,
                "whether it is needed can't be evaluated, and the package does not declare it",
            ),
        };
        let item = Item::new(id, needed.requirement, state);
        return Item {
            reason: reason.to_owned(),
            ..item
        };
    };
    let mut item = Item {
        digest: Some(declared.digest),
        media_type: Some(declared.media_type.clone()),
        created_at: Some(declared.created_at),
        ..Item::new(id, needed.requirement, State::Present)
    };
    if let Err((state, reason)) = examine(&mut item, needed, (declared, package), available) {
        (item.state, item.reason) = (state, reason);
        // What unusable evidence says must not be read as if it counted.
        (item.signer, item.result) = (None, None);
        item.properties = Vec::new();
    }
    item
}

fn examine(
    item: &mut Item,
    needed: &Needed<'_>,
    (declared, package): (&Evidence, &Package),
    available: &Available<'_>,
) -> Result<(), Fault> {
    let bytes = same_bytes(declared, available)?;
    if let Some(asked) = needed.asked {
        if !asked.media_types.contains(&declared.media_type) {
            let accepted = asked.media_types.join(", ");
            let found = &declared.media_type;
            return Err((
                State::Mismatched,
                format!("media type `{found}` is not accepted (accepted: {accepted})"),
            ));
        }
        if attested::is_demanded(asked) {
            let Some(bytes) = bytes else {
                let reason = "its bytes are needed to verify its signature and were not given";
                return Err((State::Unverifiable, reason.to_owned()));
            };
            let attested =
                attested::verify(bytes, (needed, asked), (declared, package), available)?;
            tell(item, attested);
        }
    }
    let as_of = available.as_of;
    let max_age = needed.asked.and_then(|asked| asked.max_age);
    for made in [item.created_at, Some(declared.created_at)]
        .into_iter()
        .flatten()
    {
        if as_of.since(made).is_none() {
            return Err((
                State::Unverifiable,
                format!("it was made at {made}, after the time of the check ({as_of})"),
            ));
        }
    }
    // What is signed has the age that is signed: the sender's word would make old evidence new.
    let age = item.created_at.and_then(|made| as_of.since(made));
    item.age_seconds = age.map(Elapsed::seconds);
    match (age, max_age) {
        (Some(age), Some(max_age)) if age > max_age => Err((State::Stale, too_old(age, max_age))),
        (None, Some(max_age)) => Err((
            State::Unverifiable,
            format!(
                "what is signed does not say when it was made, and it may be {} old at most",
                max_age.in_words()
            ),
        )),
        _ => Ok(()),
    }
}

fn too_old(age: Elapsed, max_age: Elapsed) -> String {
    let (age, most) = (age.in_words(), max_age.in_words());
    // Words floor: without more, `3 days old and may be 3 days` would make no sense.
    let over = if age == most { "over " } else { "" };
    format!("it is {over}{age} old and may be {most} at most")
}

/// Checks that the artifact is the one declared, and returns its bytes when they are at hand.
fn same_bytes<'a>(
    declared: &Evidence,
    available: &Available<'a>,
) -> Result<Option<&'a [u8]>, Fault> {
    let unverifiable = |reason: &str| Err((State::Unverifiable, reason.to_owned()));
    let (found, bytes) = match available.artifacts.get(declared.id.as_str()) {
        None => return unverifiable("the artifact was not given to this check"),
        Some(Artifact::Unreadable(reason)) => return unverifiable(reason),
        Some(Artifact::Bytes(bytes)) => (Digest::of(bytes), Some(bytes.as_slice())),
        Some(Artifact::Digest(digest)) => (*digest, None),
    };
    if found == declared.digest {
        return Ok(bytes);
    }
    let expected = declared.digest;
    Err((
        State::Mismatched,
        format!("its bytes have the digest {found}, declared is {expected}"),
    ))
}

fn tell(item: &mut Item, attested: Attested) {
    item.signer = attested.signer;
    item.predicate_type = Some(attested.predicate_type);
    item.result = attested.result;
    item.properties = attested.properties;
    // The time the sender declares is signed by nobody.
    item.created_at = attested.made_at;
}
