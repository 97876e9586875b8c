//! The index as a value and as it is written: `evidence-index/v1`.

use baton_evidence::canonical;
use baton_evidence::json::tree::Fields;
use baton_evidence::json::{Members, Tree};
use baton_evidence::keys::Keyring;
use baton_terms::{Code, Diagnostic, Digest, Instant};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::codes;

/// The format's name.
pub const FORMAT: &str = "evidence-index/v1";

/// What can be said of each artifact, by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EvidenceIndex {
    // INVARIANT: sorted by id, ids unique.
    items: Vec<Item>,
    /// Digest of the keys that signatures were verified with.
    keyring: Option<Digest>,
}

/// What can be said of one artifact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Id.
    pub id: String,
    /// Whether the contract asks for it with this package.
    pub requirement: Requirement,
    /// Its state.
    pub state: State,
    /// Why it is in this state; empty when present.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Declared digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// Declared media type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Instant>,
    /// Whole seconds since then, floored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_seconds: Option<u64>,
    /// Identity of who signed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<String>,
    /// Type of what was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate_type: Option<String>,
    /// Result of the tests it reports: `passed`, `warned` or `failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Properties it verifies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<String>,
}

/// Whether a contract asks for an artifact with this package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Requirement {
    /// It must be there.
    Required,
    /// It may be there.
    NotRequired,
    /// Its condition could not be evaluated; it counts as asked for.
    Unknown,
}

/// The state of one artifact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is there and everything asked of it holds.
    Present,
    /// It is asked for and not there.
    Missing,
    /// It is older than allowed.
    Stale,
    /// It is not what it is declared to be, or about something else.
    Mismatched,
    /// It could not be looked at, or its signatures do not hold.
    Unverifiable,
    /// It is not asked for and not there.
    NotRequired,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[expect(dead_code, reason = "reading it checks it")]
    baton: Format,
    items: Vec<Item>,
    #[serde(default)]
    keyring: Option<Digest>,
}

/// The same document, borrowed for writing.
#[derive(Serialize)]
struct Written<'i> {
    baton: Format,
    items: &'i [Item],
    #[serde(skip_serializing_if = "Option::is_none")]
    keyring: Option<Digest>,
}

#[derive(Serialize, Deserialize)]
enum Format {
    #[serde(rename = "evidence-index/v1")]
    V1,
}

impl EvidenceIndex {
    /// Returns the index of these items; of two with the same id the first counts.
    pub fn new(items: impl IntoIterator<Item = Item>) -> Self {
        let mut items: Vec<Item> = items.into_iter().collect();
        items.sort_by(|a, b| a.id.cmp(&b.id));
        items.dedup_by(|later, earlier| later.id == earlier.id);
        Self {
            items,
            keyring: None,
        }
    }

    /// Returns the index as one made with these keys; none are named when there are none.
    #[must_use]
    pub fn verified_with(self, keyring: &Keyring) -> Self {
        let is_empty = keyring.entries().next().is_none();
        let digest = (!is_empty).then(|| Digest::of(&keyring.to_bytes()));
        Self {
            keyring: digest,
            ..self
        }
    }

    /// Returns the digest of the keys that signatures were verified with.
    pub fn keyring(&self) -> Option<Digest> {
        self.keyring
    }

    /// Reads a recorded index, for replay.
    ///
    /// # Errors
    /// When the document is not an index.
    pub fn read(document: &Value) -> Result<Self, Vec<Diagnostic>> {
        let problem = |code: Code, found: String| {
            vec![
                Diagnostic::error(code, "document is not an evidence index")
                    .expected(format!(
                        "a document of the format `{FORMAT}` with ids of its own"
                    ))
                    .found(found)
                    .hint("use the index as it was recorded"),
            ]
        };
        let read: Document = serde_json::from_value(document.clone())
            .map_err(|error| problem(codes::WRONG_KIND, error.to_string()))?;
        let count = read.items.len();
        let index = Self {
            keyring: read.keyring,
            ..Self::new(read.items)
        };
        if index.items.len() == count {
            Ok(index)
        } else {
            Err(problem(codes::ID_REPEATED, "an id used twice".to_owned()))
        }
    }

    /// Returns the items by id.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Returns the item with this id.
    pub fn get(&self, id: &str) -> Option<&Item> {
        let at = self
            .items
            .binary_search_by(|item| item.id.as_str().cmp(id))
            .ok()?;
        self.items.get(at)
    }

    /// Returns the document of the index.
    pub fn to_value(&self) -> Value {
        // Plain fields of text and whole numbers always serialize.
        serde_json::to_value(Written {
            baton: Format::V1,
            items: &self.items,
            keyring: self.keyring,
        })
        .unwrap_or_default()
    }

    /// Returns the digest of the document.
    pub fn digest(&self) -> Digest {
        canonical::digest_of(|fields| {
            fields.text("baton", FORMAT);
            fields.maps("items", &self.items, |fields, item| item.members(fields));
            if let Some(keyring) = self.keyring {
                fields.text("keyring", &keyring.to_string());
            }
        })
    }

    /// Returns what expressions see as `evidence`.
    pub(crate) fn facts(&self) -> Tree {
        Tree::of(|facts| {
            for item in &self.items {
                facts.map(&item.id, |fields| item.fill(fields));
            }
        })
    }
}

impl Item {
    /// Returns an item about which nothing but its state is known.
    pub fn new(id: impl Into<String>, requirement: Requirement, state: State) -> Self {
        Self {
            id: id.into(),
            requirement,
            state,
            reason: String::new(),
            digest: None,
            media_type: None,
            created_at: None,
            age_seconds: None,
            signer: None,
            predicate_type: None,
            result: None,
            properties: Vec::new(),
        }
    }

    /// Gives the members as they are written, in canonical order.
    fn members(&self, fields: &mut impl Members) {
        if let Some(age) = self.age_seconds {
            fields.count("age_seconds", age);
        }
        if let Some(time) = self.created_at {
            fields.text("created_at", &time.to_string());
        }
        if let Some(digest) = self.digest {
            fields.text("digest", &digest.to_string());
        }
        fields.text("id", &self.id);
        if let Some(media_type) = &self.media_type {
            fields.text("media_type", media_type);
        }
        if let Some(predicate_type) = &self.predicate_type {
            fields.text("predicate_type", predicate_type);
        }
        if !self.properties.is_empty() {
            fields.texts("properties", self.properties.iter().map(String::as_str));
        }
        if !self.reason.is_empty() {
            fields.text("reason", &self.reason);
        }
        fields.text("requirement", self.requirement.word());
        if let Some(result) = &self.result {
            fields.text("result", result);
        }
        if let Some(signer) = &self.signer {
            fields.text("signer", signer);
        }
        fields.text("state", self.state.word());
    }

    fn fill(&self, facts: &mut Fields<'_, '_>) {
        let state = match self.state {
            State::NotRequired => State::Missing,
            state => state,
        };
        facts.text("state", state.word());
        facts.boolean("present", state == State::Present);
        facts.texts("properties", self.properties.iter().map(String::as_str));
        let age = self.age_seconds.map(|seconds| format!("{seconds}s"));
        for (name, text) in [
            ("age", &age),
            ("media_type", &self.media_type),
            ("predicate_type", &self.predicate_type),
            ("signer", &self.signer),
            ("result", &self.result),
        ] {
            if let Some(text) = text {
                facts.text(name, text);
            }
        }
    }
}

impl Requirement {
    /// Returns the word that is written.
    const fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::NotRequired => "not-required",
            Self::Unknown => "unknown",
        }
    }
}

impl State {
    /// Returns the word people read.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Mismatched => "mismatched",
            Self::Unverifiable => "unverifiable",
            Self::NotRequired => "not-required",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_document() {
        let full = Item {
            reason: "over 3 days old".to_owned(),
            digest: Some(Digest::of(b"report")),
            media_type: Some("application/json".to_owned()),
            created_at: "2026-11-10T09:00:00Z".parse().ok(),
            age_seconds: Some(864_000),
            signer: Some("ci \"main\"".to_owned()),
            predicate_type: Some("https://in-toto.io/attestation/test-result/v0.1".to_owned()),
            result: Some("passed".to_owned()),
            properties: vec!["b".to_owned(), "a".to_owned()],
            ..Item::new("report", Requirement::Required, State::Stale)
        };
        let states = [
            (Requirement::Required, State::Missing),
            (Requirement::NotRequired, State::NotRequired),
            (Requirement::Unknown, State::Unverifiable),
            (Requirement::Required, State::Mismatched),
            (Requirement::Required, State::Present),
        ];
        let plain = states.map(|(requirement, state)| Item::new(state.word(), requirement, state));
        for items in [vec![], vec![full.clone()], [&[full][..], &plain].concat()] {
            let index = EvidenceIndex::new(items);
            assert_eq!(index.digest(), canonical::digest(&index.to_value()));
        }
    }
}
