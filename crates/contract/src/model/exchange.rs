//! What crosses the seam: the schema of the payload and the evidence that comes with it.

use baton_terms::{Elapsed, Id};
use serde_json::Value;

use crate::shape::{Fields, Object, Shape, TextKind, optional, required};

/// What one party provides: a payload schema and evidence requirements.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Exchange {
    /// Schema of the payload.
    pub schema: Option<Schema>,
    /// Evidence that comes with it.
    pub evidence: Vec<EvidenceRequirement>,
    /// JSON Pointer of the section.
    pub at: String,
}

/// A JSON Schema 2020-12, inline or from a file beside the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// The schema itself; `null` until the file it names is read.
    pub value: Value,
    /// Name of the file it stands in, when it is not inline.
    pub file: Option<String>,
}

/// One artifact that must or may come with the payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRequirement {
    /// Id, unique in its section.
    pub id: Id,
    /// What it is, in words.
    pub title: String,
    /// Accepted media types.
    pub media_types: Vec<String>,
    /// When it must be there.
    pub presence: Presence,
    /// Oldest acceptable age.
    pub max_age: Option<Elapsed>,
    /// Who must have signed it.
    pub signer: Option<Signer>,
    /// Accepted in-toto predicate types; empty when any artifact will do.
    pub predicate_types: Vec<String>,
    /// JSON Pointer of the requirement.
    pub at: String,
}

/// When evidence must be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// Always.
    Required,
    /// When an expression over the package holds.
    When(String),
    /// Never; it is looked at when it is there.
    Optional,
}

/// Who must have signed an artifact; both must match when both are given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signer {
    /// Key id (`sha256:` digest of the public key).
    pub key: Option<String>,
    /// Identity, with `*` for any run of characters.
    pub identity: Option<String>,
}

static SIGNER: Object = Object {
    name: "signer",
    doc: "Who must have signed the artifact.",
    fields: &[
        optional(
            "key",
            Shape::Text(TextKind::Line),
            "Key id, as `baton keys` prints it.",
        ),
        optional(
            "identity",
            Shape::Text(TextKind::Line),
            "Identity in the keyring, with `*` for any run of characters.",
        ),
    ],
};

static EVIDENCE: Object = Object {
    name: "evidence requirement",
    doc: "One artifact that comes with the payload.",
    fields: &[
        required(
            "id",
            Shape::Text(TextKind::Id),
            "Id, unique in its section.",
        ),
        required(
            "title",
            Shape::Text(TextKind::Line),
            "What it is, in words.",
        ),
        required(
            "media_types",
            Shape::List {
                item: &Shape::Text(TextKind::MediaType),
                min: 1,
                max: 20,
            },
            "Accepted media types.",
        ),
        optional(
            "required",
            Shape::Boolean,
            "Whether it must always be there.",
        ),
        optional(
            "when",
            Shape::Text(TextKind::Expression),
            "Expression over the package that decides whether it must be there.",
        ),
        optional(
            "max_age",
            Shape::Text(TextKind::Elapsed),
            "Oldest acceptable age.",
        ),
        optional(
            "digest",
            Shape::Choice(&[("sha256", "SHA-256 (FIPS 180-4).")]),
            "Digest algorithm that binds it; `sha256` when left out.",
        ),
        optional("signer", Shape::Object(&SIGNER), "Who must have signed it."),
        optional(
            "predicate_types",
            Shape::List {
                item: &Shape::Text(TextKind::Uri),
                min: 1,
                max: 20,
            },
            "Accepted in-toto predicate types; the artifact must then be a DSSE envelope.",
        ),
    ],
};

pub(super) static SHAPE: Object = Object {
    name: "exchange",
    doc: "What one party provides: a payload schema and evidence.",
    fields: &[
        optional(
            "schema",
            Shape::JsonSchema,
            "JSON Schema 2020-12 of the payload, inline.",
        ),
        optional(
            "schema_file",
            Shape::Text(TextKind::FileName),
            "Name of a file beside the contract that holds the schema.",
        ),
        optional(
            "evidence",
            Shape::List {
                item: &Shape::Object(&EVIDENCE),
                min: 0,
                max: 100,
            },
            "Artifacts that come with the payload.",
        ),
    ],
};

impl Exchange {
    pub(super) fn read(fields: &Fields<'_>) -> Self {
        let inline = fields.node("schema").map(|node| Schema {
            value: node.to_json(),
            file: None,
        });
        let beside = || {
            fields.text("schema_file").map(|file| Schema {
                value: Value::Null,
                file: Some(file),
            })
        };
        Self {
            schema: inline.or_else(beside),
            evidence: fields.list("evidence", EvidenceRequirement::read),
            at: fields.at(),
        }
    }
}

impl EvidenceRequirement {
    fn read(fields: &Fields<'_>) -> Option<Self> {
        let presence = match (fields.text("when"), fields.boolean("required")) {
            (Some(when), _) => Presence::When(when),
            (None, Some(false)) => Presence::Optional,
            (None, _) => Presence::Required,
        };
        Some(Self {
            id: fields.parse("id")?,
            title: fields.text("title").unwrap_or_default(),
            media_types: fields.texts("media_types", |text| Some(text.to_owned())),
            presence,
            max_age: fields.parse("max_age"),
            signer: fields.child("signer").map(|signer| Signer {
                key: signer.text("key"),
                identity: signer.text("identity"),
            }),
            predicate_types: fields.texts("predicate_types", |text| Some(text.to_owned())),
            at: fields.at(),
        })
    }
}
