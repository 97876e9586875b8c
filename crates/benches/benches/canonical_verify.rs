//! Canonical form, attestations, traces and bundles beside the bare hash or signature check of the
//! same bytes: `cargo bench -p baton-benches --bench canonical_verify -- [--rounds N] [--entries N]`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measuring program stops at the first surprise"
)]

use std::collections::BTreeMap;
use std::num::NonZero;

use baton_benches::sample::{self, Quality};
use baton_benches::{Race, Unit};
use baton_evidence::attestation::{self, Expectation, ExpectedSubject, Statement, Subject};
use baton_evidence::bundle::{self, Contents};
use baton_evidence::canonical;
use baton_evidence::checkpoint::NoteSigner;
use baton_evidence::json::{self, Limits};
use baton_evidence::keys::{Entry, Keyring, Kind, SigningKey};
use baton_evidence::trace::{self, Draft, Level, Material, Trace, Trust};
use baton_terms::{Digest, Instant};
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const ORIGIN: &str = "baton.example/bench";
const PACKAGES: usize = 64;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |flag: &str, or: usize| {
        let mut from = arguments.iter().skip_while(|argument| *argument != flag);
        from.nth(1).map_or(or, |number| number.parse().unwrap())
    };
    let rounds = after("--rounds", 100);
    let entries = after("--entries", 1_000_000);
    canonical_form(rounds);
    envelope(rounds);
    let names = ["contract", "package", "evidence", "waivers", "scorecard"];
    for (shape, names) in [("note", names.get(..0)), ("decision", names.get(..))] {
        long_trace(shape, names.unwrap_or_default(), (entries, rounds / 10));
    }
    small_bundle(rounds);
}

fn unit(word: &'static str, count: usize) -> Unit {
    Unit {
        word,
        count: u32::try_from(count).unwrap(),
    }
}

fn now() -> Instant {
    "2027-01-01T00:00:00Z".parse().unwrap()
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn keyring() -> Keyring {
    Keyring::new([Entry {
        name: "log".parse().unwrap(),
        identity: "log@example.com".to_owned(),
        public_key: key().public_key(),
        kind: Kind::Service,
        roles: Vec::new(),
        valid_from: None,
        valid_until: None,
        revoked_at: None,
    }])
}

fn canonical_form(rounds: usize) {
    let packages = sample::packages(2, PACKAGES, Quality::Sound);
    let bytes: usize = packages.iter().map(Vec::len).sum();
    let read = |bytes: &Vec<u8>| json::read(bytes, Limits::PACKAGE).unwrap();
    let values: Vec<Value> = packages.iter().map(read).collect();
    for value in &values {
        let theirs = serde_json_canonicalizer::to_vec(value).unwrap();
        assert_eq!(canonical::to_bytes(value), theirs);
    }
    Race::new(unit("package", PACKAGES))
        .with("bare SHA-256 of the bytes", || {
            packages
                .iter()
                .map(Sha256::digest)
                .map(|hash| usize::from(hash[0]))
                .sum::<usize>()
        })
        .with("Baton: canonical form", || {
            values
                .iter()
                .map(|value| canonical::to_bytes(value).len())
                .sum::<usize>()
        })
        .with("Baton: canonical form, SHA-256", || {
            values.iter().map(canonical::digest).collect::<Vec<_>>()
        })
        .with("Baton: strict read, canonical form, SHA-256", || {
            packages
                .iter()
                .map(|bytes| canonical::digest(&read(bytes)))
                .collect::<Vec<_>>()
        })
        .with("serde_json_canonicalizer, SHA-256", || {
            let digest = |value| Sha256::digest(serde_json_canonicalizer::to_vec(value).unwrap());
            values.iter().map(digest).collect::<Vec<_>>()
        })
        .run(
            &format!(
                "Canonical form of parsed packages of {} bytes",
                bytes / PACKAGES
            ),
            rounds,
        );
}

fn envelope(rounds: usize) {
    let subject = Digest::of(b"scorecard");
    let predicate = json!({"verifier": {"id": "https://baton.example"},
        "timeCreated": "2026-11-20T09:00:00Z", "properties": ["BATON_READY"]});
    let statement = Statement {
        subjects: vec![Subject::new("scorecard", subject)],
        predicate_type: attestation::SVR.to_owned(),
        predicate: predicate.as_object().cloned().unwrap(),
    };
    let envelope = attestation::sign(&statement, &key());
    let expectation = Expectation {
        subjects: vec![ExpectedSubject {
            name: None,
            digest: subject,
        }],
        predicate_types: vec![attestation::SVR.to_owned()],
        threshold: NonZero::<usize>::MIN,
        signer: None,
    };
    let keyring = keyring();
    let payload = canonical::to_bytes(&statement.to_value());
    let message = attestation::pre_authentication_encoding(attestation::PAYLOAD_TYPE, &payload);
    let signature = Signature::from_bytes(&key().sign(&message));
    let public = VerifyingKey::from_bytes(key().public_key().as_bytes()).unwrap();
    Race::new(unit("envelope", 50))
        .with("bare ed25519 verify_strict of the message", || {
            (0..50).for_each(|_| public.verify_strict(&message, &signature).unwrap());
        })
        .with("Baton: verify the DSSE envelope", || {
            for _ in 0..50 {
                attestation::verify(&envelope, &keyring, now(), &expectation).unwrap();
            }
        })
        .run(
            &format!("An attestation of {} bytes", envelope.len()),
            rounds,
        );
}

fn trace(shape: &str, names: &[&str], entries: usize) -> Trace {
    let mut trace = Trace::new();
    for number in 0..entries {
        let digest = Digest::of(&number.to_be_bytes());
        let detail = json!({"posture": "ready", "score": 8125, "risk": 500});
        let draft = Draft {
            time: "2026-11-20T09:00:00Z".parse().unwrap(),
            kind: shape.parse().unwrap(),
            subject: format!("handoff-{number}"),
            actor: Some("ana@example.com".to_owned()),
            digests: names
                .iter()
                .map(|name| (name.parse().unwrap(), digest))
                .collect(),
            detail: detail.as_object().cloned().unwrap(),
        };
        trace.append(draft).unwrap();
    }
    trace
}

fn sealed(trace: &Trace) -> Vec<u8> {
    let key = key();
    let signer = NoteSigner::new(ORIGIN, &key).unwrap();
    trace.seal(ORIGIN, &[signer]).unwrap()
}

fn long_trace(shape: &str, names: &[&str], (entries, rounds): (usize, usize)) {
    let trace = trace(shape, names, entries);
    let checkpoint = sealed(&trace);
    let keyring = keyring();
    let trust = Trust {
        keys: &keyring,
        as_of: now(),
        origin: Some(ORIGIN),
    };
    let material = Material {
        entries: trace.entries(),
        checkpoint: Some(&checkpoint),
        earlier: &[],
        blobs: None,
    };
    let bytes = trace.entries().len();
    let lines: Vec<&[u8]> = trace.entries().split(|byte| *byte == b'\n').collect();
    Race::new(unit("entry", entries))
        .with("bare SHA-256 of the bytes, at once", || {
            Sha256::digest(trace.entries())
        })
        .with("bare SHA-256 of each line", || {
            lines
                .iter()
                .map(|line| usize::from(Sha256::digest(line)[0]))
                .sum::<usize>()
        })
        .with("Baton: verify chain, tree and checkpoint", || {
            assert!(trace::verify(&material, trust, Level::Chain).is_verified());
        })
        .run(
            &format!(
                "A trace of {entries} entries of kind `{shape}`, {} bytes each",
                bytes / entries
            ),
            rounds,
        );
}

fn small_bundle(rounds: usize) {
    let entries = 1000;
    let names = ["contract", "package", "evidence", "waivers", "scorecard"];
    let trace = trace("decision", &names, entries);
    // What `trace` names in its entries.
    let blobs: Vec<Vec<u8>> = (0..entries)
        .map(|number: usize| number.to_be_bytes().to_vec())
        .collect();
    let blobs: BTreeMap<Digest, &[u8]> = blobs
        .iter()
        .map(|bytes| (Digest::of(bytes), bytes.as_slice()))
        .collect();
    let keyring = keyring();
    let contents = Contents {
        entries: trace.entries(),
        checkpoint: &sealed(&trace),
        earlier: &[],
        blobs: &blobs,
        attestations: &[],
        keys: &keyring,
    };
    let bytes = bundle::export(&contents).unwrap();
    let report = bundle::verify(&bytes, Some(&keyring), now());
    assert!(report.is_verified(), "{:?}", report.findings.first());
    Race::new(unit("bundle", 1))
        .with("bare SHA-256 of the bytes", || Sha256::digest(&bytes))
        .with("serde_json parse of the bytes", || {
            serde_json::from_slice::<Value>(&bytes).unwrap()
        })
        .with("Baton: verify the bundle", || {
            assert!(bundle::verify(&bytes, Some(&keyring), now()).is_verified());
        })
        .run(
            &format!("A bundle of {entries} entries, {} bytes", bytes.len()),
            rounds,
        );
}
