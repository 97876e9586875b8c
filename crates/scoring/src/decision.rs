//! A check as a decision that can be recorded, and evaluated again from its record.
//!
//! Everything a check read is kept as canonical bytes under its digest; evaluating them again must
//! give the same scorecard, byte for byte.

use std::collections::BTreeMap;

use baton_contract::document::Document;
use baton_evidence::canonical::{self, CanonicalError};
use baton_evidence::json::{self, Limits};
use baton_evidence::trace::{Decision, Draft, Reproduction};
use baton_terms::{Diagnostic, Digest, Id, Instant, Source};
use serde_json::{Map, Value};

use crate::check::{CheckedContract, Inputs};
use crate::evidence::EvidenceIndex;
use crate::facts::{Context, History};
use crate::package::Package;
use crate::waivers::Waivers;
use crate::wire::{SEMANTICS, Scorecard};

/// What one decision read and produced.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Digests by name: contract, package, evidence, waivers, history, context and scorecard.
    pub digests: BTreeMap<Id, Digest>,
    /// The bytes behind them.
    pub blobs: BTreeMap<Digest, Vec<u8>>,
    /// Posture, score, risk, semantics and the digest of the keyring, for readers of the trace.
    pub detail: Map<String, Value>,
}

impl Record {
    /// Returns the record as the entry that every trace and stream keeps of a check.
    ///
    /// # Panics
    /// Never: the kind is an id.
    #[expect(clippy::expect_used, reason = "INVARIANT: `decision` is an id")]
    pub fn to_draft(&self, time: Instant, subject: &str, actor: Option<&str>) -> Draft {
        Draft {
            time,
            kind: "decision".parse().expect("an id"),
            subject: subject.to_owned(),
            actor: actor.map(str::to_owned),
            digests: self.digests.clone(),
            detail: self.detail.clone(),
        }
    }
}

/// Returns the record of a check; `contract_form` is the contract in normal form, as canonical bytes.
///
/// # Errors
/// When the scorecard has no canonical form.
pub fn record(
    contract_form: &[u8],
    inputs: &Inputs<'_>,
    scorecard: &Scorecard<'_>,
) -> Result<Record, CanonicalError> {
    let parts = [
        ("contract", contract_form.to_vec()),
        (
            "package",
            canonical::view_to_bytes(inputs.package.document()),
        ),
        ("evidence", canonical::to_bytes(&inputs.evidence.to_value())),
        ("waivers", canonical::to_bytes(&inputs.waivers.to_value())),
        ("history", canonical::to_bytes(&inputs.history.to_value())),
        ("context", canonical::to_bytes(&inputs.context.to_value())),
        ("scorecard", scorecard.to_bytes()?),
    ];
    let mut digests = BTreeMap::new();
    let mut blobs = BTreeMap::new();
    for (name, bytes) in parts {
        let digest = Digest::of(&bytes);
        // The names above are ids; one that were not would be missed by the replay test.
        digests.extend(name.parse::<Id>().map(|name| (name, digest)));
        blobs.insert(digest, bytes);
    }
    let mut detail = Map::new();
    detail.insert("semantics".to_owned(), SEMANTICS.into());
    detail.insert("posture".to_owned(), serde_json::json!(scorecard.posture));
    detail.insert("score".to_owned(), serde_json::json!(scorecard.score));
    detail.insert("risk".to_owned(), serde_json::json!(scorecard.risk));
    // By digest alone: a keyring may name people who have no part in this decision.
    if let Some(keyring) = scorecard.inputs.keyring {
        detail.insert("keyring".to_owned(), keyring.to_string().into());
    }
    Ok(Record {
        digests,
        blobs,
        detail,
    })
}

/// Evaluates a recorded decision again. Pure: everything comes from the record.
pub fn replay(decision: &Decision<'_>) -> Reproduction {
    repeated(decision, || {
        let contract = contract(bytes(decision, "contract")?)?;
        evaluate(&contract, decision)
    })
}

/// Evaluates a recorded decision again, as [`replay`] does, under a contract that was compiled from the recorded bytes before: they
/// need not be among the inputs.
pub fn replay_under(contract: &CheckedContract, decision: &Decision<'_>) -> Reproduction {
    repeated(decision, || {
        let mut recorded = decision.entry.draft().digests.iter();
        let is_recorded = |(name, digest): (&Id, &Digest)| {
            name.as_str() == "contract" && *digest == contract.digest()
        };
        if !recorded.any(is_recorded) {
            return Err("the decision rests on another contract".to_owned());
        }
        evaluate(contract, decision)
    })
}

fn repeated(
    decision: &Decision<'_>,
    evaluate: impl FnOnce() -> Result<Vec<u8>, String>,
) -> Reproduction {
    let recorded = decision
        .entry
        .draft()
        .detail
        .get("semantics")
        .and_then(Value::as_str);
    if recorded != Some(SEMANTICS) {
        let found = recorded.unwrap_or("none").to_owned();
        return Reproduction::UnknownSemantics { found };
    }
    match evaluate() {
        Ok(scorecard) => Reproduction::Produced(scorecard),
        Err(why) => Reproduction::Failed { why },
    }
}

fn evaluate(contract: &CheckedContract, decision: &Decision<'_>) -> Result<Vec<u8>, String> {
    let package = Package::read(value(decision, "package")?).map_err(first)?;
    let evidence = EvidenceIndex::read(&value(decision, "evidence")?).map_err(first)?;
    let waivers = Waivers::from_value(&value(decision, "waivers")?).map_err(first)?;
    let history = History::read(&value(decision, "history")?).map_err(first)?;
    let context = Context::read(&value(decision, "context")?).map_err(first)?;
    let inputs = Inputs {
        package: &package,
        evidence: &evidence,
        waivers: &waivers,
        history: &history,
        context: &context,
    };
    let scorecard = contract.check(&inputs).map_err(first)?;
    scorecard.to_bytes().map_err(|error| error.to_string())
}

fn contract(bytes: &[u8]) -> Result<CheckedContract, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the contract is not text".to_owned())?;
    let reading = Document::alone(Source::new("contract", text)).read_recorded();
    CheckedContract::compile(&reading).map_err(first)
}

fn bytes<'a>(decision: &Decision<'a>, name: &str) -> Result<&'a [u8], String> {
    let found = decision.inputs.iter().find(|(id, _)| id.as_str() == name);
    found
        .map(|(_, bytes)| *bytes)
        .ok_or_else(|| format!("the {name} is not recorded"))
}

fn value(decision: &Decision<'_>, name: &str) -> Result<Value, String> {
    json::read(bytes(decision, name)?, Limits::RECORDED).map_err(first)
}

fn first(diagnostics: Vec<Diagnostic>) -> String {
    let first = diagnostics.into_iter().next();
    first.map_or_else(String::new, |problem| {
        format!("{}: {}", problem.code, problem.message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_terms::limits;

    const CONTRACT: &str = include_str!("../../../contracts/qa-to-release/contract.yaml");
    const SCHEMA: &str = include_str!("../../../contracts/qa-to-release/package.schema.json");
    const OUTPUTS: &str = include_str!("../../../contracts/qa-to-release/outputs.schema.json");

    /// Reads the contract with something added to its schema.
    fn compiled(added: &Value) -> (Result<CheckedContract, Vec<Diagnostic>>, Vec<u8>) {
        let mut schema: Value = serde_json::from_str(SCHEMA).unwrap();
        schema["properties"]["added"] = added.clone();
        let file = |name: &str, text: String| (name.to_owned(), Source::new(name, text));
        let document = Document {
            main: Source::new("contract.yaml", CONTRACT),
            files: BTreeMap::from([
                file("package.schema.json", schema.to_string()),
                file("outputs.schema.json", OUTPUTS.to_owned()),
            ]),
        };
        let reading = document.read();
        let form = reading.normal_form().unwrap();
        (
            CheckedContract::compile(&reading),
            canonical::to_bytes(&form),
        )
    }

    #[test]
    fn a_record_longer_than_any_file_it_was_made_of_is_read_again() {
        let room = limits::CONTRACT_BYTES_MAX - SCHEMA.len() - 100;
        let added = serde_json::json!({"type": "string", "description": "x".repeat(room)});
        let (checked, bytes) = compiled(&added);
        assert!(bytes.len() > limits::CONTRACT_BYTES_MAX);
        let again = contract(&bytes).unwrap();
        assert_eq!(again.digest(), checked.unwrap().digest());
    }

    #[test]
    fn a_contract_too_deep_to_be_recorded_is_not_checked() {
        let deep = |levels: usize| {
            let mut schema = serde_json::json!({"type": "string"});
            for _ in 0..levels {
                schema = serde_json::json!({"type": "array", "items": schema});
            }
            compiled(&schema)
        };
        for levels in 50..62 {
            match deep(levels) {
                (Ok(checked), bytes) => {
                    assert_eq!(contract(&bytes).unwrap().digest(), checked.digest());
                }
                (Err(problems), _) => assert!(!problems.is_empty()),
            }
        }
        assert!(deep(50).0.is_ok() && deep(61).0.is_err());
        let told = contract(b"[").unwrap_err();
        assert!(told.starts_with('E') && told.contains(": "), "{told}");
    }
}
