//! The evidence index: every state an artifact can be in, and why.
#![expect(
    clippy::unwrap_used,
    reason = "a failed precondition of a test is a failed test"
)]
#![expect(
    clippy::panic,
    reason = "a failed precondition of a test is a failed test"
)]
#![expect(clippy::indexing_slicing, reason = "documents here have a known form")]

mod common;

use std::collections::BTreeMap;

use baton_evidence::attestation::{self, SVR, Statement, Subject, TEST_RESULT};
use baton_evidence::keys::{Entry, Keyring, Kind, SigningKey};
use baton_scoring::evidence::{Artifact, Available, EvidenceIndex, Item, State};
use baton_scoring::facts::Context;
use baton_scoring::package::Package;
use baton_terms::{Digest, Instant};
use serde_json::{Value, json};

/// A situation with one artifact `doc`, sound until a test changes it.
struct World {
    requirement: Value,
    declared: Option<Value>,
    artifact: Option<Artifact>,
    keys: Vec<Entry>,
    payload: Value,
}

const CONTENT: &[u8] = b"content";

fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

fn declared(bytes: &[u8]) -> Value {
    json!({
        "id": "doc", "media_type": "text/plain", "digest": Digest::of(bytes).to_string(),
        "created_at": "2026-11-19T09:00:00Z",
    })
}

fn world() -> World {
    World {
        requirement: json!({
            "id": "doc", "title": "Document", "media_types": ["text/plain"], "required": true,
        }),
        declared: Some(declared(CONTENT)),
        artifact: Some(Artifact::Bytes(CONTENT.to_vec())),
        keys: vec![entry(&key())],
        payload: json!({"n": 1, "flag": false, "list": []}),
    }
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

fn entry(key: &SigningKey) -> Entry {
    Entry {
        name: "ci".parse().unwrap(),
        identity: "ci@example.org".to_owned(),
        public_key: key.public_key(),
        kind: Kind::Service,
        roles: Vec::new(),
        valid_from: None,
        valid_until: None,
        revoked_at: None,
    }
}

impl World {
    fn set(mut self, key: &str, value: Value) -> Self {
        self.requirement[key] = value;
        self
    }

    fn package(&self) -> Package {
        let mut document = common::package(&self.payload);
        document["evidence"] = self.declared.iter().cloned().collect();
        Package::read(document).unwrap()
    }

    /// Makes the artifact an attestation with these subjects and predicate.
    fn attest(mut self, subjects: &[Digest], (kind, predicate): (&str, &Value)) -> Self {
        let statement = Statement {
            subjects: subjects
                .iter()
                .map(|digest| Subject::new("subject", *digest))
                .collect(),
            predicate_type: kind.to_owned(),
            predicate: predicate.as_object().unwrap().clone(),
        };
        let envelope = attestation::sign(&statement, &key());
        self.declared = Some(declared(&envelope));
        self.artifact = Some(Artifact::Bytes(envelope));
        self
    }

    fn index(&self) -> EvidenceIndex {
        let mut contract = common::contract(&json!([]));
        contract["inputs"]["evidence"] = json!([self.requirement]);
        let contract = common::compile(&contract.to_string());
        let artifacts = self
            .artifact
            .clone()
            .map(|artifact| ("doc".to_owned(), artifact));
        let artifacts: BTreeMap<_, _> = artifacts.into_iter().collect();
        let context = Context::at(instant(common::AS_OF));
        let keyring = Keyring::new(self.keys.clone());
        let available = Available {
            artifacts: &artifacts,
            keyring: &keyring,
            as_of: context.as_of,
        };
        contract.evidence_index(&self.package(), &context, &available)
    }

    fn doc(&self) -> Item {
        self.index().get("doc").unwrap().clone()
    }
}

#[track_caller]
fn check(world: &World, state: State, reason: &str) -> Item {
    let item = world.doc();
    assert_eq!(item.state, state, "{}", item.reason);
    assert!(item.reason.contains(reason), "{}", item.reason);
    item
}

// spec: PACKAGE-30
// spec: PACKAGE-31
#[test]
fn what_is_not_there_depends_on_what_is_asked() {
    let none = || World {
        declared: None,
        artifact: None,
        ..world()
    };
    check(&none(), State::Missing, "does not declare");
    check(
        &none().set("required", json!(false)),
        State::NotRequired,
        "",
    );
    let when = |when: &str| {
        let mut world = none();
        world
            .requirement
            .as_object_mut()
            .unwrap()
            .remove("required");
        world.set("when", json!(when))
    };
    check(&when("package.n > 0"), State::Missing, "");
    check(&when("package.n > 5"), State::NotRequired, "");
    check(
        &when("10 / (package.n - 1) > 5"),
        State::Unverifiable,
        "can't be evaluated",
    );
}

// spec: PACKAGE-32
#[test]
fn bytes_and_media_types_must_be_those_declared() {
    let item = check(&world(), State::Present, "");
    assert_eq!(item.age_seconds, Some(86_400));
    let with = |artifact| World {
        artifact,
        ..world()
    };
    check(&with(None), State::Unverifiable, "not given");
    let unreadable = Artifact::Unreadable("the file is not there".to_owned());
    check(
        &with(Some(unreadable)),
        State::Unverifiable,
        "the file is not there",
    );
    let other = Artifact::Bytes(b"other".to_vec());
    check(
        &with(Some(other)),
        State::Mismatched,
        "its bytes have the digest",
    );
    check(
        &with(Some(Artifact::Digest(Digest::of(CONTENT)))),
        State::Present,
        "",
    );
    check(
        &with(Some(Artifact::Digest(Digest::of(b"x")))),
        State::Mismatched,
        "digest",
    );
    check(
        &world().set("media_types", json!(["text/html"])),
        State::Mismatched,
        "not accepted",
    );
}

// spec: PACKAGE-36
#[test]
fn age_is_bounded_and_never_negative() {
    check(&world().set("max_age", json!("1d")), State::Present, "");
    check(
        &world().set("max_age", json!("86399s")),
        State::Stale,
        "24 hours old",
    );
    let mut future = world();
    future.declared.as_mut().unwrap()["created_at"] = json!("2026-11-20T09:00:01Z");
    check(&future, State::Unverifiable, "after the time of the check");
}

fn test_result(outcome: &str) -> Value {
    json!({"result": outcome, "configuration": [], "passedTests": [], "failedTests": []})
}

fn attested() -> World {
    world().set("predicate_types", json!([TEST_RESULT]))
}

// spec: PACKAGE-33
// spec: PACKAGE-35
#[test]
fn a_failed_test_result_is_present_and_says_so() {
    let payload = world().package().payload_digest();
    for (outcome, result) in [
        ("PASSED", "passed"),
        ("WARNED", "warned"),
        ("FAILED", "failed"),
    ] {
        let item = check(
            &attested().attest(&[payload], (TEST_RESULT, &test_result(outcome))),
            State::Present,
            "",
        );
        assert_eq!(item.result.as_deref(), Some(result));
        assert_eq!(item.signer.as_deref(), Some("ci@example.org"));
        assert_eq!(item.predicate_type.as_deref(), Some(TEST_RESULT));
    }
}

// spec: PACKAGE-34
#[test]
fn an_attestation_about_an_artifact_that_was_not_looked_at_says_nothing() {
    // A test result of other work, signed by a trusted key, and that work declared beside it.
    let work = b"other work".to_vec();
    let world = attested().attest(&[Digest::of(&work)], (TEST_RESULT, &test_result("PASSED")));
    let check = |asked_id: &str, beside: Option<Artifact>| {
        let mut form = common::contract(&json!([]));
        form["inputs"]["evidence"] = json!([world.requirement, {
            "id": asked_id, "title": "Build", "media_types": ["text/plain"], "required": false,
        }]);
        let compiled = common::compile(&form.to_string());
        let mut build = declared(&work);
        build["id"] = json!("build");
        let mut document = common::package(&world.payload);
        document["evidence"] = json!([world.declared, build]);
        let package = Package::read(document).unwrap();
        let doc = world
            .artifact
            .clone()
            .map(|artifact| ("doc".to_owned(), artifact));
        let build = beside.map(|artifact| ("build".to_owned(), artifact));
        let artifacts: BTreeMap<_, _> = doc.into_iter().chain(build).collect();
        let context = Context::at(instant(common::AS_OF));
        let keyring = Keyring::new(world.keys.clone());
        let available = Available {
            artifacts: &artifacts,
            keyring: &keyring,
            as_of: context.as_of,
        };
        let index = compiled.evidence_index(&package, &context, &available);
        index.get("doc").unwrap().state
    };
    let bytes = || Some(Artifact::Bytes(work.clone()));
    assert_eq!(check("build", bytes()), State::Present);
    assert_eq!(check("build", None), State::Mismatched);
    let changed = Some(Artifact::Bytes(b"changed".to_vec()));
    assert_eq!(check("build", changed), State::Mismatched);
    // The contract does not know it: any digest could be declared.
    assert_eq!(check("another", bytes()), State::Mismatched);
}

// spec: PACKAGE-33
#[test]
fn a_signer_that_names_nobody_is_nobody() {
    for signer in [
        json!({}),
        json!({"key": "*"}),
        json!({"key": "ci@example.org"}),
    ] {
        let payload = world().package().payload_digest();
        let world = attested().attest(&[payload], (TEST_RESULT, &test_result("PASSED")));
        let world = world.set("signer", signer);
        check(&world, State::Unverifiable, "may not sign");
    }
}

// spec: PACKAGE-34
#[test]
fn a_statement_about_something_else_is_mismatched() {
    let other = Digest::of(b"another build");
    check(
        &attested().attest(&[other], (TEST_RESULT, &test_result("PASSED"))),
        State::Mismatched,
        "something else",
    );
    let payload = world().package().payload_digest();
    let both = attested().attest(&[other, payload], (TEST_RESULT, &test_result("PASSED")));
    check(&both, State::Present, "");
}

// spec: PACKAGE-33
// spec: PACKAGE-37
#[test]
fn signatures_must_hold_at_the_time_of_the_check() {
    let payload = world().package().payload_digest();
    let sound = || attested().attest(&[payload], (TEST_RESULT, &test_result("PASSED")));
    let at = |text: &str| Some(instant(text));
    let with = |change: fn(&mut Entry, Option<Instant>), time: &str| {
        let mut world = sound();
        change(&mut world.keys[0], at(time));
        world
    };
    let revoked = with(|key, time| key.revoked_at = time, "2026-11-01T00:00:00Z");
    check(&revoked, State::Unverifiable, "E0723");
    let expired = with(|key, time| key.valid_until = time, "2026-11-01T00:00:00Z");
    check(&expired, State::Unverifiable, "E0724");
    let early = with(|key, time| key.valid_from = time, "2026-12-01T00:00:00Z");
    check(&early, State::Unverifiable, "E0725");
    check(
        &World {
            keys: Vec::new(),
            ..sound()
        },
        State::Unverifiable,
        "E0721",
    );
    check(&attested(), State::Unverifiable, "");
    let other_type = sound().set("predicate_types", json!([SVR]));
    check(&other_type, State::Unverifiable, "predicate type");
    check(
        &sound().set("signer", json!({"identity": "*@example.org"})),
        State::Present,
        "",
    );
    let stranger = sound().set("signer", json!({"identity": "*@example.com"}));
    check(&stranger, State::Unverifiable, "");
    let id = key().public_key().id().to_string();
    check(
        &sound().set("signer", json!({"key": id})),
        State::Present,
        "",
    );
    let both = json!({"key": id, "identity": "*@example.com"});
    check(
        &sound().set("signer", both),
        State::Unverifiable,
        "no signer has an identity",
    );
    let only_digest = World {
        artifact: sound().artifact.map(digest_only),
        ..sound()
    };
    check(&only_digest, State::Unverifiable, "bytes are needed");
}

fn digest_only(artifact: Artifact) -> Artifact {
    match artifact {
        Artifact::Bytes(bytes) => Artifact::Digest(Digest::of(&bytes)),
        other => other,
    }
}

// spec: PACKAGE-36
#[test]
fn a_signed_time_beats_the_declared_one() {
    let payload = world().package().payload_digest();
    let svr = |time: &str| {
        let predicate = json!({
            "verifier": {"id": "https://example.org/verifier"}, "timeCreated": time,
            "properties": ["SCANNED"],
        });
        let demanded = world()
            .set("predicate_types", json!([SVR]))
            .set("max_age", json!("7d"));
        demanded.attest(&[payload], (SVR, &predicate))
    };
    let item = check(&svr("2026-11-18T09:00:00Z"), State::Present, "");
    assert_eq!(item.properties, ["SCANNED"]);
    assert_eq!(item.age_seconds, Some(172_800));
    check(&svr("2026-11-01T09:00:00Z"), State::Stale, "19 days");
    check(
        &svr("2026-11-21T09:00:00Z"),
        State::Unverifiable,
        "after the time of the check",
    );
}

// spec: PACKAGE-36
#[test]
fn what_is_signed_without_its_time_has_no_age() {
    let payload = world().package().payload_digest();
    let signed = |predicate: Value, max_age: Option<&str>| {
        let demanded = world().set("predicate_types", json!([TEST_RESULT]));
        let demanded = match max_age {
            Some(max_age) => demanded.set("max_age", json!(max_age)),
            None => demanded,
        };
        demanded.attest(&[payload], (TEST_RESULT, &predicate))
    };
    // The sender declares an hour of yesterday, and nobody signed that.
    let undated = signed(test_result("PASSED"), Some("7d"));
    check(
        &undated,
        State::Unverifiable,
        "does not say when it was made",
    );
    let item = check(&signed(test_result("PASSED"), None), State::Present, "");
    assert_eq!((item.created_at, item.age_seconds), (None, None));
    let dated = |key: &str, time: &str| {
        let mut predicate = test_result("PASSED");
        predicate[key] = json!(time);
        predicate
    };
    for key in ["finishedOn", "timeCreated", "timestamp"] {
        let new = signed(dated(key, "2026-11-18T09:00:00Z"), Some("7d"));
        assert_eq!(check(&new, State::Present, "").age_seconds, Some(172_800));
        let old = signed(dated(key, "2026-11-01T09:00:00Z"), Some("7d"));
        check(&old, State::Stale, "19 days");
        let unreadable = signed(dated(key, "yesterday"), Some("7d"));
        check(&unreadable, State::Unverifiable, "E07");
    }
    // Of two times the earlier one counts.
    let mut two = dated("timestamp", "2026-11-01T09:00:00Z");
    two["finishedOn"] = json!("2026-11-19T09:00:00Z");
    check(&signed(two, Some("7d")), State::Stale, "19 days");
}

// spec: PACKAGE-38
#[test]
fn an_index_names_the_keys_it_was_made_with() {
    let with = world().index();
    let keyring = Keyring::new(world().keys);
    assert_eq!(with.keyring(), Some(Digest::of(&keyring.to_bytes())));
    assert_eq!(EvidenceIndex::read(&with.to_value()), Ok(with.clone()));
    let document = baton_evidence::canonical::digest(&with.to_value());
    assert_eq!(with.digest(), document);
    let keyless = World {
        keys: Vec::new(),
        ..world()
    };
    assert_eq!(keyless.index().keyring(), None);
    assert_ne!(keyless.index().digest(), with.digest());
    assert_eq!(keyless.index().items(), with.items());
}

// spec: PACKAGE-30
#[test]
fn an_index_is_recorded_and_read_back() {
    let index = world().index();
    assert_eq!(EvidenceIndex::read(&index.to_value()), Ok(index.clone()));
    let mut twice = index.to_value();
    let first = twice["items"][0].clone();
    twice["items"].as_array_mut().unwrap().push(first);
    assert!(EvidenceIndex::read(&twice).is_err());
    assert!(EvidenceIndex::read(&json!({"baton": "evidence-index/v2", "items": []})).is_err());
}
