//! The bundle: export, verification, and every kind of tampering found and named.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use std::collections::BTreeMap;

use baton_evidence::{
    attestation::{self, Statement, Subject},
    bundle::{Contents, Finding, Form, Report, export, html, verify},
    canonical,
    checkpoint::NoteSigner,
    json::{self, Limits},
    keys::{Entry as KeyEntry, Keyring, Kind, SigningKey},
    trace::{self, Blobs, Draft, Trace, Verdict},
};
use baton_terms::{Digest, Instant};
use serde_json::{Value, json};

const ORIGIN: &str = "baton.example/mission-1";
const PACKAGE: &[u8] = b"{\"title\":\"</script>\"}";
const SCORECARD: &[u8] = b"{\"posture\":\"ready\"}";

fn now() -> Instant {
    "2026-12-01T00:00:00Z".parse().unwrap()
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn holder(seed: u8, name: &str) -> KeyEntry {
    KeyEntry {
        name: name.parse().unwrap(),
        identity: format!("{name}@example.com"),
        public_key: key(seed).public_key(),
        kind: Kind::Service,
        roles: Vec::new(),
        valid_from: None,
        valid_until: None,
        revoked_at: None,
    }
}

fn keyring() -> Keyring {
    Keyring::new([holder(1, "log"), holder(2, "ana")])
}

fn draft(minute: usize) -> Draft {
    let digests = [("package", PACKAGE), ("scorecard", SCORECARD)];
    Draft {
        time: format!("2026-11-20T09:0{minute}:00Z").parse().unwrap(),
        kind: "decision".parse().unwrap(),
        subject: "handoff-1".to_owned(),
        actor: None,
        digests: digests
            .iter()
            .map(|(name, bytes)| (name.parse().unwrap(), Digest::of(bytes)))
            .collect(),
        detail: json!({ "minute": minute }).as_object().cloned().unwrap(),
    }
}

fn envelope(seed: u8, subject: Digest) -> Vec<u8> {
    let statement = Statement {
        subjects: vec![Subject::new("scorecard", subject)],
        predicate_type: attestation::SVR.to_owned(),
        predicate: json!({
            "verifier": { "id": "https://baton.example" },
            "timeCreated": "2026-11-20T09:00:00Z",
            "properties": ["BATON_READY"],
        })
        .as_object()
        .cloned()
        .unwrap(),
    };
    attestation::sign(&statement, &key(seed))
}

/// A bundle of `size` entries, an earlier checkpoint of one entry less, and an attestation.
fn bundle(size: usize) -> Vec<u8> {
    let mut trace = Trace::new();
    let key = key(1);
    let mut checkpoints = Vec::new();
    for minute in 0..size {
        trace.append(draft(minute)).unwrap();
        let signer = NoteSigner::new(ORIGIN, &key).unwrap();
        checkpoints.push(trace.seal(ORIGIN, &[signer]).unwrap());
    }
    let (last, earlier) = checkpoints.split_last().unwrap();
    let earlier: Vec<&[u8]> = earlier.iter().map(Vec::as_slice).collect();
    let blobs: Blobs<'_> = BTreeMap::from([
        (Digest::of(PACKAGE), PACKAGE),
        (Digest::of(SCORECARD), SCORECARD),
    ]);
    let attestation = envelope(2, Digest::of(SCORECARD));
    let contents = Contents {
        entries: trace.entries(),
        checkpoint: last,
        earlier: earlier.last().map_or(&[], std::slice::from_ref),
        blobs: &blobs,
        attestations: &[&attestation],
        keys: &keyring(),
    };
    export(&contents).unwrap()
}

fn check(bytes: &[u8]) -> Report {
    verify(bytes, Some(&keyring()), now())
}

fn read(bytes: &[u8]) -> Value {
    json::read(bytes, Limits::EVIDENCE).unwrap()
}

/// Verifies a bundle after a change, with claims that were not adapted to it.
fn after(size: usize, change: impl FnOnce(&mut Value)) -> Vec<Finding> {
    let mut value = read(&bundle(size));
    change(&mut value);
    check(&canonical::to_bytes(&value)).findings
}

fn is_claim(finding: &Finding) -> bool {
    matches!(finding, Finding::ClaimDiffers { .. })
}

/// The findings but for untrue claims, which every change of a count brings.
fn without_claims(findings: Vec<Finding>) -> Vec<Finding> {
    findings
        .into_iter()
        .filter(|finding| !is_claim(finding))
        .collect()
}

// spec: EVIDENCE-70
#[test]
fn an_exported_bundle_verifies_with_the_signers_keys_alone() {
    for size in 1..5 {
        let report = check(&bundle(size));
        assert_eq!(report.findings, [], "{size} entries");
        assert_eq!(report.verdict(), Verdict::Verified);
        assert_eq!(report.form, Form::Json);
        assert_eq!(report.coverage.trace.sealed, u64::try_from(size).unwrap());
        assert_eq!(report.coverage.trace.blobs, 2);
        assert_eq!(report.coverage.attestations_verified, 1);
    }
    // The file is the golden form: the same contents give these bytes in every build.
    assert_eq!(
        bundle(4),
        include_bytes!("../../../corpus/bundle/valid.json")
    );
}

// spec: EVIDENCE-71
#[test]
fn keys_inside_the_bundle_are_never_trusted() {
    let bytes = bundle(2);
    let report = verify(&bytes, None, now());
    assert_eq!(report.verdict(), Verdict::Untrusted);
    assert_eq!(report.findings, [Finding::NoTrustedKeys]);

    let strangers = Keyring::new([holder(8, "eve")]);
    let report = verify(&bytes, Some(&strangers), now());
    assert_eq!(report.verdict(), Verdict::Untrusted);
    assert_eq!(report.coverage.trace.sealed, 0);
    assert_eq!(report.coverage.attestations_verified, 0);

    let only_log = Keyring::new([holder(1, "log")]);
    let report = verify(&bytes, Some(&only_log), now());
    assert_eq!(report.verdict(), Verdict::Untrusted);
    let names: Vec<u16> = report
        .findings
        .iter()
        .map(|finding| finding.code().number())
        .collect();
    assert_eq!(names, [777, 775]);

    let renamed = Keyring::new([holder(1, "log"), holder(2, "eve")]);
    let report = verify(&bytes, Some(&renamed), now());
    assert_eq!(report.verdict(), Verdict::Refused);
    assert!(matches!(report.findings[..], [Finding::KeyDiffers { .. }]));
}

// spec: EVIDENCE-72
#[test]
fn no_flipped_bit_verifies() {
    let bytes = bundle(1);
    let flipped: Vec<usize> = (0..bytes.len() * 8).collect();
    let halves = flipped.chunks(flipped.len().div_ceil(2));
    std::thread::scope(|scope| {
        for half in halves {
            let mut changed = bytes.clone();
            scope.spawn(move || {
                let keys = keyring();
                for bit in half {
                    changed[bit / 8] ^= 1 << (bit % 8);
                    let report = verify(&changed, Some(&keys), now());
                    assert_eq!(report.verdict(), Verdict::Refused, "bit {bit}");
                    changed[bit / 8] ^= 1 << (bit % 8);
                }
            });
        }
    });
}

// spec: EVIDENCE-72
#[test]
fn a_bundle_cut_anywhere_is_refused() {
    let bytes = bundle(1);
    for length in 0..bytes.len() {
        let report = check(&bytes[..length]);
        assert_eq!(report.verdict(), Verdict::Refused, "{length} bytes");
    }
    let longer = check(&[bytes.as_slice(), b"\n"].concat());
    assert_eq!(
        longer.findings,
        [Finding::NotCanonical {
            offset: bytes.len()
        }]
    );
}

// spec: EVIDENCE-72
#[test]
fn tampered_entries_are_named() {
    let trace = |finding| vec![Finding::Trace(finding)];
    for at in 0..4 {
        let sequence = u64::try_from(at).unwrap();
        let changed = after(4, |bundle| {
            bundle["entries"][at]["detail"]["minute"] = 9.into();
        });
        let expected = trace(trace::Finding::EntryChanged { sequence });
        assert_eq!(changed, expected);

        let removed = without_claims(after(4, |bundle| {
            bundle["entries"].as_array_mut().unwrap().remove(at);
        }));
        let expected = if at == 3 {
            trace::Finding::Truncated { first: 3, last: 3 }
        } else {
            trace::Finding::EntriesRemoved {
                first: sequence,
                last: sequence,
            }
        };
        assert_eq!(removed, trace(expected));

        let repeated = without_claims(after(4, |bundle| {
            let entries = bundle["entries"].as_array_mut().unwrap();
            entries.insert(at + 1, entries[at].clone());
        }));
        let line = sequence + 2;
        assert_eq!(
            repeated,
            trace(trace::Finding::EntryRepeated { sequence, line })
        );
    }
    let swapped = after(4, |bundle| {
        bundle["entries"].as_array_mut().unwrap().swap(0, 3);
    });
    let moved = |sequence, line| Finding::Trace(trace::Finding::EntryMoved { sequence, line });
    assert_eq!(swapped.len(), 2, "{swapped:?}");
    assert!(swapped.contains(&moved(0, 4)) && swapped.contains(&moved(3, 1)));
    let cut = without_claims(after(4, |bundle| {
        bundle["entries"].as_array_mut().unwrap().truncate(1);
    }));
    assert_eq!(cut, trace(trace::Finding::Truncated { first: 1, last: 3 }));
}

// spec: EVIDENCE-73
#[test]
fn tampered_blobs_checkpoints_and_claims_are_named() {
    let package = Digest::of(PACKAGE);
    let missing = without_claims(after(2, |bundle| {
        bundle["blobs"]
            .as_object_mut()
            .unwrap()
            .remove(&package.hex());
    }));
    let is_missing = |digest: Digest| move |finding: &Finding| matches!(finding, Finding::Trace(trace::Finding::BlobMissing { digest: found, .. }) if *found == digest);
    assert!(
        missing.len() == 1 && missing.iter().all(is_missing(package)),
        "{missing:?}"
    );

    let changed = after(2, |bundle| bundle["blobs"][package.hex()] = "AAAA".into());
    let found = Digest::of(&[0, 0, 0]);
    let digest = package;
    let expected = Finding::Trace(trace::Finding::BlobChanged { digest, found });
    assert_eq!(changed, [expected]);

    let stray = without_claims(after(2, |bundle| {
        bundle["blobs"][Digest::of(b"").hex()] = "".into();
    }));
    assert_eq!(
        stray,
        [Finding::BlobUnnamed {
            digest: Digest::of(b"")
        }]
    );

    let rolled_back = without_claims(after(2, |bundle| {
        bundle["checkpoints"].as_array_mut().unwrap().reverse();
        bundle["entries"].as_array_mut().unwrap().pop();
    }));
    let expected = Finding::Trace(trace::Finding::RolledBack { seen: 2, now: 1 });
    assert_eq!(rolled_back, [expected]);

    for (claim, value) in [
        ("entries", json!(3)),
        ("blobs", json!(3)),
        ("origin", json!("other")),
        ("root", json!(package.to_string())),
        ("keyring", json!(package.to_string())),
        ("attestations", json!([])),
        ("checkpoints", json!([])),
        ("more", json!(true)),
    ] {
        let findings = after(2, |bundle| bundle["claims"][claim] = value);
        let [Finding::ClaimDiffers { claim: named, .. }] = findings.as_slice() else {
            panic!("{claim}: {findings:?}");
        };
        assert_eq!(named, claim);
    }
}

// spec: EVIDENCE-74
#[test]
fn attestations_are_verified_and_must_be_about_the_trace() {
    let with = |envelope: Vec<u8>| {
        without_claims(after(1, |bundle| {
            bundle["attestations"][0] = read(&envelope);
        }))
    };
    let foreign = with(envelope(2, Digest::of(b"elsewhere")));
    assert_eq!(foreign, [Finding::AttestationUnrelated { number: 1 }]);

    let stranger = with(envelope(9, Digest::of(SCORECARD)));
    assert!(
        matches!(
            stranger[..],
            [Finding::AttestationRefused {
                number: 1,
                weight: trace::Weight::Untrusted,
                ..
            }]
        ),
        "{stranger:?}"
    );
    let mut forged = read(&envelope(2, Digest::of(SCORECARD)));
    let other = read(&envelope(2, Digest::of(PACKAGE)));
    forged["payload"] = other["payload"].clone();
    let forged = with(canonical::to_bytes(&forged));
    assert!(
        matches!(
            forged[..],
            [Finding::AttestationRefused {
                number: 1,
                weight: trace::Weight::Broken,
                ..
            }]
        ),
        "{forged:?}"
    );
    let garbage = with(b"{}".to_vec());
    assert!(matches!(
        garbage[..],
        [Finding::AttestationRefused { number: 1, .. }]
    ));
}

// spec: EVIDENCE-73
#[test]
fn other_files_and_shapes_are_refused() {
    for bytes in [
        b"".as_slice(),
        b"{}",
        b"[]",
        b"{\"baton\":\"bundle/v2\"}",
        b"{\"baton\":\"bundle/v1\"}",
        b"\xff",
        b"<!doctype html>\n",
        b"<!doctype html>\n<script type=\"application/json\" id=\"bundle\">{}</script>",
    ] {
        assert_eq!(check(bytes).verdict(), Verdict::Refused, "{bytes:?}");
    }
    for field in [
        "attestations",
        "blobs",
        "checkpoints",
        "claims",
        "entries",
        "keyring",
    ] {
        let findings = after(1, |bundle| {
            bundle.as_object_mut().unwrap().remove(field);
        });
        assert!(!findings.is_empty(), "{field}");
    }
    let pretty = serde_json::to_vec_pretty(&read(&bundle(1))).unwrap();
    assert_eq!(
        check(&pretty).findings,
        [Finding::NotCanonical { offset: 1 }]
    );
}

// spec: EVIDENCE-75
#[test]
fn the_page_verifies_like_its_bundle_and_says_when_it_is_not_its_own() {
    let json = bundle(2);
    let page = html(&json);
    let report = check(&page);
    assert_eq!(
        (report.form, report.findings.as_slice()),
        (Form::Page, [].as_slice())
    );
    let text = String::from_utf8(page).unwrap();
    let lying = text.replace("Refused: something", "Good: nothing");
    let report = check(lying.as_bytes());
    assert_eq!(report.findings, [Finding::PageDiffers]);
    assert_eq!(report.verdict(), Verdict::InPart);
    let tampered = text.replacen("handoff-1", "handoff-2", 1);
    assert_eq!(check(tampered.as_bytes()).verdict(), Verdict::Refused);
}
