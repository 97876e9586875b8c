//! Attestations: what is signed, what is accepted, and each reason to refuse.
#![expect(clippy::unwrap_used, reason = "a test reports by panicking")]

use std::num::NonZero;

use baton_evidence::{
    attestation::{
        DECISION, Expectation, ExpectedSubject, Predicate, SLSA_PROVENANCE, SVR, SignerPattern,
        Statement, Subject, TEST_RESULT, TestOutcome, Verified, countersign,
        pre_authentication_encoding, sign, verify,
    },
    keys::{Entry, Keyring, Kind, PublicKey, SigningKey},
};
use baton_terms::{Diagnostic, Digest, Instant};
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: &str = "2026-11-20T09:00:00Z";

fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

fn entry(name: &str, seed: u8) -> Entry {
    Entry {
        name: name.parse().unwrap(),
        identity: format!("{}@example.com", name.split('-').next().unwrap()),
        public_key: key(seed).public_key(),
        kind: Kind::Human,
        roles: Vec::new(),
        valid_from: None,
        valid_until: None,
        revoked_at: None,
    }
}

/// Seeds: 1 and 2 are good, 3 revoked, 4 expired, 5 not yet valid, 6 another key of 1's holder.
fn keyring() -> Keyring {
    let revoked_at = Some(instant("2026-11-20T08:00:00Z"));
    let valid_until = Some(instant("2026-11-20T09:00:00Z"));
    let valid_from = Some(instant("2026-11-20T09:00:01Z"));
    Keyring::new([
        entry("ana-laptop", 1),
        entry("ben", 2),
        Entry {
            revoked_at,
            ..entry("cem", 3)
        },
        Entry {
            valid_until,
            ..entry("dan", 4)
        },
        Entry {
            valid_from,
            ..entry("eva", 5)
        },
        entry("ana-phone", 6),
    ])
}

fn artifact() -> Digest {
    Digest::of(b"the artifact")
}

fn passed() -> Value {
    json!({ "result": "PASSED", "configuration": [{ "name": "ci.yaml" }], "passedTests": ["unit"] })
}

fn statement(predicate_type: &str, predicate: &Value) -> Statement {
    Statement {
        subjects: vec![Subject::new("app.tar", artifact())],
        predicate_type: predicate_type.into(),
        predicate: predicate.as_object().unwrap().clone(),
    }
}

fn expectation() -> Expectation {
    Expectation {
        subjects: vec![ExpectedSubject {
            name: None,
            digest: artifact(),
        }],
        predicate_types: [TEST_RESULT, SLSA_PROVENANCE, SVR, DECISION]
            .map(str::to_owned)
            .into(),
        threshold: NonZero::<usize>::MIN,
        signer: None,
    }
}

fn verified(bytes: &[u8], expectation: &Expectation) -> Result<Verified, Vec<Diagnostic>> {
    verify(bytes, &keyring(), instant(NOW), expectation)
}

/// Checks the codes and pointers that an envelope is refused with; none means that it verifies.
fn check(bytes: &[u8], expectation: &Expectation, expected: &[&str]) {
    let problems = verified(bytes, expectation).err().unwrap_or_default();
    let found: Vec<String> = problems
        .iter()
        .map(|problem| format!("{} {}", problem.code, problem.place.pointer))
        .collect();
    assert_eq!(found, expected);
    for problem in problems
        .iter()
        .filter(|problem| problem.code.number() >= 700)
    {
        assert!(
            !problem.expected.is_empty() && !problem.hint.is_empty(),
            "{problem:?}"
        );
    }
}

fn signed_by(seeds: &[u8]) -> Vec<u8> {
    let (first, rest) = seeds.split_first().unwrap();
    let mut bytes = sign(&statement(TEST_RESULT, &passed()), &key(*first));
    for seed in rest {
        bytes = countersign(&bytes, &key(*seed)).unwrap();
    }
    bytes
}

/// Returns a good envelope with its JSON changed.
fn changed(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut envelope: Value = serde_json::from_slice(&signed_by(&[1])).unwrap();
    change(&mut envelope);
    envelope.to_string().into_bytes()
}

/// Returns an envelope whose payload is any JSON, properly signed.
fn signed_payload(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut payload = statement(TEST_RESULT, &passed()).to_value();
    change(&mut payload);
    signed_bytes(
        payload.to_string().as_bytes(),
        "application/vnd.in-toto+json",
    )
}

fn signed_bytes(payload: &[u8], payload_type: &str) -> Vec<u8> {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE};
    let signature = key(1).sign(&pre_authentication_encoding(payload_type, payload));
    let envelope = json!({
        "payload": BASE64_URL_SAFE.encode(payload),
        "payloadType": payload_type,
        "signatures": [{ "sig": BASE64_URL_SAFE.encode(signature) }],
    });
    envelope.to_string().into_bytes()
}

// spec: EVIDENCE-24
#[test]
fn the_signed_bytes_are_those_of_the_specification() {
    assert_eq!(
        pre_authentication_encoding("http://example.com/HelloWorld", b"hello world"),
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    );
    assert_eq!(
        pre_authentication_encoding("é", b""),
        "DSSEv1 2 é 0 ".as_bytes()
    );
}

// spec: EVIDENCE-25
#[test]
fn a_good_envelope_verifies_and_names_its_signer() {
    let verified = verified(&signed_by(&[1]), &expectation()).unwrap();
    assert_eq!(verified.signers.len(), 1);
    assert_eq!(verified.signers[0].identity, "ana@example.com");
    assert_eq!(verified.statement, statement(TEST_RESULT, &passed()));
    assert!(verified.warnings.is_empty());
    let Predicate::TestResult(result) = verified.predicate else {
        panic!("a test result");
    };
    assert_eq!(
        (result.outcome, result.passed),
        (TestOutcome::Passed, vec!["unit".to_owned()])
    );
}

// spec: EVIDENCE-25
#[test]
fn signing_is_reproducible() {
    assert_eq!(signed_by(&[1, 2]), signed_by(&[1, 2]));
}

// spec: EVIDENCE-26
#[test]
fn envelopes_that_are_none_are_refused() {
    check(b"not json", &expectation(), &["E0710 ", "E0101 "]);
    check(b"[]", &expectation(), &["E0711 "]);
    let missing = ["E0711 /payloadType", "E0711 /payload", "E0711 /signatures"];
    check(b"{}", &expectation(), &missing);
    check(
        &changed(|it| it["signatures"] = json!([])),
        &expectation(),
        &["E0711 /signatures"],
    );
    check(
        &changed(|it| it["payload"] = json!("a b")),
        &expectation(),
        &["E0713 /payload"],
    );
    let bad = changed(|it| it["signatures"][0]["sig"] = json!("*"));
    check(&bad, &expectation(), &["E0713 /signatures/0/sig"]);
    let many =
        changed(|it| it["signatures"] = Value::Array(vec![it["signatures"][0].clone(); 101]));
    check(&many, &expectation(), &["E0711 /signatures"]);
    check(&changed(|it| it["extra"] = json!(1)), &expectation(), &[]);
}

// spec: EVIDENCE-27
#[test]
fn only_in_toto_payloads_are_evidence() {
    let payload = statement(TEST_RESULT, &passed()).to_value().to_string();
    for (payload_type, expected) in [
        ("application/vnd.in-toto+json", &[][..]),
        ("application/vnd.in-toto.test-result+json", &[]),
        ("application/vnd.in-toto.+json", &["E0712 /payloadType"]),
        ("application/json", &["E0712 /payloadType"]),
        ("application/vnd.in-toto.a b+json", &["E0712 /payloadType"]),
    ] {
        check(
            &signed_bytes(payload.as_bytes(), payload_type),
            &expectation(),
            expected,
        );
    }
    // The type is signed too: changing it alone breaks the signature.
    let retyped = changed(|it| it["payloadType"] = json!("text/plain"));
    check(
        &retyped,
        &expectation(),
        &["E0722 /signatures/0", "E0712 /payloadType"],
    );
}

// spec: EVIDENCE-28
#[test]
fn keys_that_do_not_count_are_told_apart() {
    for (seed, expected) in [
        (3, "E0723 /signatures/0"),
        (4, "E0724 /signatures/0"),
        (5, "E0725 /signatures/0"),
        (9, "E0721 /signatures/0"),
    ] {
        check(&signed_by(&[seed]), &expectation(), &[expected]);
    }
    let swapped =
        changed(|it| it["signatures"][0]["keyid"] = json!(key(2).public_key().id().to_string()));
    check(&swapped, &expectation(), &["E0722 /signatures/0"]);
    let revoked_before = verify(
        &signed_by(&[3]),
        &keyring(),
        instant("2026-11-20T07:59:59Z"),
        &expectation(),
    );
    assert!(revoked_before.is_ok());
}

// spec: EVIDENCE-29
#[test]
fn the_key_id_is_only_a_hint() {
    for hint in [
        json!(""),
        json!("somebody"),
        json!(Digest::of(b"x").to_string()),
    ] {
        check(
            &changed(|it| it["signatures"][0]["keyid"] = hint),
            &expectation(),
            &[],
        );
    }
    let unset = changed(|it| {
        it["signatures"][0].as_object_mut().unwrap().remove("keyid");
    });
    check(&unset, &expectation(), &[]);
}

// spec: EVIDENCE-30
#[test]
fn a_quorum_needs_distinct_signers() {
    let two = Expectation {
        threshold: NonZero::new(2).unwrap(),
        ..expectation()
    };
    check(&signed_by(&[1, 2]), &two, &[]);
    check(&signed_by(&[1]), &two, &["E0727 /signatures"]);
    check(&signed_by(&[1, 1]), &two, &["E0728 /signatures"]);
    check(&signed_by(&[1, 6]), &two, &["E0728 /signatures"]);
    check(
        &signed_by(&[1, 3]),
        &two,
        &["E0723 /signatures/1", "E0727 /signatures"],
    );
    check(&signed_by(&[3, 1, 9, 2]), &two, &[]);
    let verified = verified(&signed_by(&[3, 1, 9, 2]), &two).unwrap();
    let warned: Vec<u16> = verified
        .warnings
        .iter()
        .map(|warning| warning.code.number())
        .collect();
    assert_eq!(warned, [723, 721]);
    let same = two.threshold;
    let identities: Vec<&str> = verified
        .signers
        .iter()
        .map(|signer| signer.identity.as_str())
        .collect();
    assert_eq!(
        (identities.len(), identities),
        (same.get(), vec!["ana@example.com", "ben@example.com"])
    );
}

// spec: EVIDENCE-31
#[test]
fn only_allowed_signers_count() {
    let by = |pattern: &str| Expectation {
        signer: Some(SignerPattern::new(pattern)),
        ..expectation()
    };
    check(&signed_by(&[1]), &by("ana@example.com"), &[]);
    check(&signed_by(&[1]), &by("*@example.com"), &[]);
    check(
        &signed_by(&[1]),
        &by(&key(1).public_key().id().to_string()),
        &[],
    );
    check(
        &signed_by(&[1]),
        &by("*@example.org"),
        &["E0726 /signatures/0"],
    );
    check(
        &signed_by(&[1]),
        &by(&key(2).public_key().id().to_string()),
        &["E0726 /signatures/0"],
    );
}

// spec: EVIDENCE-32
#[test]
fn the_statement_must_be_one_and_of_an_accepted_type() {
    check(
        &signed_bytes(b"{", "application/vnd.in-toto+json"),
        &expectation(),
        &["E0714 /payload", "E0102 /payload"],
    );
    check(
        &signed_bytes(b"{\"a\":1,\"a\":2}", "application/vnd.in-toto+json"),
        &expectation(),
        &["E0714 /payload", "E0103 /payload/a"],
    );
    check(
        &signed_payload(|it| it["_type"] = json!("https://in-toto.io/Statement/v0.1")),
        &expectation(),
        &["E0716 /payload/_type"],
    );
    check(
        &signed_payload(|it| it["subject"] = json!([])),
        &expectation(),
        &["E0715 /payload/subject"],
    );
    check(
        &signed_payload(|it| it["subject"][0]["digest"] = json!({})),
        &expectation(),
        &["E0715 /payload/subject/0/digest"],
    );
    check(
        &signed_payload(|it| it["subject"][0]["digest"]["sha256"] = json!("AB")),
        &expectation(),
        &["E0715 /payload/subject/0/digest/sha256"],
    );
    check(
        &signed_payload(|it| it["predicate"] = json!([])),
        &expectation(),
        &["E0715 /payload/predicate"],
    );
    check(
        &signed_payload(|it| it["predicateType"] = json!("https://example.com/other")),
        &expectation(),
        &["E0717 /payload/predicateType"],
    );
    check(
        &signed_payload(|it| it["predicate"]["result"] = json!("GREEN")),
        &expectation(),
        &["E0718 /payload/predicate/result"],
    );
    let none = Expectation {
        predicate_types: Vec::new(),
        ..expectation()
    };
    check(&signed_by(&[1]), &none, &["E0717 /payload/predicateType"]);
    let other = Expectation {
        predicate_types: vec!["https://example.com/other".into()],
        ..expectation()
    };
    check(
        &signed_payload(|it| it["predicateType"] = json!("https://example.com/other")),
        &other,
        &[],
    );
}

// spec: EVIDENCE-33
#[test]
fn the_statement_must_be_about_the_expected_bytes() {
    let about = |name: Option<&str>, digest: Digest| Expectation {
        subjects: vec![ExpectedSubject {
            name: name.map(str::to_owned),
            digest,
        }],
        ..expectation()
    };
    let other = Digest::of(b"another artifact");
    check(&signed_by(&[1]), &about(Some("app.tar"), artifact()), &[]);
    check(
        &signed_by(&[1]),
        &about(None, other),
        &["E0720 /payload/subject"],
    );
    check(
        &signed_by(&[1]),
        &about(Some("lib.tar"), artifact()),
        &["E0729 /payload/subject"],
    );
    let none = Expectation {
        subjects: Vec::new(),
        ..expectation()
    };
    check(&signed_by(&[1]), &none, &["E0720 /payload/subject"]);
    let unsupported =
        signed_payload(|it| it["subject"][0]["digest"] = json!({ "gitCommit": "d20ace79" }));
    check(&unsupported, &expectation(), &["E0719 /payload/subject"]);
    let elsewhere = signed_payload(|it| {
        it["predicate"]["configuration"][0]["digest"] = json!({ "sha256": other.hex() });
    });
    let problems = verified(&elsewhere, &about(None, other)).unwrap_err();
    assert_eq!(
        problems[0].found,
        "that digest only at /payload/predicate/configuration/0/digest/sha256"
    );
}

// spec: EVIDENCE-34
#[test]
fn an_unverified_payload_is_not_looked_at() {
    let forged = changed(|it| it["payload"] = json!("e30="));
    check(&forged, &expectation(), &["E0722 /signatures/0"]);
}

/// Checks the problems of one predicate, signed and otherwise in order.
fn check_predicate(predicate_type: &str, predicate: &Value, expected: &[&str]) {
    let bytes = sign(&statement(predicate_type, predicate), &key(1));
    let expected: Vec<String> = expected
        .iter()
        .map(|pointer| format!("E0718 /payload/predicate{pointer}"))
        .collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check(&bytes, &expectation(), &expected);
}

// spec: EVIDENCE-35
#[test]
fn predicates_have_the_fields_of_their_specifications() {
    check_predicate(
        TEST_RESULT,
        &json!({ "result": "WARNED", "configuration": [], "url": "https://ci", "warnedTests": ["a"] }),
        &[],
    );
    check_predicate(TEST_RESULT, &json!({}), &["/result", "/configuration"]);
    check_predicate(
        TEST_RESULT,
        &json!({ "result": "PASSED", "configuration": [1], "failedTests": ["a", 1] }),
        &["/configuration/0", "/failedTests/1", "/failedTests"],
    );
    let built = json!({
        "buildDefinition": { "buildType": "https://b", "externalParameters": { "ref": "main" }, "resolvedDependencies": [{ "uri": "git" }] },
        "runDetails": { "builder": { "id": "https://builder" }, "metadata": { "invocationId": "7", "startedOn": "2026-11-20T08:00:00Z" } },
    });
    check_predicate(SLSA_PROVENANCE, &built, &[]);
    check_predicate(
        SLSA_PROVENANCE,
        &json!({}),
        &["/buildDefinition", "/runDetails"],
    );
    let bare = json!({ "buildDefinition": {}, "runDetails": { "builder": {}, "metadata": { "startedOn": "now" } } });
    check_predicate(
        SLSA_PROVENANCE,
        &bare,
        &[
            "/buildDefinition/buildType",
            "/buildDefinition/externalParameters",
            "/runDetails/builder/id",
            "/runDetails/metadata/startedOn",
        ],
    );
    let holds = json!({ "verifier": { "id": "https://v", "policy": {} }, "timeCreated": "2026-11-20T08:00:00Z", "properties": ["A"] });
    check_predicate(SVR, &holds, &[]);
    check_predicate(
        SVR,
        &json!({ "verifier": {} }),
        &["/verifier/id", "/timeCreated", "/properties"],
    );
    check_predicate(DECISION, &json!({ "posture": "ready" }), &[]);
}

// spec: EVIDENCE-36
#[test]
fn an_envelope_signed_by_securesystemslib_verifies() {
    let envelope = include_bytes!("fixtures/securesystemslib.envelope.json");
    let public_key =
        PublicKey::from_pem(include_str!("fixtures/securesystemslib.public.pem")).unwrap();
    let python = Entry {
        public_key,
        kind: Kind::Service,
        ..entry("python", 1)
    };
    let subject = ExpectedSubject {
        name: Some("app.tar".into()),
        digest: artifact(),
    };
    let expectation = Expectation {
        subjects: vec![subject],
        ..expectation()
    };
    let verified = verify(
        envelope,
        &Keyring::new([python]),
        instant(NOW),
        &expectation,
    )
    .unwrap();
    assert!(matches!(verified.predicate, Predicate::TestResult(_)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    // spec: EVIDENCE-25
    #[test]
    fn no_changed_byte_of_an_envelope_changes_what_it_says(at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let good = signed_by(&[1]);
        let mut bad = good.clone();
        bad[at.index(good.len())] ^= 1 << bit;
        if let Ok(verified) = verified(&bad, &expectation()) {
            // Only the key id, an unauthenticated hint, and ignored fields may differ.
            prop_assert_eq!(verified.statement, statement(TEST_RESULT, &passed()));
            prop_assert_eq!(&verified.signers[0].identity, "ana@example.com");
        }
    }
}
