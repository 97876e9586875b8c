//! Prints a signed envelope, its public key and its statement's digest as one JSON object, for
//! other implementations to verify: `cargo run --example sign_statement -- <64 hex digits of seed>`.
#![expect(clippy::print_stdout, reason = "printing is what this example is for")]

use baton_evidence::{
    attestation::{Statement, Subject, TEST_RESULT, sign},
    canonical,
    keys::SigningKey,
};
use baton_terms::Digest;
use serde_json::{Map, Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let seed = std::env::args()
        .nth(1)
        .ok_or("expected the seed as 64 hex digits")?;
    let key = SigningKey::from_seed(Digest::from_hex(&seed)?.as_bytes());
    let predicate = Map::from_iter([
        ("result".to_owned(), Value::from("PASSED")),
        ("configuration".to_owned(), json!([{ "name": "ci.yaml" }])),
        ("passedTests".to_owned(), json!(["unit", "integration"])),
    ]);
    let statement = Statement {
        subjects: vec![Subject::new("app.tar", Digest::of(b"the artifact"))],
        predicate_type: TEST_RESULT.to_owned(),
        predicate,
    };
    let envelope = String::from_utf8(sign(&statement, &key))?;
    let payload = canonical::to_bytes(&statement.to_value());
    println!(
        "{}",
        json!({
            "envelope": envelope,
            "public_key_pem": key.public_key().to_pem(),
            "key_id": key.public_key().id().to_string(),
            "payload_digest": Digest::of(&payload).to_string(),
        })
    );
    Ok(())
}
