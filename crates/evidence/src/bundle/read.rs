//! Reads a bundle into its parts, reporting every departure from the form.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use baton_terms::{Digest, limits};
use serde_json::{Map, Value};

use super::{Finding, claims::Parts, export::VERSION};
use crate::{
    canonical,
    checkpoint::Checkpoint,
    json::{self, Limits},
    keys::Keyring,
    trace::Blobs,
};

const FIELDS: [&str; 7] = [
    "attestations",
    "baton",
    "blobs",
    "checkpoints",
    "claims",
    "entries",
    "keyring",
];

/// The parts of a bundle, none of them verified.
#[derive(Default)]
pub(super) struct Opened {
    /// The lines of the trace.
    pub(super) entries: Vec<u8>,
    pub(super) checkpoints: Vec<String>,
    pub(super) blobs: BTreeMap<Digest, Vec<u8>>,
    /// The envelopes in canonical form.
    pub(super) attestations: Vec<Vec<u8>>,
    pub(super) keys: Keyring,
    /// What is wrong with the form.
    pub(super) findings: Vec<Finding>,
}

impl Opened {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut opened = Self::default();
        let limits = Limits::of(limits::BUNDLE_BYTES_MAX, limits::BUNDLE_BYTES_MAX);
        let value = match json::read(bytes, limits) {
            Ok(value) => value,
            Err(problems) => {
                let why = problems
                    .first()
                    .map_or_else(String::new, |problem| problem.message.clone());
                opened.findings.push(Finding::Unreadable { why });
                return opened;
            }
        };
        match value.as_object() {
            Some(fields) if fields.get("baton").and_then(Value::as_str) == Some(VERSION) => {
                opened.check_canonical(&value, bytes);
                opened.take(fields);
            }
            _ => opened.findings.push(Finding::Unreadable {
                why: format!("expected an object with `baton` of `{VERSION}`"),
            }),
        }
        opened
    }

    /// Returns the blobs as verification and replay take them.
    pub(super) fn blobs(&self) -> Blobs<'_> {
        let blobs = self.blobs.iter();
        blobs
            .map(|(digest, bytes)| (*digest, bytes.as_slice()))
            .collect()
    }

    fn check_canonical(&mut self, value: &Value, bytes: &[u8]) {
        let expected = canonical::to_bytes(value);
        if expected != bytes {
            let same = expected.iter().zip(bytes).take_while(|(a, b)| a == b);
            let offset = same.count();
            self.findings.push(Finding::NotCanonical { offset });
        }
    }

    fn take(&mut self, fields: &Map<String, Value>) {
        for key in fields.keys().filter(|key| !FIELDS.contains(&key.as_str())) {
            self.wrong(format!("/{key}"), "a known field");
        }
        let entries = self.list(fields, "entries");
        for entry in entries {
            self.entries.extend(canonical::to_bytes(entry));
            self.entries.push(b'\n');
        }
        let checkpoints = self.list(fields, "checkpoints");
        for (at, checkpoint) in checkpoints.iter().enumerate() {
            match checkpoint.as_str() {
                Some(text) => self.checkpoints.push(text.to_owned()),
                None => self.wrong(format!("/checkpoints/{at}"), "a text"),
            }
        }
        let attestations = self.list(fields, "attestations");
        self.attestations = attestations.iter().map(canonical::to_bytes).collect();
        let empty = Map::new();
        let blobs = fields.get("blobs").and_then(Value::as_object);
        if blobs.is_none() {
            self.wrong("/blobs".to_owned(), "an object");
        }
        let blobs = blobs.unwrap_or(&empty);
        self.take_blobs(blobs);
        let keyring = fields.get("keyring").unwrap_or(&Value::Null);
        match Keyring::parse(&canonical::to_bytes(keyring)) {
            Ok(keys) => self.keys = keys,
            Err(_) => self.wrong("/keyring".to_owned(), "a keyring"),
        }
        let last = self.checkpoints.last().map(String::as_bytes);
        // Without a readable checkpoint the trace is reported as having none.
        if let Some(Ok((checkpoint, _))) = last.map(Checkpoint::parse) {
            let parts = Parts {
                origin: checkpoint.origin(),
                root: checkpoint.root(),
                entries: entries.len(),
                checkpoints,
                attestations,
                blobs,
                keyring,
            };
            self.compare_claims(fields.get("claims"), &parts.claims());
        }
    }

    fn take_blobs(&mut self, blobs: &Map<String, Value>) {
        for (name, value) in blobs {
            let digest = Digest::from_hex(name);
            let bytes = value.as_str().and_then(|text| STANDARD.decode(text).ok());
            match (digest, bytes) {
                (Ok(digest), Some(bytes)) => {
                    self.blobs.insert(digest, bytes);
                }
                (Err(_), _) => self.wrong(format!("/blobs/{name}"), "under a SHA-256 digest"),
                (_, None) => self.wrong(format!("/blobs/{name}"), "base64"),
            }
        }
    }

    fn compare_claims(&mut self, claimed: Option<&Value>, found: &Value) {
        let empty = Map::new();
        let claimed = claimed.and_then(Value::as_object).unwrap_or(&empty);
        let found = found.as_object().unwrap_or(&empty);
        let mut names: Vec<&String> = claimed.keys().chain(found.keys()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let (said, is) = (claimed.get(name), found.get(name));
            if said != is {
                let shown = |value: Option<&Value>| {
                    let text = value.map_or_else(|| "nothing".to_owned(), Value::to_string);
                    text.chars().take(limits::FOUND_BYTES_MAX).collect()
                };
                self.findings.push(Finding::ClaimDiffers {
                    claim: name.clone(),
                    claimed: shown(said),
                    found: shown(is),
                });
            }
        }
    }

    fn list<'v>(&mut self, fields: &'v Map<String, Value>, key: &str) -> &'v [Value] {
        let list = fields.get(key).and_then(Value::as_array);
        if list.is_none() {
            self.wrong(format!("/{key}"), "a list");
        }
        list.map_or(&[], Vec::as_slice)
    }

    fn wrong(&mut self, pointer: String, expected: &str) {
        self.findings.push(Finding::Shape {
            pointer,
            expected: expected.to_owned(),
        });
    }
}
