//! The in-toto Statement v1: which artifacts, by digest, and what is said about them.

use std::collections::BTreeMap;

use baton_terms::{Diagnostic, Digest};
use serde_json::{Map, Value, json};

use super::codes;
use crate::{
    json::{self, Limits},
    shape::{Object, Shape, clip},
};

/// The `_type` of every statement of this version.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// Where the statement stands in the pointers of diagnostics.
pub(super) const ROOT: &str = "/payload";

/// What is said, in one type of predicate, about some artifacts.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The artifacts.
    pub subjects: Vec<Subject>,
    /// The URI that says how to read the predicate.
    pub predicate_type: String,
    /// What is said.
    pub predicate: Map<String, Value>,
}

/// An artifact: an optional name, and its digests in hex by algorithm.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subject {
    /// What the producer calls it.
    pub name: Option<String>,
    /// Digests in hex by the name of their algorithm (in-toto digest set).
    pub digests: BTreeMap<String, String>,
}

impl Subject {
    /// Returns the artifact with a SHA-256 digest, under a name.
    pub fn new(name: impl Into<String>, digest: Digest) -> Self {
        Self {
            name: Some(name.into()),
            digests: BTreeMap::from([("sha256".to_owned(), digest.hex())]),
        }
    }

    /// Returns the SHA-256 digest, the algorithm Baton supports.
    pub fn digest(&self) -> Option<Digest> {
        let hex = self.digests.get("sha256")?;
        Digest::from_hex(hex).ok()
    }

    fn to_value(&self) -> Value {
        match &self.name {
            Some(name) => json!({ "name": name, "digest": self.digests }),
            None => json!({ "digest": self.digests }),
        }
    }
}

impl Statement {
    /// Returns the statement as JSON.
    pub fn to_value(&self) -> Value {
        let subjects: Vec<Value> = self.subjects.iter().map(Subject::to_value).collect();
        json!({
            "_type": STATEMENT_TYPE,
            "subject": subjects,
            "predicateType": self.predicate_type,
            "predicate": self.predicate,
        })
    }

    /// Reads the payload of an envelope; unknown fields are ignored, as the specification demands.
    ///
    /// # Errors
    /// With every problem found, pointing below `/payload`.
    pub fn parse(payload: &[u8]) -> Result<Self, Vec<Diagnostic>> {
        let value = json::read(payload, Limits::EVIDENCE).map_err(not_json)?;
        let mut shape = Shape::new(codes::STATEMENT_SHAPE);
        let statement = shape
            .object(&value, ROOT)
            .and_then(|object| Self::from_object(&mut shape, &object));
        match statement {
            Some(statement) if shape.problems.is_empty() => Ok(statement),
            _ => Err(shape.problems),
        }
    }

    fn from_object(shape: &mut Shape, object: &Object<'_>) -> Option<Self> {
        let found = shape.text(object, "_type");
        if let Some(found) = found.filter(|found| *found != STATEMENT_TYPE) {
            shape.problems.push(unknown_type(object.at("_type"), found));
        }
        let predicate_type = shape.text(object, "predicateType");
        let predicate = match object.get("predicate") {
            // Unset is treated the same as set but empty (statement layer specification).
            None => Some(Map::new()),
            Some(Value::Object(map)) => Some(map.clone()),
            other => {
                shape.wrong(object.at("predicate"), "an object", other);
                None
            }
        };
        let items = shape.list(object, "subject");
        if let Some(Value::Array(empty)) = object.get("subject")
            && empty.is_empty()
        {
            let expected = "at least one subject";
            shape.wrong(object.at("subject"), expected, object.get("subject"));
        }
        let subjects = items.iter();
        let subjects: Vec<Subject> = subjects
            .filter_map(|(item, pointer)| subject(shape, item, pointer))
            .collect();
        Some(Self {
            subjects,
            predicate_type: predicate_type?.to_owned(),
            predicate: predicate?,
        })
    }
}

fn subject(shape: &mut Shape, value: &Value, pointer: &str) -> Option<Subject> {
    let object = shape.object(value, pointer)?;
    let name = shape.optional_text(&object, "name").map(str::to_owned);
    let set = shape.child(&object, "digest")?;
    let Some(Value::Object(map)) = object.get("digest") else {
        return None;
    };
    if map.is_empty() {
        shape.wrong(
            object.at("digest"),
            "at least one digest",
            object.get("digest"),
        );
    }
    let mut digests = BTreeMap::new();
    for (algorithm, value) in map {
        let hex = value.as_str().unwrap_or_default();
        let is_good = match algorithm.as_str() {
            "sha256" => Digest::from_hex(hex).is_ok(),
            _ => !hex.is_empty(),
        };
        if is_good {
            digests.insert(algorithm.clone(), hex.to_owned());
        } else {
            shape.wrong(set.at(algorithm), "a digest in lower-case hex", Some(value));
        }
    }
    Some(Subject { name, digests })
}

fn unknown_type(pointer: String, found: &str) -> Diagnostic {
    Diagnostic::error(codes::STATEMENT_TYPE, "statement has an unknown type")
        .pointing_to(pointer)
        .expected(STATEMENT_TYPE)
        .found(clip(found))
        .hint("have its producer write in-toto Statement v1")
}

fn not_json(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for problem in &mut problems {
        // The reader's spans and pointers are those of the decoded payload.
        problem.place.span = None;
        problem.place.pointer.insert_str(0, ROOT);
    }
    let problem = Diagnostic::error(codes::PAYLOAD_NOT_JSON, "payload is not JSON")
        .pointing_to(ROOT)
        .expected("an in-toto statement in I-JSON")
        .found(problems.first().map_or("", |first| first.message.as_str()))
        .hint("sign the statement itself");
    problems.insert(0, problem);
    problems
}
