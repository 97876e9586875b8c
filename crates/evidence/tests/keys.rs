//! Keys, their text forms, and the keyring file.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test reports by panicking"
)]

use baton_evidence::keys::{Entry, KeyState, Keyring, Kind, PublicKey, SigningKey, codes};
use baton_terms::Instant;
use serde_json::{Value, json};

/// RFC 8032 section 7.1, test 2: seed, public key, signature of the byte 0x72.
const SEED: &str = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
const PUBLIC: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
const SIGNATURE: &str = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    let digits = hex.as_bytes().chunks(2);
    let bytes: Vec<u8> = digits
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    bytes.try_into().unwrap()
}

fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

// spec: EVIDENCE-20
#[test]
fn signs_as_rfc_8032_says() {
    let key = SigningKey::from_seed(&bytes(SEED));
    assert_eq!(key.public_key().as_bytes(), &bytes::<32>(PUBLIC));
    assert_eq!(key.sign(&[0x72]), bytes::<64>(SIGNATURE));
    assert!(key.public_key().verifies(&[0x72], &bytes::<64>(SIGNATURE)));
    assert!(!key.public_key().verifies(&[0x73], &bytes::<64>(SIGNATURE)));
    assert!(!key.public_key().verifies(&[0x72], &[]));
}

// spec: EVIDENCE-20
#[test]
fn a_signature_with_a_flipped_bit_or_a_large_scalar_is_refused() {
    let key = PublicKey::from_bytes(&bytes(PUBLIC)).unwrap();
    let good: [u8; 64] = bytes(SIGNATURE);
    for bit in 0..512 {
        let mut bad = good;
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(!key.verifies(&[0x72], &bad), "bit {bit}");
    }
    // S + L is the same scalar in another spelling: malleable, so refused.
    let order: [u8; 32] = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut malleable = good;
    let mut carry = 0_u16;
    for at in 0..32 {
        let sum = u16::from(good[32 + at]) + u16::from(order[at]) + carry;
        malleable[32 + at] = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    assert!(!key.verifies(&[0x72], &malleable));
}

// spec: EVIDENCE-20
#[test]
fn points_of_small_order_are_no_keys() {
    let mut identity = [0; 32];
    identity[0] = 1;
    for point in [[0; 32], identity] {
        assert!(PublicKey::from_bytes(&point).is_err());
    }
}

// spec: EVIDENCE-21
#[test]
fn pem_forms_round_trip_and_debug_hides_the_secret() {
    let key = SigningKey::from_seed(&bytes(SEED));
    let secret = key.to_secret_pem();
    let public = key.public_key().to_pem();
    assert!(secret.starts_with("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI"));
    assert!(public.starts_with("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA"));
    assert_eq!(
        SigningKey::from_pem(&secret).unwrap().public_key(),
        key.public_key()
    );
    assert_eq!(PublicKey::from_pem(&public).unwrap(), key.public_key());
    assert!(SigningKey::from_pem(&public).is_err());
    assert!(PublicKey::from_pem(&secret).is_err());
    assert!(PublicKey::from_pem("").is_err());
    let shown = format!("{key:?}");
    assert!(
        !shown.contains("4ccd") && !shown.contains("TM0I") && !shown.contains("204"),
        "{shown}"
    );
    assert_eq!(key.public_key().id().to_string().len(), 71);
}

// spec: EVIDENCE-22
#[test]
fn a_keys_state_is_a_function_of_the_instant() {
    let entry = Entry {
        name: "ana-laptop".parse().unwrap(),
        identity: "ana@example.com".into(),
        public_key: SigningKey::from_seed(&[1; 32]).public_key(),
        kind: Kind::Human,
        roles: vec!["qa-lead".parse().unwrap()],
        valid_from: Some(instant("2026-01-01T00:00:00Z")),
        valid_until: Some(instant("2027-01-01T00:00:00Z")),
        revoked_at: Some(instant("2026-06-01T00:00:00Z")),
    };
    let state = |time: &str| entry.state(instant(time));
    let revoked = KeyState::Revoked {
        at: instant("2026-06-01T00:00:00Z"),
    };
    assert_eq!(
        state("2025-12-31T23:59:59Z"),
        KeyState::NotYetValid {
            from: instant("2026-01-01T00:00:00Z")
        }
    );
    assert_eq!(state("2026-01-01T00:00:00Z"), KeyState::Valid);
    assert_eq!(state("2026-05-31T23:59:59Z"), KeyState::Valid);
    assert_eq!(state("2026-06-01T00:00:00Z"), revoked);
    assert_eq!(state("2028-01-01T00:00:00Z"), revoked);
    let kept = Entry {
        revoked_at: None,
        ..entry
    };
    assert_eq!(kept.state(instant("2026-12-31T23:59:59Z")), KeyState::Valid);
    assert_eq!(
        kept.state(instant("2027-01-01T00:00:00Z")),
        KeyState::Expired {
            until: instant("2027-01-01T00:00:00Z")
        }
    );
}

fn key(name: &str, seed: u8) -> Value {
    let pem = SigningKey::from_seed(&[seed; 32]).public_key().to_pem();
    json!({ "name": name, "identity": format!("{name}@example.com"), "public_key_pem": pem, "kind": "human", "roles": [] })
}

/// Checks the codes and pointers of a keyring whose first key is changed at one field.
fn check(field: &str, value: Value, expected: &[&str]) {
    let mut first = key("ana", 1);
    first[field] = value;
    let file = json!({ "baton": "keyring/v1", "keys": [first, key("ben", 2)] });
    let problems = Keyring::parse(file.to_string().as_bytes())
        .err()
        .unwrap_or_default();
    let found: Vec<String> = problems
        .iter()
        .map(|problem| format!("{} {}", problem.code, problem.place.pointer))
        .collect();
    assert_eq!(found, expected, "{field}");
}

// spec: EVIDENCE-23
#[test]
fn keyrings_are_read_strictly() {
    let ben = key("ben", 2)["public_key_pem"].clone();
    check("valid_from", json!("2026-01-01T00:00:00Z"), &[]);
    check(
        "valid_from",
        json!("yesterday"),
        &["E0701 /keys/0/valid_from"],
    );
    check(
        "valid_form",
        json!("2026-01-01T00:00:00Z"),
        &["E0701 /keys/0/valid_form"],
    );
    check("name", json!("Ana"), &["E0701 /keys/0/name"]);
    check("identity", json!(""), &["E0701 /keys/0/identity"]);
    check("kind", json!("robot"), &["E0701 /keys/0/kind"]);
    check(
        "roles",
        json!(["qa-lead", "QA Lead", 1]),
        &["E0701 /keys/0/roles/1", "E0701 /keys/0/roles/2"],
    );
    check(
        "public_key_pem",
        json!("none"),
        &["E0703 /keys/0/public_key_pem"],
    );
    check("public_key_pem", ben, &["E0704 /keys/1/public_key_pem"]);
    check(
        "identity",
        json!("аna@example.com"),
        &["E0706 /keys/0/identity"],
    );
    check(
        "identity",
        json!("an\u{200b}a@example.com"),
        &["E0706 /keys/0/identity"],
    );
    check(
        "identity",
        json!("Ben@example.com"),
        &["E0706 /keys/1/identity"],
    );
    check(
        "identity",
        json!("ben@examp1e.com"),
        &["E0706 /keys/1/identity"],
    );
    check("identity", json!("ben@example.com"), &[]);
    check("name", json!("ben"), &[]);
    check(
        "roles",
        json!(["qa-lead", "qa-1ead"]),
        &["E0706 /keys/0/roles/1"],
    );
}

// spec: EVIDENCE-23
#[test]
fn all_problems_of_a_keyring_are_reported_at_once() {
    let mut bad = key("ana", 1);
    bad["valid_from"] = json!("2026-01-01T00:00:00Z");
    bad["valid_until"] = json!("2026-01-01T00:00:00Z");
    bad["kind"] = json!(7);
    let file = json!({ "baton": "keyring/v2", "keys": [bad, []], "note": "x" });
    let problems = Keyring::parse(file.to_string().as_bytes()).unwrap_err();
    let found: Vec<_> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(
        found,
        [
            codes::KEYRING_SHAPE,
            codes::KEYRING_VERSION,
            codes::KEYRING_SHAPE,
            codes::EMPTY_VALIDITY,
            codes::KEYRING_SHAPE
        ]
    );
}

// spec: EVIDENCE-23
#[test]
fn keyrings_round_trip_and_are_found_by_id() {
    let file = json!({ "baton": "keyring/v1", "keys": [key("ana", 1), key("ben", 2)] });
    let ring = Keyring::parse(file.to_string().as_bytes()).unwrap();
    assert_eq!(Keyring::parse(&ring.to_bytes()).as_ref(), Ok(&ring));
    let ana = SigningKey::from_seed(&[1; 32]).public_key().id();
    assert_eq!(ring.get(ana).unwrap().name.as_str(), "ana");
    assert!(
        ring.get(SigningKey::from_seed(&[3; 32]).public_key().id())
            .is_none()
    );
}
