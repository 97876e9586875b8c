//! The published schemas and the readers agree: on every field taken away, filled with another kind
//! of value or added, and on the packages shipped as examples.
#![expect(
    clippy::unwrap_used,
    reason = "a failed precondition of a test is a failed test"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the shipped examples are files of the repository"
)]

use baton_evidence::json::Tree;
use std::collections::BTreeSet;
use std::path::Path;

use baton_contract::schema::PackageSchema;
use baton_evidence::keys::{self, Keyring, SigningKey};
use baton_scoring::facts::History;
use baton_scoring::package::Package;
use baton_scoring::schemas;
use baton_scoring::waivers::Waivers;
use serde_json::{Value, json};

/// One format: its schema, a document with every field, and whether its reader takes a document.
struct Format {
    schema: &'static str,
    whole: Value,
    reads: fn(&Value) -> bool,
}

fn formats() -> [Format; 4] {
    [
        Format {
            schema: schemas::PACKAGE,
            whole: package(),
            reads: |document| Package::read(document.clone()).is_ok(),
        },
        Format {
            schema: schemas::WAIVERS,
            whole: waivers(),
            reads: |document| Waivers::from_value(document).is_ok(),
        },
        Format {
            schema: schemas::HISTORY,
            whole: json!({"baton": "history/v1", "handoffs": 8, "accepted": 5, "needs_input": 2,
                          "declined": 1, "reopened": 0, "met": ["owner-named"]}),
            reads: |document| History::read(document).is_ok(),
        },
        Format {
            schema: keys::SCHEMA,
            whole: keyring(),
            reads: |document| Keyring::parse(document.to_string().as_bytes()).is_ok(),
        },
    ]
}

fn package() -> Value {
    json!({
        "baton": "package/v1",
        "contract": {"name": "design-to-build", "version": "1.2.0"},
        "work_item": "PAY-7",
        "sender": {"role": "designer", "team": "design", "kind": "agent", "actor": "helper",
                   "on_behalf_of": "ana"},
        "risk_tier": "low",
        "payload": {"title": "Checkout"},
        "evidence": [{
            "id": "prototype", "media_type": "text/html",
            "digest": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "created_at": "2026-11-01T00:00:00Z", "path": "files/prototype.html",
            "uri": "https://example.org/prototype"
        }],
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    })
}

fn waivers() -> Value {
    json!({"baton": "waivers/v1", "waivers": [{
        "id": "w-1", "contract": "design-to-build", "clause": "owner-named",
        "scope": {"work_item": "PAY-7", "team": "design"}, "reason": "The team is being formed.",
        "owner": "ana", "approver": "bo", "expires": "2026-12-01T00:00:00Z"
    }]})
}

fn keyring() -> Value {
    let key = SigningKey::from_seed(&[7; 32]).public_key();
    json!({"baton": "keyring/v1", "keys": [{
        "name": "ana-laptop", "identity": "ana@example.org", "public_key_pem": key.to_pem(),
        "kind": "human", "roles": ["designer"], "valid_from": "2026-01-01T00:00:00Z",
        "valid_until": "2028-01-01T00:00:00Z", "revoked_at": "2027-01-01T00:00:00Z"
    }]})
}

/// Every pointer of a document, outside the payload.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    let inner: Vec<(String, &Value)> = match value {
        _ if at == "/payload" => Vec::new(),
        Value::Object(fields) => fields.iter().map(|(key, v)| (key.clone(), v)).collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, v)| (index.to_string(), v))
            .collect(),
        _ => Vec::new(),
    };
    for (key, value) in inner {
        pointers(value, &format!("{at}/{key}"), found);
    }
}

/// The document without the value at a pointer, with other values there, and with fields added.
fn variants(whole: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    let mut places = Vec::new();
    pointers(whole, "", &mut places);
    let replacements = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(1_000_000_001),
        json!(""),
        json!(" "),
        json!("Some text"),
        json!("a".repeat(5000)),
        json!("../outside"),
        json!("/absolute"),
        json!("a//b"),
        json!("a/./b"),
        json!("a\\b"),
        json!("a..b/c.d"),
        json!("1.2"),
        json!("2026-11-20"),
        json!("sha256:aa"),
        json!("00-00000000000000000000000000000000-b7ad6b7169203331-01"),
        json!([]),
        json!({}),
        json!([null]),
    ];
    for place in places {
        for replacement in &replacements {
            let mut document = whole.clone();
            *document.pointer_mut(&place).unwrap() = replacement.clone();
            all.push((format!("`{place}` set to {replacement:.40}"), document));
        }
        if let Some((parent, key)) = place.rsplit_once('/') {
            let mut document = whole.clone();
            if let Some(Value::Object(fields)) = document.pointer_mut(parent) {
                fields.remove(key);
                all.push((format!("`{place}` taken away"), document));
            }
        }
        let mut document = whole.clone();
        if let Some(Value::Object(fields)) = document.pointer_mut(&place) {
            fields.insert("surprise".to_owned(), json!(1));
            all.push((format!("`{place}/surprise` added"), document));
        }
    }
    all
}

/// The names of all properties a schema declares.
fn properties(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::Object(declared)) = fields.get("properties") {
                found.extend(declared.keys().cloned());
            }
            fields.values().for_each(|inner| properties(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|item| properties(item, found)),
        _ => {}
    }
}

fn read_schema(text: &str) -> (Value, PackageSchema) {
    let schema: Value = serde_json::from_str(text).unwrap();
    let compiled = PackageSchema::compile(&schema).unwrap();
    (schema, compiled)
}

#[test]
fn schemas_and_readers_agree_on_every_field() {
    for format in formats() {
        let (schema, compiled) = read_schema(format.schema);
        let id = schema["$id"].clone();
        assert_eq!(
            compiled.validate(Tree::from(&format.whole).root()),
            [],
            "{id}"
        );
        assert!((format.reads)(&format.whole), "{id}");
        let variants = variants(&format.whole);
        assert!(variants.len() > 100, "{id}");
        for (change, document) in variants {
            let by_schema = compiled.is_valid(Tree::from(&document).root());
            let by_reader = (format.reads)(&document);
            assert_eq!(by_schema, by_reader, "{id}: {change} (schema, reader)");
        }
    }
}

#[test]
fn the_whole_documents_hold_every_field_of_their_schema() {
    for format in formats() {
        let (schema, _) = read_schema(format.schema);
        let mut declared = BTreeSet::new();
        properties(&schema, &mut declared);
        let mut places = Vec::new();
        pointers(&format.whole, "", &mut places);
        let held: BTreeSet<String> = places
            .iter()
            .filter_map(|place| place.rsplit('/').next())
            .map(str::to_owned)
            .collect();
        let missing: Vec<_> = declared.difference(&held).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", schema["$id"]);
    }
}

#[test]
fn shipped_examples_are_valid() {
    let (_, compiled) = read_schema(schemas::PACKAGE);
    let contracts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    let mut seen = 0;
    for folder in std::fs::read_dir(contracts).unwrap() {
        let examples = folder.unwrap().path().join("examples");
        let Ok(files) = std::fs::read_dir(examples) else {
            continue;
        };
        for file in files {
            let path = file.unwrap().path();
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let document: Value =
                    serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
                assert_eq!(
                    compiled.validate(Tree::from(&document).root()),
                    [],
                    "{}",
                    path.display()
                );
                seen += 1;
            }
        }
    }
    assert!(seen >= 40, "{seen} examples");
}
