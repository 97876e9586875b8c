//! The DSSE v1 envelope (github.com/secure-systems-lab/dsse): payload, its type, signatures.

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE},
};
use baton_terms::{Diagnostic, limits};
use serde_json::{Value, json};

use super::{Statement, codes};
use crate::{
    canonical,
    json::{self, Limits},
    keys::SigningKey,
    shape::{Object, Shape, clip},
};

/// The payload type of in-toto statements (envelope layer specification v1).
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// A decoded envelope.
pub(super) struct Envelope {
    pub(super) payload_type: String,
    pub(super) payload: Vec<u8>,
    pub(super) signatures: Vec<EnvelopeSignature>,
}

/// One signature; the key id is an unauthenticated hint.
pub(super) struct EnvelopeSignature {
    pub(super) key_id: Option<String>,
    pub(super) signature: Vec<u8>,
}

/// Returns a signed envelope of a statement, in canonical form.
pub fn sign(statement: &Statement, key: &SigningKey) -> Vec<u8> {
    let envelope = Envelope {
        payload_type: PAYLOAD_TYPE.to_owned(),
        payload: canonical::to_bytes(&statement.to_value()),
        signatures: Vec::new(),
    };
    envelope.signed(key)
}

/// Returns an envelope with one signature more, over the same payload bytes.
///
/// # Errors
/// When the bytes are no envelope.
pub fn countersign(envelope: &[u8], key: &SigningKey) -> Result<Vec<u8>, Vec<Diagnostic>> {
    Envelope::parse(envelope).map(|envelope| envelope.signed(key))
}

/// Returns the bytes that a signature covers: `DSSEv1`, then type and payload with their lengths.
pub fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "DSSEv1 {} {payload_type} {} ",
        payload_type.len(),
        payload.len()
    )
    .into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

impl Envelope {
    /// Reads an envelope; unknown fields are ignored, as the specification demands.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Vec<Diagnostic>> {
        let value = json::read(bytes, Limits::EVIDENCE).map_err(not_json)?;
        let mut shape = Shape::new(codes::ENVELOPE_SHAPE);
        let envelope = shape
            .object(&value, "")
            .and_then(|object| Self::from_object(&mut shape, &object));
        match envelope {
            Some(envelope) if shape.problems.is_empty() => Ok(envelope),
            _ => Err(shape.problems),
        }
    }

    fn from_object(shape: &mut Shape, object: &Object<'_>) -> Option<Self> {
        let payload_type = shape.text(object, "payloadType").map(str::to_owned);
        let payload = base64(shape, object, "payload");
        let items = shape.list(object, "signatures");
        if object.get("signatures").is_some_and(Value::is_array)
            && !(1..=limits::SIGNATURES_MAX).contains(&items.len())
        {
            let expected = format!("1 to {} signatures", limits::SIGNATURES_MAX);
            shape.wrong(object.at("signatures"), &expected, object.get("signatures"));
        }
        let mut signatures = Vec::new();
        for (item, pointer) in items.iter().take(limits::SIGNATURES_MAX) {
            let Some(object) = shape.object(item, pointer) else {
                continue;
            };
            let key_id = shape.optional_text(&object, "keyid");
            if let Some(signature) = base64(shape, &object, "sig") {
                signatures.push(EnvelopeSignature {
                    // Unset and empty mean the same (envelope specification, parsing rules).
                    key_id: key_id.filter(|id| !id.is_empty()).map(str::to_owned),
                    signature,
                });
            }
        }
        Some(Self {
            payload_type: payload_type?,
            payload: payload?,
            signatures,
        })
    }

    /// Returns the bytes that its signatures cover.
    pub(super) fn signed_bytes(&self) -> Vec<u8> {
        pre_authentication_encoding(&self.payload_type, &self.payload)
    }

    fn signed(mut self, key: &SigningKey) -> Vec<u8> {
        self.signatures.push(EnvelopeSignature {
            key_id: Some(key.public_key().id().to_string()),
            signature: key.sign(&self.signed_bytes()).to_vec(),
        });
        let signatures: Vec<Value> = self.signatures.iter().map(signature_value).collect();
        canonical::to_bytes(&json!({
            "payload": BASE64_STANDARD.encode(&self.payload),
            "payloadType": self.payload_type,
            "signatures": signatures,
        }))
    }
}

fn signature_value(signature: &EnvelopeSignature) -> Value {
    let sig = BASE64_STANDARD.encode(&signature.signature);
    match &signature.key_id {
        Some(key_id) => json!({ "keyid": key_id, "sig": sig }),
        None => json!({ "sig": sig }),
    }
}

/// Reads base64, standard or URL-safe: the specification allows both.
fn base64(shape: &mut Shape, object: &Object<'_>, key: &str) -> Option<Vec<u8>> {
    let text = shape.text(object, key)?;
    let decoded = BASE64_STANDARD
        .decode(text)
        .or_else(|_| BASE64_URL_SAFE.decode(text));
    if decoded.is_err() {
        shape.problems.push(
            Diagnostic::error(codes::BASE64, format!("`{key}` is not base64"))
                .pointing_to(object.at(key))
                .expected("base64 with padding (RFC 4648 section 4 or 5)")
                .found(clip(text))
                .hint("encode the exact bytes, without line breaks"),
        );
    }
    decoded.ok()
}

fn not_json(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let problem = Diagnostic::error(codes::NOT_JSON, "attestation is not JSON")
        .expected("a DSSE envelope in I-JSON")
        .found(problems.first().map_or("", |first| first.message.as_str()))
        .hint("check that the file is the envelope, and not the statement or a bundle");
    problems.insert(0, problem);
    problems
}
