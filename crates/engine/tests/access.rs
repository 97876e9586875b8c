//! Tokens over their whole life, on the store in memory.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use baton_mission::authority::{ActorKind, Scope};
use baton_terms::Instant;
use baton_testkit::store::MemoryStore;

use baton_engine::access::{
    AccessFailure, Grant, Issued, Issuing, create_token, credential_of, list_tokens, revoke_token,
};
use baton_engine::port::{Ledger as _, StoreError, StreamId};

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn now() -> Instant {
    at("2026-11-20T09:00:00Z")
}

fn grant(kind: ActorKind, behind: &[&str]) -> Grant {
    Grant {
        principal: "ada@example.org".parse().unwrap(),
        kind,
        on_behalf_of: behind.iter().map(|name| name.parse().unwrap()).collect(),
        team: "payments".parse().unwrap(),
        roles: ["release-manager".parse().unwrap()].into(),
        scopes: [Scope::Read, Scope::Submit].into(),
    }
}

fn issue(
    store: &MemoryStore,
    grant: Grant,
    expires: &str,
    seed: u8,
) -> Result<Issued, AccessFailure> {
    let issuing = Issuing {
        grant,
        expires: at(expires),
        by: None,
        now: now(),
    };
    create_token(store, issuing, &[seed; 40])
}

#[test]
fn a_store_that_fails_is_told_as_one() {
    let failure = AccessFailure::from(StoreError::Full);
    assert_eq!(failure.to_diagnostic().code.to_string(), "E1344");
}

#[test]
fn a_token_says_who_acts_until_it_expires_or_is_revoked() {
    let store = MemoryStore::new();
    let issued = issue(
        &store,
        grant(ActorKind::Person, &[]),
        "2026-12-20T09:00:00Z",
        1,
    )
    .unwrap();
    let text = issued.text.reveal();
    let credential = credential_of(&store, &text, now()).unwrap();
    assert_eq!(credential.actor, issued.token.grant.actor());
    let late = credential_of(&store, &text, at("2026-12-20T09:00:00Z")).unwrap_err();
    assert!(matches!(late, AccessFailure::Expired { .. }), "{late}");
    let id = issued.text.id();
    let unknown = issue(
        &MemoryStore::new(),
        grant(ActorKind::Person, &[]),
        "2026-12-20T09:00:00Z",
        2,
    )
    .unwrap();
    let missing = revoke_token(&store, unknown.text.id(), None, now()).unwrap_err();
    assert_eq!(missing.to_diagnostic().code.to_string(), "E1342");
    let revoked = revoke_token(&store, id, None, at("2026-11-19T00:00:00Z")).unwrap();
    // The clock went back: the record does not.
    assert_eq!(revoked.revoked, Some(now()));
    assert_eq!(revoke_token(&store, id, None, now()).unwrap(), revoked);
    let after = credential_of(&store, &text, now()).unwrap_err();
    assert!(matches!(after, AccessFailure::Revoked { .. }), "{after}");
    assert_eq!(list_tokens(&store, None).unwrap(), [revoked]);
    assert_eq!(list_tokens(&store, Some(id)).unwrap(), []);
}

#[test]
fn only_the_whole_secret_opens_and_the_store_does_not_hold_it() {
    let store = MemoryStore::new();
    let issued = issue(
        &store,
        grant(ActorKind::Person, &[]),
        "2026-12-20T09:00:00Z",
        7,
    )
    .unwrap();
    let text = issued.text.reveal();
    let (head, last) = text.split_at(text.len() - 1);
    let other = format!("{head}{}", if last == "0" { "1" } else { "0" });
    let unknown = "baton_0000000000000000_".to_owned() + &"0".repeat(64);
    for wrong in [other, unknown] {
        let refused = credential_of(&store, &wrong, now()).unwrap_err();
        assert_eq!(refused, AccessFailure::Unknown);
    }
    let refused = credential_of(&store, "ada@example.org", now()).unwrap_err();
    assert!(matches!(refused, AccessFailure::NotAToken(_)));
    let stream = StreamId::new(format!("token/{}", issued.text.id())).unwrap();
    let lines = store.lines(&stream, 0, 10).unwrap();
    let secret = text.rsplit('_').next().unwrap();
    for line in lines {
        assert!(!String::from_utf8(line.bytes).unwrap().contains(secret));
    }
}

#[test]
fn a_token_that_could_not_be_used_is_not_made() {
    let store = MemoryStore::new();
    let whole = "2026-12-20T09:00:00Z";
    let mut useless = grant(ActorKind::Person, &[]);
    useless.scopes.clear();
    for (grant, expires) in [
        (useless, whole),
        (grant(ActorKind::Engine, &[]), whole),
        (grant(ActorKind::Agent, &[]), whole),
        (grant(ActorKind::Agent, &["Ada@example.org"]), whole),
        (grant(ActorKind::Agent, &["b", "c", "b"]), whole),
        (grant(ActorKind::Agent, &["b", "c", "d", "e"]), whole),
        (grant(ActorKind::Person, &[]), "2026-11-20T09:00:00Z"),
        (grant(ActorKind::Person, &[]), "2027-12-20T09:00:00Z"),
    ] {
        let refused = issue(&store, grant.clone(), expires, 3).unwrap_err();
        assert!(matches!(refused, AccessFailure::Unsound(_)), "{grant:?}");
    }
    assert_eq!(list_tokens(&store, None).unwrap(), []);
    issue(&store, grant(ActorKind::Agent, &["b", "c", "d"]), whole, 3).unwrap();
}

#[test]
fn a_token_gives_no_stronger_one() {
    let store = MemoryStore::new();
    let mut actor = grant(ActorKind::Person, &[]).actor();
    let mut issuing = Issuing {
        grant: grant(ActorKind::Person, &[]),
        expires: at("2026-12-20T09:00:00Z"),
        by: Some(&actor),
        now: now(),
    };
    let refused = create_token(&store, issuing.clone(), &[1; 40]).unwrap_err();
    assert!(matches!(refused, AccessFailure::NotAnAdministrator { .. }));
    issuing.by = None;
    let issued = create_token(&store, issuing, &[1; 40]).unwrap();
    let id = issued.text.id();
    let refused = revoke_token(&store, id, Some(&actor), now()).unwrap_err();
    assert!(matches!(refused, AccessFailure::NotAnAdministrator { .. }));
    actor.scopes.insert(Scope::Admin);
    let revoked = revoke_token(&store, id, Some(&actor), now()).unwrap();
    assert!(revoked.revoked.is_some());
}
