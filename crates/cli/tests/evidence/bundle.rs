//! `baton bundle`: one file, an empty folder, and nothing else.

use std::fs;

use crate::world::{AS_OF, Answer, LATER, World, baton_in};

/// Verifies bytes in a folder with nothing else in it but a keyring, when one is given.
fn verify(bytes: &[u8], keyring: Option<&[u8]>, more: &[&str]) -> Answer {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("it"), bytes).unwrap();
    let mut arguments = vec!["bundle", "verify", "it", "--as-of", LATER];
    if let Some(keyring) = keyring {
        fs::write(folder.path().join("keyring"), keyring).unwrap();
        arguments.extend(["--keyring", "keyring"]);
    }
    arguments.extend(more);
    baton_in(folder.path(), &arguments)
}

/// Returns a world with a trace and its bundle in both forms, with both attestations.
fn exported() -> World {
    let world = World::with_trace();
    let attest = [
        "--as-of",
        AS_OF,
        "--attest",
        "a.dsse",
        "--attest-svr",
        "svr.dsse",
    ];
    world.check(&attest).says(0, &[]);
    let attestations = ["--attestation", "a.dsse", "--attestation", "svr.dsse"];
    let answer = world.export("bundle.json", &attestations);
    answer.says(0, &["entries 2", "attestations 2", "public keys 1"]);
    world
        .export("page.html", &[&attestations[..], &["--html"]].concat())
        .says(0, &[]);
    world
}

// spec: EVIDENCE-70
// spec: EVIDENCE-75
#[test]
fn a_bundle_and_its_page_verify_with_nothing_else_at_hand() {
    let world = exported();
    let keyring = world.read("keyring.json");
    for (name, kind) in [
        ("bundle.json", "bundle it"),
        ("page.html", "bundle page it"),
    ] {
        let bytes = world.read(name);
        let answer = verify(&bytes, Some(&keyring), &["--replay"]);
        answer.says(
            0,
            &[
                "VERIFIED —",
                kind,
                "2 of 2 entries",
                "2 of 2 attestations",
                "2 of 2 identical",
            ],
        );
        let unreplayed = verify(&bytes, Some(&keyring), &[]);
        unreplayed.says(0, &["--replay evaluates them again"]);
    }
}

// spec: EVIDENCE-71
#[test]
fn without_a_keyring_nobody_is_trusted() {
    let world = exported();
    for name in ["bundle.json", "page.html"] {
        let bytes = world.read(name);
        let answer = verify(&bytes, None, &[]);
        let id = crate::world::key(7).public_key().id().to_string();
        answer.says(
            20,
            &[
                "CONSISTENT, BUT SIGNER NOT TRUSTED",
                "E0780",
                "ana@example.org",
                &id,
                "by another",
            ],
        );
        let json = verify(&bytes, None, &["--format", "json"]).json();
        assert_eq!(json["verdict"], "untrusted");
        assert_eq!(json["is_pass"], false);
        assert_eq!(json["sealed"], 0);
        assert_eq!(json["keys"][0]["key_id"], id);
        let other = verify(&bytes, Some(&world.read("other-keyring.json")), &[]);
        other.says(20, &["CONSISTENT, BUT SIGNER NOT TRUSTED", "E0750"]);
    }
}

// spec: EVIDENCE-72
#[test]
fn a_changed_bundle_is_refused() {
    let world = exported();
    let keyring = world.read("keyring.json");
    let text = String::from_utf8(world.read("bundle.json")).unwrap();
    let check = |name: &str, changed: &str, part: &str| {
        assert_ne!(changed, text, "{name} changes nothing");
        let answer = verify(changed.as_bytes(), Some(&keyring), &[]);
        answer.says(20, &["REFUSED", part]);
    };
    check(
        "an entry",
        &text.replacen("\"ready\"", "\"review\"", 1),
        "E0741",
    );
    check(
        "a claim",
        &text.replacen("\"entries\":2", "\"entries\":3", 1),
        "E0773",
    );
    check("the form", &text.replacen("{\"", "{ \"", 1), "E0771");
    check("the end", text.trim_end_matches('}'), "E0770");
    let page = String::from_utf8(world.read("page.html")).unwrap();
    let changed = page.replacen("\"ready\"", "\"review\"", 1);
    verify(changed.as_bytes(), Some(&keyring), &[]).says(20, &["REFUSED", "E0741"]);
    let around = page.replacen("Baton bundle", "Baton  bundle", 1);
    let answer = verify(around.as_bytes(), Some(&keyring), &[]);
    answer.says(20, &["VERIFIED IN PART", "E0779"]);
}

#[test]
fn a_broken_trace_is_not_exported() {
    let world = World::with_trace();
    let text = String::from_utf8(world.read("trace/entries.jsonl")).unwrap();
    let changed = text.replacen("\"ready\"", "\"review\"", 1);
    world.write("trace/entries.jsonl", changed.as_bytes());
    world
        .export("bundle.json", &[])
        .says(20, &["REFUSED", "E0741"]);
    assert!(!world.path("bundle.json").exists());
    world.write("trace/entries.jsonl", b"not an entry\n");
    world.export("bundle.json", &[]).says(1, &["E0915"]);
    fs::remove_file(world.path("trace/checkpoint")).unwrap();
    world.export("bundle.json", &[]).says(1, &["E0910"]);
}

#[test]
fn only_those_who_signed_travel_in_a_bundle() {
    let world = World::with_trace();
    world
        .export("bundle.json", &["--keyring", "other-keyring.json"])
        .says(2, &[]);
    let export = [
        "bundle",
        "export",
        "trace",
        "--out",
        "b",
        "--keyring",
        "other-keyring.json",
    ];
    world
        .baton(&export)
        .says(0, &["public keys 0", "no public key travels"]);
}
