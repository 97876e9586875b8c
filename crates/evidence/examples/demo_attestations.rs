//! Writes the signed attestations of the shipped contracts' examples, byte for byte the same each time.
//!
//! `cargo run -p baton-evidence --example demo_attestations [CONTRACTS]` reads
//! `contracts/demo-attestations.json`, which names for each attestation the package it is about, who
//! signs it and what is said, and writes the DSSE envelopes beside the packages, the digests into
//! the packages, and the public keys into `contracts/demo-keyring.json`.
//!
//! The keys are no secret: each is made from the public text `demo <signer>`, so that anyone can make
//! these files again. A keyring for real work must never hold them.

#![expect(
    clippy::disallowed_methods,
    reason = "a program for the command line that writes example files"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use baton_evidence::attestation::{Statement, Subject, sign};
use baton_evidence::canonical;
use baton_evidence::json::{self, Limits};
use baton_evidence::keys::{Entry, Keyring, Kind, SigningKey};
use baton_terms::Digest;
use serde_json::{Map, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let contracts = std::env::args().nth(1).map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts"),
        PathBuf::from,
    );
    let plan = read(&contracts.join("demo-attestations.json"))?;
    let mut entries = BTreeMap::new();
    for attestation in list(&plan, "attestations")? {
        let signer = text(attestation, "signer")?;
        let key = demo_key(signer);
        entries.insert(signer.to_owned(), entry(signer, &key)?);
        write_attestation(&contracts, attestation, &key)?;
    }
    let keyring = Keyring::new(entries.into_values());
    fs::write(
        contracts.join("demo-keyring.json"),
        pretty(&keyring.to_bytes())?,
    )?;
    Ok(())
}

/// Returns the key anyone can make: its seed is the digest of a public text.
fn demo_key(signer: &str) -> SigningKey {
    SigningKey::from_seed(Digest::of(format!("demo {signer}").as_bytes()).as_bytes())
}

fn entry(signer: &str, key: &SigningKey) -> Result<Entry, Box<dyn Error>> {
    Ok(Entry {
        name: format!("demo-{signer}").parse()?,
        identity: format!("{signer}-demo@example.org"),
        public_key: key.public_key(),
        kind: Kind::Service,
        roles: Vec::new(),
        valid_from: None,
        valid_until: None,
        revoked_at: None,
    })
}

fn write_attestation(
    contracts: &Path,
    attestation: &Value,
    key: &SigningKey,
) -> Result<(), Box<dyn Error>> {
    let package_path = contracts.join(text(attestation, "package")?);
    let package = read(&package_path)?;
    let payload = package.get("payload").ok_or("package has no `payload`")?;
    let mut subjects = vec![Subject::new("payload", canonical::digest(payload))];
    for artifact in attestation
        .get("artifacts")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        subjects.push(Subject::new(
            text(artifact, "name")?,
            text(artifact, "digest")?.parse()?,
        ));
    }
    let statement = Statement {
        subjects,
        predicate_type: text(attestation, "predicate_type")?.to_owned(),
        predicate: object(attestation, "predicate")?,
    };
    let envelope = sign(&statement, key);
    let file = text(attestation, "path")?;
    fs::write(contracts.join(file), &envelope)?;
    record_digest(&package_path, file, Digest::of(&envelope))
}

/// Writes the digest of an envelope into the evidence index of the package it belongs to, where it
/// stands before the path of the file; everything else of the package keeps its form.
fn record_digest(path: &Path, file: &str, digest: Digest) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    let name = file.rsplit('/').next().unwrap_or(file);
    let marker = format!("\"path\": \"artifacts/{name}\"");
    let missing = || format!("`{}` does not list `{name}`", path.display());
    let (before, after) = text.split_once(&marker).ok_or_else(missing)?;
    let (before, old) = before.rsplit_once("\"digest\": \"").ok_or_else(missing)?;
    let (_, rest) = old.split_once('"').ok_or_else(missing)?;
    Ok(fs::write(
        path,
        format!("{before}\"digest\": \"{digest}\"{rest}{marker}{after}"),
    )?)
}

fn read(path: &Path) -> Result<Value, Box<dyn Error>> {
    let bytes =
        fs::read(path).map_err(|error| format!("failed to read `{}`: {error}", path.display()))?;
    json::read(&bytes, Limits::CONTRACT)
        .map_err(|problems| format!("`{}`: {problems:?}", path.display()).into())
}

fn pretty(canonical: &[u8]) -> Result<String, serde_json::Error> {
    let value: Value = serde_json::from_slice(canonical)?;
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

fn text<'v>(value: &'v Value, name: &str) -> Result<&'v str, String> {
    let found = value.get(name).and_then(Value::as_str);
    found.ok_or_else(|| format!("`{name}` is not a text in {value}"))
}

fn list<'v>(value: &'v Value, name: &str) -> Result<&'v Vec<Value>, String> {
    let found = value.get(name).and_then(Value::as_array);
    found.ok_or_else(|| format!("`{name}` is not a list"))
}

fn object(value: &Value, name: &str) -> Result<Map<String, Value>, String> {
    let found = value.get(name).and_then(Value::as_object);
    found
        .cloned()
        .ok_or_else(|| format!("`{name}` is not an object in {value}"))
}
